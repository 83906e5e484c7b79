/** The words after `live-room`. */

export const HELP = `live-room: the backend of a live-streaming app

  live-room                      runs the service here; without a .env in demo mode with an embedded database (.data/)
  live-room migrate              shows which changes the configured database needs (--plan); exit code 3 if there are any
  live-room migrate --apply      makes them
  live-room console <url>        shows the pages of a service that runs elsewhere

  --port <number>                where to listen (default: 9000 for the service, a free port for the console)
  --help, --version
`;

export type Options =
  | { command: 'start'; port: number | undefined }
  | { command: 'migrate'; apply: boolean }
  /** `service` has its final slash. */
  | { command: 'console'; service: string; port: number }
  | { command: 'help' }
  | { command: 'version' }
  | { command: 'wrong'; problem: string };

const wrong = (problem: string): Options => ({ command: 'wrong', problem });

/** http or https, without a query; whoever pastes an address of a page or of a call means the service. */
function serviceAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const path = pathname.replace(/\/+(?:base\/v1.*|console|operators|docs|helloworld|openapi\.json)?\/*$/, '');
  return `${origin}${path}/`;
}

function readPort(text: string | undefined): number | undefined {
  return /^\d{1,5}$/.test(text ?? '') && Number(text) <= 65_535 ? Number(text) : undefined;
}

export function readOptions(args: readonly string[]): Options {
  const words: string[] = [];
  let port: number | undefined;
  const flags = new Set<string>();
  for (let index = 0; index < args.length; index += 1) {
    const [name = '', value] = (args[index] ?? '').split(/=(.*)/s);
    if (name === '--help' || name === '-h') return { command: 'help' };
    if (name === '--version' || name === '-v') return { command: 'version' };
    if (name === '--port' || name === '-p') {
      if (value === undefined) index += 1;
      port = readPort(value ?? args[index]);
      if (port === undefined) return wrong('--port must be a number from 0 to 65535');
    } else if (name === '--plan' || name === '--apply') flags.add(name);
    else if (name.startsWith('-')) return wrong(`there is no option ${name}`);
    else words.push(args[index] ?? '');
  }
  const [command, address, ...more] = words;
  if (command === 'migrate') {
    if (words.length > 1) return wrong(`migrate takes no ${address}`);
    return flags.size > 1 ? wrong('give --plan or --apply') : { command, apply: flags.has('--apply') };
  }
  if (flags.size > 0) return wrong(`${[...flags][0]} is for live-room migrate`);
  if (command === undefined || (command === 'start' && words.length === 1)) return { command: 'start', port };
  if (command !== 'console') return wrong(`there is no command ${command}`);
  if (address === undefined) return wrong('say which service: live-room console https://…');
  if (more.length > 0) return wrong(`one address is enough, ${more[0]} is too much`);
  const service = serviceAddress(address);
  return service ? { command: 'console', service, port: port ?? 0 } : wrong(`${address} is not an http(s) address`);
}
