/** Sets a run up while nothing fails, and reads everything when nothing fails any more. Its reads are calls of the history. */
import { setTimeout as sleep } from 'node:timers/promises';
import md5 from 'md5';
import { sign } from '../../testkit/people';
import type { Asked } from '../caller';
import { type Call, entriesOf, fieldOf, type Params } from '../history';
import { TENANTS, type World } from '../world/world';

const TRIES = 8;
const PAGE = 200;
/** Reads at the same time. */
const AT_ONCE = 8;

interface Account {
  tenant: string;
  token: string;
  userId: string;
  session: string;
}

export class Observer {
  readonly #world: World;
  readonly #accounts = new Map<string, Account>();
  #turn = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Repeats what is not answered: nothing is broken while it asks. */
  async #must(ask: Parameters<World['caller']['ask']>[1]): Promise<Asked> {
    for (let tries = 1; ; tries += 1) {
      this.#turn += 1;
      const asked = await this.#world.caller.ask(this.#turn % this.#world.services.length, ask);
      if (asked.call.outcome !== 'unknown' || tries === TRIES) return asked;
      await sleep(500);
    }
  }

  #admin(tenant: string, name: string, params: Params = {}): Promise<Asked> {
    const scoped = tenant === '' ? params : { ...params, tenant };
    return this.#must({ by: 'operator', tenant, name: `admin/${name}`, params: scoped, key: this.#world.adminKey });
  }

  async #signIn(tenant: string, username: string, by: string): Promise<Asked> {
    const secret = md5(`${username}-password`);
    const params = tenant === '' ? { username } : { username, apaasAppId: tenant };
    const secrets = { signature: sign({ username, secret }) };
    return this.#must({ by, tenant, name: 'oauth/signature', params, secrets });
  }

  /** Accounts of its own, and a webhook for each tenant. */
  async prepare(): Promise<void> {
    for (const { id: tenant } of TENANTS) {
      const username = `observer-of-${tenant}`;
      const by = `${tenant}/${username}`;
      // Before the first account, so that it is told of all.
      const { data } = await this.#admin(tenant, 'add_webhook', { url: `${this.#world.receiver.url}/all-${tenant}` });
      this.#world.receiver.setSecret(tenant, String(data['secret']));
      // Other processes know of it within three seconds.
      await sleep(3_500);
      const params = tenant === '' ? { username } : { username, apaasAppId: tenant };
      const secrets = { salt: md5(`${username}-password`) };
      await this.#must({ by, tenant, name: 'oauth/register', params, secrets });
      const { call, data: signedIn } = await this.#signIn(tenant, username, by);
      const { userId, token } = signedIn;
      this.#accounts.set(tenant, { tenant, userId: String(userId), token: String(token), session: `s${call.id}` });
    }
  }

  async readLiveRooms(): Promise<void> {
    for (const { id } of TENANTS) await this.#admin(id, 'rooms', { limit: PAGE });
  }

  async #readPages(tenant: string, name: string, params: Params = {}): Promise<void> {
    let cursor = '';
    do {
      const { call } = await this.#admin(tenant, name, { ...params, limit: PAGE, ...(cursor !== '' && { cursor }) });
      cursor = fieldOf(call.data, 'cursor');
    } while (cursor !== '');
  }

  async #readRoom(tenant: string, roomId: string): Promise<void> {
    const account = this.#accounts.get(tenant);
    if (!account) return;
    const { userId, token, session } = account;
    const ask = { by: 'observer', tenant, secrets: { userId, token }, session };
    const { call } = await this.#must({ ...ask, name: 'rooms/room_detail', params: { roomId } });
    const isLive = call.outcome === 'done' && fieldOf(call.data, 'status') === '1';
    if (isLive) await this.#must({ ...ask, name: 'rooms/list_users', params: { roomId, limit: 100 } });
  }

  async #readAccount(tenant: string, username: string): Promise<void> {
    const by = `${tenant}/${username}`;
    const { call, data } = await this.#signIn(tenant, username, by);
    if (call.outcome !== 'done') return;
    const secrets = { userId: String(data['userId']), token: String(data['token']) };
    await this.#must({ by, tenant, name: 'auth_users/user_query', secrets, session: `s${call.id}` });
  }

  /** Every account, room, sanction, operator and webhook that the run touched, and the audit. */
  async readEverything(calls: readonly Call[]): Promise<void> {
    const work: (() => Promise<void>)[] = [];
    const once = new Set<string>();
    const add = (key: string, job: () => Promise<void>) => {
      if (once.has(key)) return;
      once.add(key);
      work.push(job);
    };
    for (const { tenant, name, params } of calls) {
      const { username, roomId, userId } = params;
      if (name === 'oauth/register')
        add(`account ${tenant} ${username}`, () => this.#readAccount(tenant, String(username)));
      if (name === 'rooms/enter_room') add(`room ${tenant} ${roomId}`, () => this.#readRoom(tenant, String(roomId)));
      if (/^admin\/(ban|kick|mute)_user$/.test(name)) {
        for (const active of [true, false])
          add(`sanctions ${tenant} ${userId} ${active}`, () =>
            this.#readPages(tenant, 'sanctions', { userId: String(userId), active }),
          );
      }
    }
    for (const { id } of TENANTS) {
      for (const name of ['audit', 'operators', 'webhooks']) work.push(() => this.#readPages(id, name));
    }
    const worker = async () => {
      for (let job = work.shift(); job; job = work.shift()) await job();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}

/** How many entries a list answer has; for the report. */
export function countOf(call: Call): number {
  return entriesOf(call.data).length;
}
