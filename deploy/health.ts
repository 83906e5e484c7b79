/** Calls `/` of the deployed service and shows its response. */
import { minutes } from './clock';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { waitUntil } from './wait';

/** A cold start, a database that wakes, the migrations, and the seconds until requests reach a new version. */
const patience = minutes(1);
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
    ? 'The function cannot use its database. See `npx sls logs`; with your own database, check MYSQL_* and provider.vpc.'
    : 'See `npx sls logs`. `npx sls rollback` returns to the version before.';

/** The release in the response; undefined if it has none. */
function releaseOf(body: string): string | undefined {
  return /"release":"([0-9a-f]{16})"/.exec(body)?.[1];
}

/**
 * Calls `/` until `release` responds with 200, for up to `patience`; `release` undefined: any release. Throws DeployError if
 * the status is another one, or if requests still reach another version.
 */
export async function showHealth(context: Context, url: string, release: string | undefined): Promise<void> {
  const { report } = context;
  let last: Health = { status: 0, body: '' };
  const waiting = { what: 'the new version to answer', timeout: patience, usually: 'up to 40 s' };
  const fits = ({ body }: Health) => release === undefined || releaseOf(body) === release;
  await report.step(
    `Calling ${url}`,
    () =>
      waitUntil(context, waiting, async () => {
        last = await askHealth(url);
        return last.status === 200 && fits(last) ? true : undefined;
      }),
    () => undefined,
  );
  report.print(`url: ${url}`);
  if (last.status === 0) {
    report.warn(`The URL could not be reached from this computer (${last.body}). Open it in a browser.`);
    return;
  }
  report.print(`answer: HTTP ${last.status} ${last.body}`);
  if (last.status !== 200) throw new DeployError(`Deployed, but the health check failed. ${hints(last.body)}`);
  if (!fits(last)) {
    throw new DeployError(
      'Deployed, but the URL still reaches another version. `npx sls info` shows the live one; run the same command again ' +
        'to check.',
    );
  }
}
