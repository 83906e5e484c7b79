/**
 * Scheduled, once a day and after the keys have changed: goes through all accounts, stores salts under the newest of
 * DATA_KEYS, gives accounts of 1.0.0, which told names apart by every byte, the key of their folded name, and ends sessions
 * beyond what one user may have.
 */
import { foldUsername, type KeptUser, replaceStoredSalt, walkUsers } from '../../data/accounts';
import { endOldestSessions, usersWithManySessions } from '../../data/sessions';
import { usernameKey } from '../../data/user-names';
import type { Salts } from '../accounts/salts';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const BATCH = 500;

/** What to store instead; undefined where it is good as it is, or cannot be read without a key that is missing. */
function sealedAnew(salts: Salts, user: KeptUser): string | undefined {
  if (user.salt === null || !salts.isOutdated(user.salt)) return undefined;
  try {
    return salts.seal(salts.open(user.salt, user), user);
  } catch {
    // Said in the log by now; the salt stays as it is.
    return undefined;
  }
}

/** What processes did not see while each looked at its own part of the sign-ins. */
async function capSessionsOf(run: JobRun, users: readonly KeptUser[]): Promise<void> {
  const limit = run.services.config.sessionsPerUser;
  const [first, last] = [users.at(0)?.id, users.at(-1)?.id];
  if (limit === 0 || first === undefined || last === undefined) return;
  for (const id of await usersWithManySessions(freshDatabase(run), { first, last }, limit)) {
    await endOldestSessions(freshDatabase(run), { id }, limit);
    run.services.sessions.clear();
  }
}

export async function keepAccounts(run: JobRun): Promise<JobResult> {
  const { salts, log } = run.services;
  const counts = { saltsSealed: 0, saltsUnreadable: 0, namesFolded: 0 };
  let after = Number(run.position || '0');
  while (run.hasTime()) {
    const users = await walkUsers(freshDatabase(run), after, BATCH);
    for (const user of users) {
      const sealed = sealedAnew(salts, user);
      if (sealed !== undefined && user.salt !== null) {
        await replaceStoredSalt(freshDatabase(run), user.id, { from: user.salt, to: sealed });
        counts.saltsSealed += 1;
      } else if (user.salt !== null && salts.isOutdated(user.salt)) counts.saltsUnreadable += 1;
      const folded = user.username_key === usernameKey(user.username);
      if (!folded && (await foldUsername(freshDatabase(run), user))) counts.namesFolded += 1;
    }
    await capSessionsOf(run, users);
    after = users.at(-1)?.id ?? after;
    if (users.length < BATCH) {
      if (salts.newestKey !== '') log('salts_sealed', { key: salts.newestKey, unreadable: counts.saltsUnreadable });
      return { counts, position: '' };
    }
  }
  return { counts, position: String(after) };
}
