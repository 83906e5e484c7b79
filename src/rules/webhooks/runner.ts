/**
 * Sends the due deliveries of one webhook: several rooms in parallel, each in order. A room is continued until
 * its queue is empty, in turns with the other known rooms, while further rooms are searched for.
 */
import type { Delivery } from '../../data/webhooks/deliveries';
import { type Due, deferDeliveries, dueDeliveries, nextOfRoom } from '../../data/webhooks/delivery-queue';
import type { Target } from './attempt';
import { freeOnes, LEASE_MS, sendBundle } from './bundle';

const AT_ONCE = 16;
/** While its receiver fails, a webhook tries one thing at a time. */
const AT_ONCE_FAILING = 1;
/** Deliveries of one room per claim. */
const BUNDLE = 16;
/** Rows read per search. */
const WINDOW = 64;

/** The next deliveries of a room, or `rows` if known; room 0: one delivery without a room. */
interface Job {
  room: number;
  rows?: readonly Delivery[];
  /** Nothing of it has been sent yet. */
  fresh?: boolean;
}

/** Tasks with the same key never run concurrently. */
const keyOf = ({ room, rows = [] }: Job) => (room === 0 ? -(rows[0]?.id ?? 0) : room);

/** Tasks that a search found, and rooms whose first delivery is claimed: until when. */
function sortOut(due: readonly Due[], now: number): { jobs: readonly Job[]; blocked: ReadonlyMap<number, number> } {
  const jobs: Job[] = [];
  const blocked = new Map<number, number>();
  const rooms = new Map<number, Due[]>();
  for (const row of due) {
    if (row.room_pk === 0) jobs.push({ room: 0, rows: [row] });
    else rooms.set(row.room_pk, [...(rooms.get(row.room_pk) ?? []), row]);
  }
  for (const [room, rows] of rooms) {
    const [first] = rows;
    if (!first) continue;
    if (first.first_at > now) blocked.set(room, first.first_at);
    else jobs.push(rows.length === 1 && first.id === first.first_id ? { room, rows } : { room });
  }
  return { jobs, blocked };
}

export class Runner {
  private readonly target: Target;
  private readonly ready: Job[] = [];
  private readonly busy = new Set<number>();
  /** Rooms found due while another task was sending for them. */
  private readonly again = new Set<number>();
  private active = 0;
  /** Keys of the ready tasks. */
  private fresh = 0;
  private looking = false;
  private delivered = 0;
  private failing: boolean;
  /** There may be due deliveries that no search has found. */
  private unseen = true;
  /** The last search found only deliveries claimed by this process. */
  private crowded = false;
  private stopped = false;
  private failure: unknown;
  private wake: () => void = () => {};

  /** `rooms`: where another runner of the webhook has left off. */
  constructor(target: Target, rooms: readonly number[]) {
    this.target = target;
    this.failing = target.webhook.failing_since > 0;
    for (const room of rooms) this.add({ room });
  }

  /** Something was written. */
  lookAgain(): void {
    this.unseen = true;
    this.wake();
  }

  /** Rooms that are not finished. */
  get left(): readonly number[] {
    return this.ready.flatMap(({ room }) => (room === 0 ? [] : [room]));
  }

  /** Runs until nothing is due or the time is over; returns how many were delivered. */
  async run(hasTime: () => boolean): Promise<number> {
    for (;;) {
      const goesOn = !this.stopped && hasTime();
      const isFree = goesOn && this.active < (this.failing ? AT_ONCE_FAILING : AT_ONCE);
      if (isFree && this.unseen && !this.looking && this.fresh < AT_ONCE) void this.look();
      if (isFree && this.ready.length > 0) void this.work(hasTime);
      else if (this.active > 0 || this.looking) await this.change();
      else break;
    }
    if (this.failure !== undefined) throw this.failure;
    return this.delivered;
  }

  /** Resolves when a running task is done, others are found, or something was written. */
  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private add(job: Job): void {
    this.busy.add(keyOf(job));
    this.ready.push({ ...job, fresh: true });
    this.fresh += 1;
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.stopped = true;
  }

  /** Searches even while rooms are known: a long queue must not hide other rooms. */
  private async look(): Promise<void> {
    this.looking = true;
    this.unseen = false;
    await this.find().catch((error: unknown) => this.fail(error));
    this.looking = false;
    this.wake();
  }

  private async find(): Promise<void> {
    const { services, webhook } = this.target;
    const db = services.database.forRequest();
    const now = services.clock();
    const due = await dueDeliveries(db, { webhookId: webhook.id, now, limit: WINDOW });
    const { jobs, blocked } = sortOut(due, now);
    const fresh = jobs.filter((job) => !this.busy.has(keyOf(job)));
    for (const { room } of jobs) if (this.busy.has(room)) this.again.add(room);
    for (const job of fresh) this.add(job);
    // More may be due beyond the rows read; waiting rows must not hide them.
    const waiting = due.length < WINDOW ? [] : this.waitingOf(due, blocked, now);
    if (waiting.length > 0) await deferDeliveries(db, waiting, now);
    if (due.length < WINDOW) return;
    if (fresh.length > 0 || waiting.length > 0) this.unseen = true;
    else this.crowded = true;
  }

  /** The deliveries after the first one of a room. They are not lost if this process dies. */
  private waitingOf(due: readonly Due[], blocked: ReadonlyMap<number, number>, now: number) {
    return due.flatMap(({ id, room_pk, first_id, attempts }) => {
      const ours = this.busy.has(room_pk) && id !== first_id && attempts === 0;
      const at = blocked.get(room_pk) ?? (ours ? now + LEASE_MS : undefined);
      return room_pk === 0 || at === undefined ? [] : [{ id, at }];
    });
  }

  private async work(hasTime: () => boolean): Promise<void> {
    const job = this.ready.shift();
    if (!job) return;
    if (job.fresh) this.fresh -= 1;
    this.active += 1;
    const goOn = await this.send(job, hasTime).catch((error: unknown) => this.fail(error));
    this.active -= 1;
    // Appended to the ready tasks, so that a long queue does not delay other rooms.
    if ((goOn || this.again.has(job.room)) && job.room !== 0) this.ready.push({ room: job.room });
    else this.busy.delete(keyOf(job));
    if (this.crowded) this.unseen = true;
    this.crowded = false;
    this.wake();
  }

  /** True if the room may have more. */
  private async send({ room, rows }: Job, hasTime: () => boolean): Promise<boolean> {
    this.again.delete(room);
    const { services, webhook } = this.target;
    const next = { webhookId: webhook.id, room, limit: BUNDLE };
    const found = rows ?? (await nextOfRoom(services.database.forRequest(), next));
    const bundle = freeOnes(found, this.failing ? 1 : BUNDLE, services.clock());
    if (bundle.length === 0) return false;
    const { delivered, last, goOn } = await sendBundle(this.target, bundle, hasTime);
    this.delivered += delivered;
    if (last) this.failing = last.kind !== 'delivered';
    if (last?.kind === 'gone') this.stopped = true;
    return goOn;
  }
}
