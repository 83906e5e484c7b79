/** The rate limit of the cloud API: 20 calls a second of one action (https://cloud.tencent.com/document/api/583/17235). */
import { Refusal } from './refusal';
import type { World } from './world';

const perSecond = 20;

/** Throws Refusal for the call that exceeds the limit. */
export function createThrottle(world: Pick<World, 'now'>): (action: string) => void {
  const recent = new Map<string, number[]>();
  return (action) => {
    const now = world.now();
    const calls = (recent.get(action) ?? []).filter((time) => time > now - 1000);
    recent.set(action, calls);
    if (calls.length >= perSecond) throw new Refusal('RequestLimitExceeded', `more than ${perSecond} calls a second`);
    calls.push(now);
  };
}
