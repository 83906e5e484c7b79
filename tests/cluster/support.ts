/** People who use a service while its database is in trouble, and their results. */
import md5 from 'md5';
import { sleep } from '../../testkit/gate';
import { LivedClock } from '../../testkit/lived';
import { freshName, type Person, signInAgain } from '../../testkit/people';
import type { Service } from '../../testkit/service';

export interface Outcome {
  /** Acknowledged calls, by kind. */
  entered: string[];
  registered: { username: string; salt: string; userId: string }[];
  heartbeats: number;
  /** Answers 103. */
  failed: number;
  /** Every other code that was not 0. */
  wrong: number[];
  /** The time from the first 103 to the last one, without a 0 in between (ms): the longest stretch of it. */
  longestOutageMs: number;
}

class Outage {
  private readonly clock = new LivedClock();
  private since: number | undefined;
  longestMs = 0;

  record(errorCode: number): void {
    const now = this.clock.now();
    if (errorCode !== 103) this.since = undefined;
    else {
      this.since ??= now;
      this.longestMs = Math.max(this.longestMs, now - this.since);
    }
  }

  stop(): void {
    this.clock.stop();
  }
}

/**
 * A loop until `stop`: a user sends heartbeats, new people sign up and enter `roomId`, one request after the other, each repeated until
 * it is acknowledged. The returned function waits for the requests in progress and gives their results.
 */
export function keepUsing(service: Service, person: Person, roomId: string): () => Promise<Outcome> {
  const outcome: Outcome = { entered: [], registered: [], heartbeats: 0, failed: 0, wrong: [], longestOutageMs: 0 };
  const outage = new Outage();
  let stopped = false;
  const note = (errorCode: number): boolean => {
    outage.record(errorCode);
    if (errorCode === 103) outcome.failed += 1;
    else if (errorCode !== 0) outcome.wrong.push(errorCode);
    return errorCode === 0;
  };
  /** A socket that the server closed while it was idle says nothing about the database. */
  const code = (call: Promise<{ errorCode: number }>) =>
    call.then(
      ({ errorCode }) => errorCode,
      () => undefined,
    );
  const acknowledged = async (call: () => Promise<{ errorCode: number }>): Promise<boolean> => {
    const errorCode = await code(call());
    return errorCode !== undefined && note(errorCode);
  };
  const beating = async () => {
    while (!stopped) {
      const { userId, token } = person;
      if (await acknowledged(() => service.call('auth_users/user_keepalive', { userId, token })))
        outcome.heartbeats += 1;
      await sleep(20);
    }
  };
  const arriving = async () => {
    while (!stopped) {
      const account = { username: freshName(), salt: md5(freshName()) };
      while (!stopped && !(await acknowledged(() => service.call('oauth/register', account)))) await sleep(20);
      const newcomer = await signInAgain(service, account).catch(() => undefined);
      if (newcomer === undefined) continue;
      const { username, salt, userId } = newcomer;
      outcome.registered.push({ username, salt, userId });
      const enter = () => newcomer.call('rooms/enter_room', { roomId, role: 'audience' });
      while (!stopped) {
        if (await acknowledged(enter)) {
          outcome.entered.push(userId);
          break;
        }
      }
      await sleep(100);
    }
  };
  const work = Promise.all([beating(), arriving(), arriving()]);
  return async () => {
    stopped = true;
    await work;
    outage.stop();
    outcome.longestOutageMs = outage.longestMs;
    return outcome;
  };
}
