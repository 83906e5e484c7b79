/**
 * Scheduled, once a day and after the keys have changed: stores the secrets of webhooks under the newest of DATA_KEYS, then
 * goes through all accounts, encrypts their salts, gives accounts of 1.0.0, which compared names byte by byte, the key of their folded name, and ends sessions
 * above the limit of one user.
 */
import { foldUsername, type KeptUser, replaceStoredSalt, walkUsers } from '../../data/accounts/credentials';
import { endOldestSessions, usersWithManySessions } from '../../data/accounts/session-ends';
import { usernameKey } from '../../data/accounts/user-names';
import { sealedAnew } from '../sealing';
import { sealWebhookSecrets } from '../webhooks/secrets';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const BATCH = 500;

/** Sign-ins that each process counted only partly. */
async function capSessionsOf(run: JobRun, users: readonly KeptUser[]): Promise<void> {
  const limit = run.services.config.sessionsPerUser;
  const [first, last] = [users.at(0)?.id, users.at(-1)?.id];
  if (limit === 0 || first === undefined || last === undefined) return;
  for (const id of await usersWithManySessions(freshDatabase(run), { first, last }, limit)) {
    for (const proof of ['proved', 'young'] as const) {
      await endOldestSessions(freshDatabase(run), { id, proof }, { limit, now: run.services.clock() });
    }
  }
}

/** An operator who rotates a key waits for this line. */
function logSealed({ services }: JobRun, counts: { saltsUnreadable: number; webhookSecretsUnreadable: number }): void {
  const unreadable = counts.saltsUnreadable + counts.webhookSecretsUnreadable;
  services.log('salts_sealed', { key: services.secrets.salts.newestKey, unreadable });
}

export async function keepAccounts(run: JobRun): Promise<JobResult> {
  const { database, secrets } = run.services;
  const { salts } = secrets;
  const webhooks =
    run.position === '' ? await sealWebhookSecrets(database, secrets.webhookSecrets) : { sealed: 0, unreadable: 0 };
  const counts = {
    webhookSecretsSealed: webhooks.sealed,
    webhookSecretsUnreadable: webhooks.unreadable,
    saltsSealed: 0,
    saltsUnreadable: 0,
    namesFolded: 0,
  };
  let after = Number(run.position || '0');
  while (run.hasTime()) {
    const users = await walkUsers(freshDatabase(run), after, BATCH);
    for (const user of users) {
      const sealed = user.salt === null ? undefined : sealedAnew(salts, user.salt, user);
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
      if (salts.newestKey !== '') logSealed(run, counts);
      return { counts, position: '' };
    }
  }
  return { counts, position: String(after) };
}
