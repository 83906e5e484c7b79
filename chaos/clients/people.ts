/** Who takes part: people with their accounts, and what everybody may know (room ids, who may be sanctioned). */
import md5 from 'md5';
import type { Random } from '../random';

/** Of every twelve people, by index: three are hosts, three may be sanctioned by operators, two sign in by code. */
const HOSTS: readonly number[] = [0, 1, 2];
const SANCTIONED: readonly number[] = [2, 5, 8];
const BY_CODE: readonly number[] = [4, 9];

export class Person {
  readonly tenant: string;
  readonly address: string;
  readonly isHost: boolean;
  /** Operators ban, kick and mute only these, so that nothing keeps the others from what they do. */
  readonly isSanctioned: boolean;
  readonly byCode: boolean;
  readonly #index: number;
  readonly #run: string;
  #generation = 0;
  /** '' until a sign-in said it. */
  userId = '';
  registered = false;

  constructor(index: number, tenant: string, run: string) {
    const place = index % 12;
    this.#index = index;
    this.#run = run;
    this.tenant = tenant;
    this.address = `10.${20 + (index >> 8)}.${index & 255}.7`;
    this.isHost = HOSTS.includes(place);
    this.isSanctioned = SANCTIONED.includes(place);
    this.byCode = BY_CODE.includes(place);
  }

  /** User name, or phone number: what the account is found by. */
  get username(): string {
    const number = this.#generation * 10_000 + this.#index;
    return this.byCode ? `+86139${String(number).padStart(8, '0')}` : `${this.#run}-${number}`;
  }

  /** The account's name in the history. */
  get key(): string {
    return `${this.tenant}/${this.username}`;
  }

  get salt(): string {
    return md5(`${this.username}-password`);
  }

  /** The account has been deleted: the next one has another name. */
  renew(): void {
    this.#generation += 1;
    this.userId = '';
    this.registered = false;
  }
}

/** Rooms under ids that belong to no user: whoever comes first as anchor owns them. */
const FREE_ROOMS = 4;

export class Crowd {
  readonly people: readonly Person[];
  readonly #run: string;

  constructor(size: number, tenants: readonly string[], run: string) {
    this.#run = run;
    // One in four is in the second tenant.
    const tenantOf = (index: number) => tenants[Math.floor(index / 12) % 4 === 3 ? 1 : 0] ?? '';
    this.people = Array.from({ length: size }, (_, index) => new Person(index, tenantOf(index), run));
  }

  #known(tenant: string, wanted: (person: Person) => boolean): Person[] {
    return this.people.filter((person) => person.tenant === tenant && person.userId !== '' && wanted(person));
  }

  freeRoom(random: Random, tenant: string): string {
    return `free-${this.#run}${tenant}-${random.between(1, FREE_ROOMS)}`;
  }

  /** A room id of the tenant; undefined while no host has signed in. */
  someRoom(random: Random, tenant: string): string | undefined {
    const hosts = this.#known(tenant, ({ isHost }) => isHost);
    if (hosts.length === 0) return undefined;
    return random.chance(0.1) ? this.freeRoom(random, tenant) : random.pick(hosts).userId;
  }

  someTarget(random: Random, tenant: string): Person | undefined {
    const targets = this.#known(tenant, ({ isSanctioned }) => isSanctioned);
    return targets.length === 0 ? undefined : random.pick(targets);
  }

  someHostRoom(random: Random, tenant: string): string | undefined {
    const hosts = this.#known(tenant, ({ isHost }) => isHost);
    return hosts.length === 0 ? undefined : random.pick(hosts).userId;
  }
}
