/** Keepalives that arrive together share one statement (rules/batcher.ts). */
import type { Database } from '../../data/engine/database';
import {
  type KeepaliveResult,
  type KeepaliveTimes,
  keepalive,
  keepaliveMany,
  type SessionKey,
} from '../../data/sessions';
import { createSharing } from '../batcher';

export interface Beat {
  db: Database;
  session: SessionKey;
  times: KeepaliveTimes;
}

export type Keepalives = (beat: Beat) => Promise<KeepaliveResult>;

const alone = ({ db, session, times }: Beat) => keepalive(db, session, times);

/** One statement for all; where it touched fewer than it should, one of them has no session: each for itself then. */
async function store(beats: readonly Beat[]): Promise<readonly KeepaliveResult[]> {
  const [first, ...others] = beats;
  if (!first) return [];
  if (others.length === 0) return [await alone(first)];
  const sessions = beats.map((beat) => beat.session);
  const { alive, revived } = await keepaliveMany(first.db, sessions, first.times);
  return alive === beats.length ? beats.map(() => ({ alive: true, revived })) : Promise.all(beats.map(alone));
}

export function createKeepalives(): Keepalives {
  // Different users only: the count of rows touched must be that of the beats.
  return createSharing({ keyOf: (beat) => beat.session.userId, run: store });
}
