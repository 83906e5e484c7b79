/** A month of statistics and ended broadcasts, so that the operators' pages have something to show from the first minute. */
import type { Database } from '../data/engine/database';
import { insertInto, write } from '../data/engine/sql';
import { addSample, edgeSample, STEPS, type Step } from '../data/statistics/samples';
import type { Person } from './calls';
import { ROOMS } from './texts';

const DAYS = 30;
/** Minutes are kept for a day here; older times have hours and days, as after a roll-up. */
const MINUTES_MS = STEPS.day;

/** How lively a moment is, 0 to 1: quiet at four in the morning, busy at nine in the evening, busier on weekends. */
function liveliness(at: number): number {
  const date = new Date(at);
  const hour = date.getHours() + date.getMinutes() / 60;
  const evening = Math.exp(-(((hour - 21) / 4) ** 2)) + 0.35 * Math.exp(-(((hour - 12.5) / 3) ** 2));
  const weekend = [0, 6].includes(date.getDay()) ? 1.25 : 1;
  const wave = 0.08 * Math.sin(at / 7_200_000) + 0.04 * Math.sin(at / 1_100_000);
  return Math.min(1, Math.max(0.03, (evening + wave) * weekend * 0.75));
}

function sampleAt(step: Step, at: number, rooms: number) {
  const level = liveliness(at + STEPS[step] / 2);
  const minutes = STEPS[step] / STEPS.minute;
  const live = Math.max(1, Math.round(rooms * level));
  const viewers = Math.round(live * (3 + 9 * level));
  const online = Math.round(viewers * 1.35);
  const when = at + Math.floor(minutes / 2) * STEPS.minute;
  const gauges = { rooms: live, viewers, online, rooms_at: when, viewers_at: when, online_at: when };
  const counters = {
    sign_ins: Math.round(0.4 * level * minutes),
    sign_ups: Math.round(0.05 * level * minutes),
    entries: Math.round(1.8 * level * minutes),
  };
  return { step, at, ...gauges, ...counters, counted_until: at + STEPS[step] };
}

async function addSamples(db: Database, now: number, rooms: number): Promise<void> {
  for (const step of ['day', 'hour', 'minute'] as const) {
    const width = STEPS[step];
    // The roll-up makes the current hour and day itself; a minute before now is the sampler's.
    const end = now - (now % width) - (step === 'minute' ? width : 0);
    const begin = step === 'minute' ? end - MINUTES_MS : end - DAYS * STEPS.day;
    await db.transaction(async (tx) => {
      for (let at = begin; at < end; at += width) await addSample(tx, '', sampleAt(step, at, rooms));
    });
  }
}

const ADD_BROADCAST = write(
  'sample.broadcast',
  'never',
  insertInto('broadcasts', [
    ...(['tenant', 'room_id', 'broadcast_no', 'owner_id', 'title', 'category', 'started_at'] as const),
    ...(['ended_at', 'ended_by', 'reason', 'peak', 'joined'] as const),
  ]),
);

async function addBroadcasts(db: Database, now: number, hosts: readonly Person[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (let day = 1; day < DAYS; day += 1) {
      for (const [index, host] of hosts.slice(0, 5).entries()) {
        const started = now - day * STEPS.day - index * 2_700_000;
        const room = ROOMS[(index + day) % ROOMS.length];
        const row = {
          tenant: '',
          room_id: `evening-${day}-${index}`,
          broadcast_no: 1,
          owner_id: Number(host.userId),
          title: room?.title ?? '',
          category: room?.category ?? '',
          started_at: started,
          ended_at: started + (35 + ((day * 17 + index * 29) % 80)) * 60_000,
          ended_by: day % 9 === 4 && index === 2 ? 'operator' : day % 7 === 3 ? 'absence' : 'owner',
          reason: day % 9 === 4 && index === 2 ? 'advertising' : '',
          peak: 8 + ((day * 13 + index * 7) % 40),
          joined: 30 + ((day * 31 + index * 17) % 150),
        };
        await tx.execute(ADD_BROADCAST, row);
      }
    }
  });
}

/** Does nothing if the database has a history already. */
export async function addHistory(db: Database, now: number, hosts: readonly Person[]): Promise<void> {
  const oldest = await edgeSample(db, '', { step: 'day', edge: 'oldest' });
  if (oldest !== undefined) return;
  await addSamples(db, now, Math.max(12, hosts.length));
  await addBroadcasts(db, now, hosts);
}
