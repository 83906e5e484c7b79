/**
 * What people wrote a moment ago, for slow mode and repeats, and which messages were answered, in this process. Several
 * processes each know their own part. Bounded: a million senders push each other out.
 */
const MAX_SENDERS = 100_000;
const MAX_ANSWERED = 20_000;
const ANSWERED_MS = 300_000;
const MAX_PICTURES = 10_000;
/** A picture that has passed is not asked about again for this time (ms): apps store the same one often. */
const PICTURE_MS = 3_600_000;

export interface LastMessage {
  at: number;
  /** The text in its normal form, truncated. */
  text: string;
}

/** Length of a text that is compared with the next one. */
const MAX_TEXT = 200;

/**
 * Knows at least the newest half of `most` keys, in two halves of which the older one goes as a whole: finding the oldest
 * key of one large Map takes longer with each key that was deleted before it.
 */
class Bounded<V> {
  private fresh = new Map<string, V>();
  private older = new Map<string, V>();
  private readonly half: number;

  constructor(most: number) {
    this.half = most / 2;
  }

  get(key: string): V | undefined {
    return this.fresh.get(key) ?? this.older.get(key);
  }

  set(key: string, value: V): void {
    if (this.fresh.size >= this.half) {
      this.older = this.fresh;
      this.fresh = new Map();
    }
    this.fresh.set(key, value);
  }
}

export class RecentMessages {
  private readonly lasts = new Bounded<LastMessage>(MAX_SENDERS);
  private readonly senders = new Bounded<{ number: number; until: number }>(MAX_SENDERS);
  private readonly joins = new Bounded<number>(MAX_SENDERS);
  private readonly answers = new Bounded<{ at: number; answer: object }>(MAX_ANSWERED);
  private readonly pictures = new Bounded<number>(MAX_PICTURES);

  last(roomPk: number, userId: string): LastMessage | undefined {
    return this.lasts.get(`${roomPk} ${userId}`);
  }

  wrote(roomPk: number, userId: string, { at, text }: LastMessage): void {
    this.lasts.set(`${roomPk} ${userId}`, { at, text: text.slice(0, MAX_TEXT) });
  }

  /** The form that is compared with `last().text`. */
  static comparable(normal: string): string {
    return normal.slice(0, MAX_TEXT);
  }

  /** The number of a user by name; undefined: to be looked up (again). */
  senderOf(name: string, now: number): number | undefined {
    const known = this.senders.get(name);
    return known && known.until > now ? known.number : undefined;
  }

  sender(name: string, found: { number: number; until: number }): void {
    this.senders.set(name, found);
  }

  joinedAt(member: string): number | undefined {
    return this.joins.get(member);
  }

  joined(member: string, at: number): void {
    this.joins.set(member, at);
  }

  /** The answer to the same message within five minutes: a repeated callback is one message. */
  answered(key: string, now: number): object | undefined {
    const known = this.answers.get(key);
    return known && now - known.at < ANSWERED_MS ? known.answer : undefined;
  }

  answer(key: string, at: number, answer: object): void {
    this.answers.set(key, { at, answer });
  }

  hasPassed(tenant: string, url: string, now: number): boolean {
    return now - (this.pictures.get(`${tenant} ${url}`) ?? Number.NEGATIVE_INFINITY) < PICTURE_MS;
  }

  passed(tenant: string, url: string, now: number): void {
    this.pictures.set(`${tenant} ${url}`, now);
  }
}
