/**
 * The expected lists, computed from the rules and independently of the service: every fact about a
 * user is kept, put into the order in which it happened, and gone through from the beginning for every question.
 *
 * Two answers come out, a lower and an upper one, because the rules leave room. A heartbeat need not be written where the last
 * one is recent enough (up to a sixth of the time-out old). And a activity that comes later than the news of a newer goodbye
 * need not be counted, and neither need such a goodbye: then the grace began with another one. Between the two, both answers are right.
 */

export const RULES = { ownerTimeout: 90_000, grace: 30_000, close: 600_000, idle: 43_200_000 } as const;
const SKIP = RULES.ownerTimeout / 6;
const FOREVER = Number.MAX_SAFE_INTEGER;

export interface Fact {
  /** When it happened (ms). */
  at: number;
  /** empty: no user is left in the TRTC room; it counts only after a long silence of the owner. */
  what: 'enter' | 'heartbeat' | 'there' | 'gone' | 'empty' | 'logout';
}

export interface Range {
  low: number;
  high: number;
}

/** The time until which a user is present without further activity. */
function untilOf(facts: readonly Fact[], countsBeat: (at: number, last: number) => boolean): number {
  let until = 0;
  let armed = false;
  let lastBeat = Number.NEGATIVE_INFINITY;
  let lastSign = Number.NEGATIVE_INFINITY;
  for (const { at, what } of [...facts].sort((a, b) => a.at - b.at)) {
    const silent = lastSign <= at - RULES.ownerTimeout;
    if (what === 'enter' || what === 'there' || what === 'logout') lastSign = at;
    if (what === 'heartbeat') {
      lastSign = at;
      // The first one always counts: from then on silence does.
      if (!armed || countsBeat(at, lastBeat)) {
        until = at + RULES.ownerTimeout;
        armed = true;
        lastBeat = at;
      }
      continue;
    }
    if (what === 'enter') {
      until = at + RULES.idle;
      armed = false;
      lastBeat = Number.NEGATIVE_INFINITY;
    } else if (what === 'there') {
      until = Math.max(until, at + (armed ? RULES.ownerTimeout : RULES.idle));
      lastBeat = at;
    } else if (what === 'gone' || (what === 'empty' && silent)) until = Math.min(until, at + RULES.grace);
    else if (what === 'logout') {
      until = Math.min(until, at);
      armed = false;
      lastBeat = Number.NEGATIVE_INFINITY;
    }
  }
  return until;
}

/** The facts without those of one kind that were overtaken by a newer goodbye. `facts` are in the order of arrival. */
function inTime(facts: readonly Fact[], overtaken: 'there' | 'gone'): Fact[] {
  let newestGone = Number.NEGATIVE_INFINITY;
  return facts.filter(({ at, what }) => {
    const saysGone = what === 'gone' || what === 'empty';
    const late = (overtaken === 'gone' ? saysGone : what === overtaken) && at < newestGone;
    if (saysGone) newestGone = Math.max(newestGone, at);
    return !late;
  });
}

function memberUntil(facts: readonly Fact[]): number {
  let until = 0;
  for (const { at, what } of [...facts].sort((a, b) => a.at - b.at)) {
    if (what === 'gone') until = Math.min(until, at + RULES.grace);
    else if (what !== 'empty') until = FOREVER;
  }
  return until;
}

interface Member {
  facts: Fact[];
  present: boolean;
  /** The scheduled work may have taken the member out: both answers are right until the next entering. */
  doubtful: boolean;
}

export interface ModelRoom {
  owner: string;
  /** The sign-in in which the owner went live, or came back last. */
  session: string;
  openedAt: number;
  members: Map<string, Member>;
}

export class Model {
  readonly #users = new Map<string, Fact[]>();
  /** Open rooms by id. */
  readonly rooms = new Map<string, ModelRoom>();

  report(user: string, fact: Fact): void {
    const facts = this.#users.get(user) ?? [];
    facts.push(fact);
    this.#users.set(user, facts);
  }

  /** The last facts about a user, to explain a wrong answer. */
  story(user: string): string {
    const last = (this.#users.get(user) ?? []).slice(-8);
    return last.map(({ at, what }) => `${what} ${new Date(at).toISOString().slice(11, 23)}`).join(', ');
  }

  until(user: string): Range {
    const facts = this.#users.get(user) ?? [];
    const low = untilOf(inTime(facts, 'there'), (at, last) => at - last > SKIP);
    return { low, high: untilOf(inTime(facts, 'gone'), () => true) };
  }

  open(roomId: string, by: { owner: string; session: string }, at: number): void {
    const { owner, session } = by;
    const room = this.rooms.get(roomId);
    if (room) room.session = session;
    else this.rooms.set(roomId, { owner, session, openedAt: at, members: new Map() });
    this.enter(roomId, owner, at);
  }

  /** Nothing if the user is live in another sign-in. */
  signOut(user: string, session: string, at: number): void {
    const elsewhere = [...this.rooms.values()].some((room) => room.owner === user && room.session !== session);
    if (!elsewhere) this.report(user, { at, what: 'logout' });
  }

  end(roomId: string): void {
    this.rooms.delete(roomId);
  }

  enter(roomId: string, user: string, at: number): void {
    const room = this.rooms.get(roomId);
    if (!room) return;
    const facts = room.members.get(user)?.facts ?? [];
    facts.push({ at, what: 'enter' });
    room.members.set(user, { facts, present: true, doubtful: false });
    this.report(user, { at, what: 'enter' });
  }

  leave(roomId: string, user: string): void {
    const member = this.rooms.get(roomId)?.members.get(user);
    if (member) member.present = false;
  }

  /** The account is gone, with everything. */
  forget(user: string): void {
    for (const [roomId, room] of this.rooms) {
      room.members.delete(user);
      if (room.owner === user) this.rooms.delete(roomId);
    }
    this.#users.delete(user);
  }

  /** IM or TRTC about one room: its owner as a whole, others in it only. */
  tellOfRoom(roomId: string, user: string, fact: Fact): void {
    const room = this.rooms.get(roomId);
    if (!room) return;
    if (room.owner === user) {
      if (fact.what === 'there' || fact.at >= room.openedAt) this.report(user, fact);
      return;
    }
    room.members.get(user)?.facts.push(fact);
  }

  /** How many of them, and who for certain, are in the room at `now`. */
  members(roomId: string, now: number): { must: Set<string>; may: Set<string>; joined: number } {
    const must = new Set<string>();
    const may = new Set<string>();
    const members = this.rooms.get(roomId)?.members ?? new Map<string, Member>();
    for (const [user, member] of members) {
      if (!member.present || memberUntil(inTime(member.facts, 'gone')) <= now) continue;
      const { low, high } = this.until(user);
      if (high > now) may.add(user);
      const surely = memberUntil(inTime(member.facts, 'there')) > now;
      if (low > now && surely && !member.doubtful) must.add(user);
    }
    return { must, may, joined: members.size };
  }

  /** Which rooms a list must and may show. */
  listed(now: number, isOurs: (roomId: string) => boolean): { must: Set<string>; may: Set<string> } {
    const must = new Set<string>();
    const may = new Set<string>();
    for (const [roomId, room] of this.rooms) {
      if (!isOurs(roomId)) continue;
      const { low, high } = this.until(room.owner);
      if (high > now) may.add(roomId);
      if (low > now) must.add(roomId);
    }
    return { must, may };
  }

  /** The scheduled work has run: these rooms must have ended, and of those both would be right. */
  maintained(now: number): { ended: string[]; doubtful: string[] } {
    const line = now - RULES.close;
    const ended: string[] = [];
    const doubtful: string[] = [];
    for (const [roomId, room] of this.rooms) {
      const { low, high } = this.until(room.owner);
      if (high <= line) ended.push(roomId);
      else if (low <= line) doubtful.push(roomId);
      for (const [user, member] of room.members) {
        if (memberUntil(inTime(member.facts, 'there')) <= line || this.until(user).low <= line) member.doubtful = true;
      }
    }
    return { ended, doubtful };
  }
}
