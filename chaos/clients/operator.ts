/** Operators: they sanction people and take it back, end rooms, and add operators and webhooks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asked } from '../caller';
import { entriesOf, fieldOf, type Params } from '../history';
import type { Random } from '../random';
import type { World } from '../world/world';
import type { Crowd } from './people';

const REST_MS = { from: 150, to: 900 };
/** Of a ban that ends by itself, in seconds: people try to sign in all the time, and at its end too. */
const SHORT_BAN = { from: 2, to: 5 };
/** A tenant has 20 webhooks at most. */
const MOST_WEBHOOKS = 8;
const WEIGHTS = {
  ban: 5,
  kick: 4,
  mute: 2,
  lift: 9,
  endRoom: 4,
  signOut: 1,
  addOperator: 1,
  addWebhook: 1,
  look: 3,
} as const;

export interface OperatorOptions {
  world: World;
  crowd: Crowd;
  random: Random;
  tenants: readonly string[];
}

export class Operator {
  readonly #options: OperatorOptions;
  /** Sanctions that it knows to be there, by tenant and id. */
  readonly #known = new Map<string, { tenant: string; sanctionId: string }>();
  #webhooks = 0;

  constructor(options: OperatorOptions) {
    this.#options = options;
  }

  async run(isOver: () => boolean): Promise<void> {
    const { random } = this.#options;
    while (!isOver()) {
      await this.#step();
      await sleep(random.between(REST_MS.from, REST_MS.to));
    }
  }

  #call(tenant: string, name: string, params: Params): Promise<Asked> {
    const { world, random } = this.#options;
    const service = random.between(0, world.services.length - 1);
    const scoped = tenant === '' ? params : { ...params, tenant };
    return world.caller.ask(service, { by: 'operator', tenant, name, params: scoped, key: world.adminKey });
  }

  /** The reason of a change names it, wherever it comes to light: in answers, events, lists and the audit. */
  #reason(): string {
    return `because-${this.#options.world.recorder.nextId()}`;
  }

  async #step(): Promise<void> {
    const { crowd, random, tenants } = this.#options;
    const tenant = random.chance(0.8) ? (tenants[0] ?? '') : (tenants[1] ?? '');
    const action = random.weighted(WEIGHTS);
    const target = crowd.someTarget(random, tenant)?.userId;
    const roomId = crowd.someHostRoom(random, tenant);
    if (action === 'lift') return this.#lift();
    if (action === 'addOperator' || action === 'addWebhook') return this.#add(action);
    if (target === undefined || roomId === undefined) return;
    if (action === 'look') return this.#look(tenant, target);
    const reason = this.#reason();
    switch (action) {
      case 'ban':
        return this.#sanction(tenant, 'ban_user', { userId: target, reason, seconds: this.#banSeconds() });
      case 'kick':
        if (roomId !== target)
          await this.#sanction(tenant, 'kick_user', { userId: target, roomId, reason, seconds: 0 });
        return;
      case 'mute':
        return this.#sanction(tenant, 'mute_user', { userId: target, roomId, reason, seconds: 600 });
      case 'endRoom':
        return void (await this.#call(tenant, 'admin/end_room', { roomId, reason }));
      case 'signOut':
        return void (await this.#call(tenant, 'admin/sign_out_user', { userId: target, reason }));
    }
  }

  #banSeconds(): number {
    const { random } = this.#options;
    return random.chance(0.5) ? 0 : random.between(SHORT_BAN.from, SHORT_BAN.to);
  }

  async #sanction(tenant: string, name: string, params: Params): Promise<void> {
    const { call } = await this.#call(tenant, `admin/${name}`, params);
    const sanctionId = fieldOf(call.data, 'sanctionId');
    if (call.outcome === 'done') this.#known.set(`${tenant}/${sanctionId}`, { tenant, sanctionId });
  }

  /** What a call without an answer has left behind is found here, and lifted later. */
  async #look(tenant: string, userId: string): Promise<void> {
    const { call } = await this.#call(tenant, 'admin/sanctions', { userId, active: true });
    for (const entry of entriesOf(call.data)) {
      const sanctionId = fieldOf(entry, 'sanctionId');
      this.#known.set(`${tenant}/${sanctionId}`, { tenant, sanctionId });
    }
  }

  async #lift(): Promise<void> {
    const { random } = this.#options;
    if (this.#known.size === 0) return;
    const [key, { tenant, sanctionId }] = random.pick([...this.#known]);
    const { call } = await this.#call(tenant, 'admin/lift_sanction', { sanctionId, reason: this.#reason() });
    if (call.outcome !== 'unknown') this.#known.delete(key);
  }

  async #add(action: 'addOperator' | 'addWebhook'): Promise<void> {
    const { world } = this.#options;
    const number = world.recorder.nextId();
    if (action === 'addOperator') {
      await this.#call('', 'admin/add_operator', { name: `operator-${number}`, scope: 'read' });
    } else if (this.#webhooks < MOST_WEBHOOKS) {
      this.#webhooks += 1;
      // It hears nothing: nobody reports anything in a run.
      const url = `${world.receiver.url}/${number}`;
      await this.#call('', 'admin/add_webhook', { url, events: ['report.created'] });
    }
  }
}
