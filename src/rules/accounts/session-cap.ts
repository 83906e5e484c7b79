/**
 * SESSIONS_PER_USER: repeated sign-ins end the least recently renewed sessions. Those of an address that was bound a few days
 * ago are counted separately, so that they end none of the owner's.
 */
import { endOldestSessions, type SessionProof } from '../../data/accounts/session-cap';
import type { SessionKey } from '../../data/accounts/sessions';
import type { Context } from '../context';

/** An ordinary phone signs in less often than this in a day; from then on each sign-in looks after the sessions. */
const SUSPICIOUS = 3;

/** Runs after a sign-in. The scheduled jobs find sessions that other processes let through. */
export async function capSessions(ctx: Context, session: SessionKey, proof: SessionProof = 'proved'): Promise<void> {
  const { config, throttles } = ctx.services;
  if (config.sessionsPerUser === 0) return;
  if (throttles.signIns.add(String(session.userId), ctx.now) < SUSPICIOUS) return;
  await endOldestSessions(
    ctx.db,
    { id: session.userId, proof, keep: session.id },
    { limit: config.sessionsPerUser, now: ctx.now },
  );
}
