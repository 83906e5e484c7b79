/** SESSIONS_PER_USER: somebody who signs in again and again loses the sessions that were renewed the longest ago. */
import { endOldestSessions, type SessionKey } from '../../data/accounts/sessions';
import type { Context } from '../context';

/** An ordinary phone signs in less often than this in a day; from then on each sign-in looks after the sessions. */
const SUSPICIOUS = 3;

/** After a sign-in. What other processes let through, the scheduled work finds. */
export async function capSessions(ctx: Context, session: SessionKey): Promise<void> {
  const { config, throttles } = ctx.services;
  if (config.sessionsPerUser === 0) return;
  if (throttles.signIns.add(String(session.userId), ctx.now) < SUSPICIOUS) return;
  await endOldestSessions(ctx.db, { id: session.userId, keep: session.id }, config.sessionsPerUser);
}
