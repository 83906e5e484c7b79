/** The first output of `npm start`: links, the database, disabled parts and how to turn them on. */
import { networkInterfaces } from 'node:os';
import { styleText } from 'node:util';
import type { Config, ConfigResult } from '../config/config';

export interface BannerParts {
  configuration: ConfigResult;
  version: string;
  port: number;
  /** The operator's key of a demo; null if there is none. */
  demoKey: string | null;
  /** A terminal gets headings and colours; a pipe gets plain sentences. */
  terminal: boolean;
}

/** The first IPv4 address that other devices of the network can reach; undefined if there is none. */
function networkAddress(): string | undefined {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return found.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** How a phone reaches the service, which needs an address of the network. */
function reachText({ http, demo }: Config, port: number): string {
  const address = networkAddress() ?? '<the address of this computer>';
  if (!isLoopback(http.host)) return `On a phone in the same network: http://${address}:${port}/`;
  const why = demo ? 'The demo shows sign-in codes, so only this computer can connect. ' : '';
  return `${why}For a phone in the same network: HOST=0.0.0.0 npm start, then http://${address}:${port}/`;
}

const WITHOUT_APPLICATION =
  'No TRTC application is set: video, chat and push are off; accounts, rooms and presence work. To set one: .env.example';

function databaseText({ database }: Config): string {
  return database.kind === 'mysql' ? `MySQL, database ${database.database}` : `SQLite at ${database.path}`;
}

function linkRows({ demo, console: hasConsole, imEndpoint, adminKey }: Config, parts: BannerParts): [string, string][] {
  const url = `http://localhost:${parts.port}`;
  const rows: [string, string][] = [['API', `${url}/base/v1`]];
  if (hasConsole) rows.push(['Console', `${url}/console`]);
  if (demo || adminKey !== null) rows.push(['Operators', `${url}/operators`]);
  rows.push(['Docs', `${url}/docs`]);
  if (parts.demoKey !== null) rows.push(['Key', `${parts.demoKey}  (for /operators, until this process ends)`]);
  if (!demo && imEndpoint === null) rows.push(['IM', 'off (TIM_ENDPOINT)']);
  return rows;
}

/** The line for programs and log files: scripts wait for `listens at`. */
function plainBanner(config: Config, parts: BannerParts): string {
  const { demo, imEndpoint } = config;
  const mode = demo ? `DEMO MODE. ${WITHOUT_APPLICATION}\n` : '';
  const url = `http://localhost:${parts.port}/`;
  const im = imEndpoint === null ? ', IM off' : '';
  const key =
    parts.demoKey === null ? '' : `Operator's key of this demo, until it ends (${url}operators): ${parts.demoKey}\n`;
  const warning = parts.configuration.warnings.map((line) => `${line}\n`).join('');
  return `${warning}${mode}live-room listens at ${url} (${databaseText(config)}${im})\n${key}`;
}

function terminalBanner(config: Config, parts: BannerParts): string {
  const heading = `${styleText('bold', 'live-room')} ${parts.version}${config.demo ? styleText('yellow', '  demo') : ''}`;
  const rows = [...linkRows(config, parts), ['Database', databaseText(config)] satisfies [string, string]];
  const lines = rows.map(([name, value]) => `  ${styleText('dim', name.padEnd(10))} ${value}`);
  const notes = [...(config.demo ? [WITHOUT_APPLICATION] : []), reachText(config, parts.port)];
  const warnings = parts.configuration.warnings.map((line) => `  ${styleText('yellow', line)}`);
  const listening = styleText('dim', `  live-room listens at http://localhost:${parts.port}/. Ctrl-C stops it.`);
  const texts = [...notes.map((note) => `  ${note}`), ...warnings];
  return `\n  ${heading}\n\n${lines.join('\n')}\n\n${texts.join('\n')}\n${listening}\n\n`;
}

export function bannerText(parts: BannerParts): string {
  const { configuration, port, terminal } = parts;
  if (!configuration.ok) {
    const warnings = configuration.warnings.map((line) => `${line}\n`).join('');
    return `${warnings}live-room at http://localhost:${port}/ answers SystemError(99): ${configuration.problems.join('; ')}\n`;
  }
  return terminal ? terminalBanner(configuration.config, parts) : plainBanner(configuration.config, parts);
}
