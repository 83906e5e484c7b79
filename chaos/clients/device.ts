/** One device of a person: signs in as the apps do and then does one thing after the other, with a short rest between two. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../../testkit/people';
import type { Asked } from '../caller';
import type { Params } from '../history';
import type { Random } from '../random';
import type { World } from '../world/world';
import type { Crowd, Person } from './people';

const REST_MS = { from: 60, to: 500 };
/** After a call without an answer, as apps that try again do. */
const LONG_REST_MS = { from: 300, to: 1_500 };
/** The line with a code and the answer come over different pipes. */
const CODE_WITHIN_MS = 1_000;

const COMMON = {
  keepalive: 10,
  enter: 22,
  leave: 14,
  rename: 8,
  readProfile: 8,
  readRoom: 6,
  readMembers: 4,
  list: 3,
  refresh: 3,
  generate: 2,
  openFree: 2,
  signOut: 3,
  remove: 0.6,
} as const;
const OF_HOSTS = { ...COMMON, goLive: 22, end: 8, retitle: 8, enter: 6, leave: 4, remove: 0.3 } as const;
type Action = keyof typeof OF_HOSTS;

export interface DeviceOptions {
  world: World;
  crowd: Crowd;
  person: Person;
  random: Random;
}

export class Device {
  readonly #world: World;
  readonly #crowd: Crowd;
  readonly #person: Person;
  readonly #random: Random;
  #session: { label: string; token: string; key: string } | undefined;
  #room: string | undefined;
  #isUnanswered = false;
  /** The account that a step is about. */
  #key = '';

  constructor({ world, crowd, person, random }: DeviceOptions) {
    this.#world = world;
    this.#crowd = crowd;
    this.#person = person;
    this.#random = random;
  }

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      this.#isUnanswered = false;
      await this.#step();
      const { from, to } = this.#isUnanswered ? LONG_REST_MS : REST_MS;
      await sleep(this.#random.between(from, to));
    }
  }

  async #ask(name: string, params: Params, secrets: Params = {}): Promise<Asked> {
    const { tenant, address } = this.#person;
    const service = this.#random.between(0, this.#world.services.length - 1);
    // The other device may delete the account meanwhile; the call is that of the one it began with.
    const by = this.#session?.key ?? this.#key;
    const ask = { by, tenant, name, params, secrets, session: this.#session?.label ?? '', address };
    const asked = await this.#world.caller.ask(service, ask);
    if (asked.call.code === -1) this.#isUnanswered = true;
    return asked;
  }

  /** A call with the session; one that is refused as 203 or 204 has none any more. */
  async #call(name: string, params: Params = {}): Promise<Asked> {
    const { token = '', label } = this.#session ?? {};
    const asked = await this.#ask(name, params, { userId: this.#person.userId, token });
    const ended = asked.call.code === 203 || asked.call.code === 204;
    if (ended && this.#session?.label === label) this.#session = undefined;
    return asked;
  }

  async #step(): Promise<void> {
    this.#key = this.#person.key;
    // The other device of this person may have deleted the account.
    if (this.#session?.key !== this.#key) this.#session = undefined;
    if (this.#session)
      await this.#act(
        this.#random.weighted<Action>(this.#person.isHost ? OF_HOSTS : { ...COMMON, goLive: 0, end: 0, retitle: 0 }),
      );
    else if (this.#person.byCode) await this.#signInByCode();
    else if (this.#person.registered) await this.#signIn();
    else await this.#signUp();
  }

  get #tenantParameter(): Params {
    return this.#person.tenant === '' ? {} : { apaasAppId: this.#person.tenant };
  }

  async #signUp(): Promise<void> {
    const { username, salt } = this.#person;
    const { call } = await this.#ask('oauth/register', { username, ...this.#tenantParameter }, { salt });
    if (call.outcome === 'done' && this.#person.username === username) this.#person.registered = true;
  }

  async #signIn(): Promise<void> {
    const { username, salt, key } = this.#person;
    const signature = sign({ username, secret: salt });
    this.#signedIn(key, await this.#ask('oauth/signature', { username, ...this.#tenantParameter }, { signature }));
  }

  async #signInByCode(): Promise<void> {
    const { username: phone, key } = this.#person;
    const name = { phone, ...this.#tenantParameter };
    const sent = await this.#ask('auth_users/user_verify_by_picture', name);
    if (sent.call.outcome !== 'done') return;
    const deadline = performance.now() + CODE_WITHIN_MS;
    while (!this.#world.codes.has(phone) && performance.now() < deadline) await sleep(20);
    const secrets = { sessionId: String(sent.data['sessionId']), code: this.#world.codes.get(phone) ?? '000000' };
    this.#signedIn(key, await this.#ask('auth_users/user_login_code', name, secrets));
  }

  #signedIn(key: string, { call, data }: Asked): void {
    if (call.outcome !== 'done' || this.#person.key !== key) return;
    this.#session = { label: `s${call.id}`, token: String(data['token']), key };
    this.#person.userId = String(data['userId']);
  }

  async #act(action: Action): Promise<void> {
    switch (action) {
      case 'keepalive':
        return void (await this.#call('auth_users/user_keepalive'));
      case 'rename':
        return void (await this.#call('auth_users/user_update', { name: this.#uniqueText('name') }));
      case 'readProfile':
        return void (await this.#call('auth_users/user_query'));
      case 'list':
        return void (await this.#call('rooms/query_room', { limit: 100 }));
      case 'generate':
        return void (await this.#call('rooms/generate_roomid'));
      case 'refresh':
        return this.#refresh();
      case 'signOut':
        return this.#signOut();
      case 'remove':
        return this.#remove();
      default:
        return this.#actInRooms(action);
    }
  }

  #uniqueText(what: string): string {
    return `${what}-${this.#world.recorder.nextId()}`;
  }

  async #actInRooms(action: Exclude<Action, 'refresh' | 'signOut' | 'remove'>): Promise<void> {
    const { tenant, userId } = this.#person;
    const roomId = this.#crowd.someRoom(this.#random, tenant) ?? userId;
    const live = { category: 'mlvb-show-live', title: this.#uniqueText('title') };
    switch (action) {
      case 'goLive':
        return void (await this.#call('rooms/enter_room', { roomId: userId, role: 'anchor', ...live }));
      case 'end':
        return void (await this.#call('rooms/destroy_room', { roomId: userId }));
      case 'retitle':
        return void (await this.#call('rooms/update_room', { roomId: userId, title: live.title }));
      case 'openFree': {
        const free = { roomId: this.#crowd.freeRoom(this.#random, tenant), role: 'anchor', category: 'liveRoom' };
        return void (await this.#call('rooms/enter_room', free));
      }
      case 'enter':
        this.#room = roomId;
        return void (await this.#call('rooms/enter_room', { roomId, role: 'audience' }));
      case 'leave':
        return void (await this.#call('rooms/leave_room', { roomId: this.#room ?? roomId }));
      case 'readRoom':
        return void (await this.#call('rooms/room_detail', { roomId }));
      case 'readMembers':
        return void (await this.#call('rooms/list_users', { roomId, limit: 100 }));
      default:
        throw new Error(`nothing in a room is called ${action}`);
    }
  }

  async #refresh(): Promise<void> {
    const { call, data } = await this.#call('auth_users/user_login_token');
    if (call.outcome === 'done' && this.#session) this.#session = { ...this.#session, token: String(data['token']) };
  }

  async #signOut(): Promise<void> {
    await this.#call('auth_users/user_logout');
    // Half of them are forgotten without knowing whether it worked, as apps do; the others go on to see what happens.
    if (this.#random.chance(0.5)) this.#session = undefined;
  }

  async #remove(): Promise<void> {
    const { key } = this.#person;
    const { call } = await this.#call('auth_users/user_delete');
    if (call.outcome !== 'refused' && this.#person.key === key) this.#person.renew();
  }
}
