/** Asks the deployed service how it is, and shows its answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from './context';
import { DeployError } from './deploy-error';

/** A cold start, a database that wakes and the migrations, in milliseconds. */
const patience = 60_000;
const shown = 400;

export interface Health {
  /** 0 = no answer at all. */
  readonly status: number;
  readonly body: string;
}

export async function askHealth(url: string, timeout = 35_000): Promise<Health> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeout),
      headers: { accept: 'application/json' },
    });
    return { status: response.status, body: (await response.text()).slice(0, shown) };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    return { status: 0, body: cause };
  }
}

const hints = (body: string): string =>
  body.includes('"errorCode":103')
    ? 'The function cannot use its database. See `npx sls logs`; with a database of your own, check MYSQL_* and provider.vpc.'
    : 'See `npx sls logs`. `npx sls rollback` goes back to the version before.';

/** Calls `/` until it is well or patience is over. Throws DeployError when the service answers that it is not well. */
export async function showHealth({ report }: Context, url: string): Promise<void> {
  const health = await report.step(
    `Calling ${url}`,
    async () => {
      const deadline = Date.now() + patience;
      for (;;) {
        const answer = await askHealth(url);
        if (answer.status === 200 || Date.now() > deadline) return answer;
        await sleep(1000);
      }
    },
    () => undefined,
  );
  report.print(`url: ${url}`);
  if (health.status === 0) {
    report.warn(`The URL could not be reached from this computer (${health.body}). Open it in a browser.`);
    return;
  }
  report.print(`answer: HTTP ${health.status} ${health.body}`);
  if (health.status !== 200) throw new DeployError(`Deployed, but the service is not well. ${hints(health.body)}`);
}
