/**
 * `sls invoke`: the deployed main function over its URL, or the scheduled one through the API.
 * `sls invoke local`: the bundle on this computer, with the event and context that the cloud would give it.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { readEnvironment, serviceEnvironment, type Variables } from './environment';
import { functionNames } from './names';
import type { Reporter } from './reporter';
import type { Settings } from './settings';
import { findUrl } from './triggers';

export interface InvokeOptions {
  /** `web` (default) or `timer`. */
  readonly functionName: string | undefined;
  /** JSON text, or a file with it. */
  readonly data: string | undefined;
  readonly path: string | undefined;
}

export type Event = Record<string, unknown>;

const timerEvent = (): Event => ({
  Type: 'Timer',
  TriggerName: 'maintenance',
  Time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  Message: '',
});

const requestEvent: Event = { httpMethod: 'GET', path: '/', headers: {}, queryString: {}, body: '' };

/** The event as given, over the usual one of that function. Throws DeployError when it is not a JSON object. */
export function eventOf({ functionName, data, path }: InvokeOptions): Event {
  if (path !== undefined && !existsSync(path)) throw new DeployError(`There is no file ${path}.`);
  const text = path === undefined ? data : readFileSync(path, 'utf8');
  const usual = functionName === 'timer' ? timerEvent() : requestEvent;
  if (text === undefined || text.trim() === '') return usual;
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
      return functionName === 'timer' ? { ...given } : { ...usual, ...given };
    }
  } catch {}
  throw new DeployError('--data must be a JSON object, for example {"httpMethod":"GET","path":"/"}.');
}

function headersOf(event: Event): Record<string, string> {
  const headers = event['headers'];
  const pairs = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
  return Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
}

async function callUrl(context: Context, event: Event): Promise<void> {
  const { report, settings } = context;
  const name = functionNames(settings).main;
  const url = await findUrl(context, name);
  if (!url) throw new DeployError(`${name} has no URL: it is not deployed. Run \`npx sls deploy\`.`);
  const method = String(event['httpMethod'] ?? 'GET').toUpperCase();
  const body = typeof event['body'] === 'string' ? event['body'] : JSON.stringify(event['body'] ?? '');
  const headers = { 'content-type': 'application/json', ...headersOf(event) };
  const target = new URL(String(event['path'] ?? '/').replace(/^\/+/, ''), url);
  const response = await fetch(
    target,
    method === 'GET' || method === 'HEAD' ? { method, headers } : { method, headers, body },
  );
  report.note(`${method} ${target.href}: HTTP ${response.status}`);
  report.print(await response.text());
}

async function callApi(context: Context, event: Event): Promise<void> {
  const { cloud, report, settings } = context;
  const { Result } = await cloud.scf('InvokeFunction', {
    FunctionName: functionNames(settings).scheduled,
    Event: JSON.stringify(event),
    LogType: 'Tail',
  });
  if (Result?.Log) report.note(Result.Log.trimEnd());
  report.note(`${Result?.Duration ?? '?'} ms, ${Math.round((Result?.MemUsage ?? 0) / 1024 / 1024)} MB`);
  if (Result?.ErrMsg || (Result?.InvokeResult ?? 0) !== 0) {
    throw new DeployError(`The function failed: ${Result?.ErrMsg || Result?.RetMsg || 'no reason given'}`);
  }
  report.print(Result?.RetMsg ?? '');
}

export async function invoke(context: Context, options: InvokeOptions): Promise<void> {
  const event = eventOf(options);
  if (options.functionName === 'timer') await callApi(context, event);
  else await callUrl(context, event);
}

/** Runs in a separate process, so that open handles of the bundle cannot keep the command alive. */
const runner = `
const { main_handler } = require(process.env.LIVE_ROOM_BUNDLE);
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', async () => {
  const { event, context } = JSON.parse(Buffer.concat(chunks).toString());
  try {
    const result = await main_handler(event, context);
    process.stdout.write((typeof result === 'string' ? result : JSON.stringify(result, null, 2)) + '\\n', () => process.exit(0));
  } catch (error) {
    process.stderr.write(String(error && error.stack) + '\\n', () => process.exit(1));
  }
});`;

function contextObject(settings: Settings): Event {
  return {
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: settings.memorySize,
    time_limit_in_ms: settings.timeout * 1000,
    request_id: crypto.randomUUID(),
    environment: '{}',
    environ: '',
    function_version: '$LATEST',
    function_name: settings.name,
    namespace: 'default',
    tencentcloud_region: settings.region,
    tencentcloud_appid: '0',
    tencentcloud_uin: '0',
  };
}

export interface LocalInvocation {
  readonly root: string;
  readonly settings: Settings;
  readonly report: Reporter;
  /** Read before anything is started that would keep the command alive. */
  readonly event: Event;
}

function localVariables(root: string, stage: string): Variables {
  const env = readEnvironment(root, stage, {});
  // What `npm start` would use: the embedded database unless MYSQL_HOST is set.
  return {
    ...serviceEnvironment(env, false).variables,
    ...(env['SQLITE_PATH'] ? { SQLITE_PATH: env['SQLITE_PATH'] } : {}),
  };
}

/** The bundle has been built. Throws DeployError when the handler throws. */
export async function invokeLocal({ root, settings, report, event }: LocalInvocation): Promise<void> {
  const env = {
    ...process.env,
    ...localVariables(root, settings.stage),
    LIVE_ROOM_BUNDLE: join(root, 'dist', 'index.js'),
  };
  const child = spawn(process.execPath, ['-e', runner], { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ event, context: contextObject(settings) }));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  report.print(output.trimEnd());
  if (code !== 0) throw new DeployError('The function failed; its error is above.');
}
