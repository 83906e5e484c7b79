/** Keepalives that arrive together are one batch (data/engine/batcher.ts). */

import type { SessionKey } from '../../data/accounts/sessions';
import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import { type BeatResult, type BeatTimes, recordBeats } from '../../data/presence/beats';

export interface Beat {
  session: SessionKey;
  times: BeatTimes;
}

export type Keepalives = Batcher<Beat, BeatResult>;

export function createKeepalives(parts: BatcherParts): Keepalives {
  return createBatcher(parts, {
    name: 'keepalives',
    // One row is one user's: two beats of one user are two batches.
    keyOf: (beat) => beat.session.userId,
    run: async (db, beats) => {
      const [first] = beats;
      // Those of a batch came within milliseconds: the first one's times are everybody's.
      const sessions = beats.map((beat) => beat.session);
      return first ? recordBeats(db, sessions, first.times) : [];
    },
  });
}
