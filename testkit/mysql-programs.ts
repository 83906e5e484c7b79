/**
 * Which database servers this machine has for tests, and how each wants to be set up and started: MariaDB as the system
 * has it, and Oracle's MySQL in a folder of its own (scripts/fetch-mysql.mjs puts it there), which no system library fits.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Flavour = 'mariadb' | 'mysql';

export interface Programs {
  readonly flavour: Flavour;
  /** As the program itself says it; tells data directories of different versions apart. */
  readonly version: string;
  readonly server: string;
  /** The arguments that come before all others. */
  readonly first: readonly string[];
  /** Makes a data directory with an administrator without a password. */
  initialise(data: string): void;
  /** The account that owns the data: neither server runs as root unless it is told to. */
  readonly runsAs: string | undefined;
  /** The option for the size of the redo log, such as 16M. */
  logSize(size: string): string;
  /** SQL that gives an account all rights, also where it has them already. */
  grant(account: string, password: string): string;
}

const isRoot = process.getuid?.() === 0;

// Debian keeps servers in /usr/sbin, which is not on an ordinary user's PATH.
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function findProgram(...names: string[]): string | undefined {
  return names
    .flatMap((name) => searchPath.filter((dir) => dir !== '').map((dir) => join(dir, name)))
    .find(isExecutable);
}

function versionOf(program: string, ...args: string[]): string {
  return /Ver (\S+)/.exec(execFileSync(program, [...args, '--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown';
}

function findMariadb(): Programs | undefined {
  const server = findProgram('mariadbd', 'mysqld');
  const install = findProgram('mariadb-install-db', 'mysql_install_db');
  if (server === undefined || install === undefined) return undefined;
  const version = versionOf(server);
  if (!/mariadb/i.test(version)) return undefined;
  // Debian's package makes the user `mysql` for it.
  const runsAs = isRoot ? 'mysql' : undefined;
  return {
    flavour: 'mariadb',
    version,
    server,
    first: ['--no-defaults'],
    runsAs,
    initialise: (data) => {
      const options = ['--auth-root-authentication-method=normal', '--skip-test-db', '--innodb-log-file-size=16M'];
      const user = runsAs ? [`--user=${runsAs}`] : [];
      execFileSync(install, ['--no-defaults', ...user, `--datadir=${data}`, ...options], { stdio: 'pipe' });
    },
    logSize: (size) => `--innodb-log-file-size=${size}`,
    grant: (account, password) =>
      `CREATE OR REPLACE USER ${account} IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n`,
  };
}

/** Where scripts/fetch-mysql.mjs puts MySQL. */
function mysqlRoot(): string {
  return process.env['TEST_MYSQL_ROOT'] || join(process.cwd(), 'node_modules/.cache/live-room-mysql');
}

function findMysql(): Programs | undefined {
  const root = mysqlRoot();
  const libraries = join(root, 'usr/lib');
  if (!existsSync(join(root, 'usr/sbin/mysqld'))) return undefined;
  const folder = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu'));
  if (folder === undefined) return undefined;
  const own = join(libraries, folder);
  const loader = readdirSync(own).find((name) => name.startsWith('ld-linux'));
  if (loader === undefined) return undefined;
  // Its libraries are newer than this system's: its own loader starts it, and becomes the server.
  const path = `${own}:${join(libraries, 'mysql/private')}`;
  const server = join(own, loader);
  const program = ['--library-path', path, join(root, 'usr/sbin/mysqld')];
  const places = [
    '--secure-file-priv=NULL',
    `--basedir=${join(root, 'usr')}`,
    `--plugin-dir=${join(libraries, 'mysql/plugin')}`,
    `--character-sets-dir=${join(root, 'usr/share/mysql/charsets')}`,
    `--lc-messages-dir=${join(root, 'usr/share/mysql')}`,
    '--mysqlx=OFF',
  ];
  const first = [...program, '--no-defaults', ...places];
  // Not `mysql`: that account cannot read a folder in somebody's home.
  const runsAs = isRoot ? 'root' : undefined;
  return {
    flavour: 'mysql',
    version: versionOf(server, ...program),
    server,
    first,
    runsAs,
    initialise: (data) => {
      const user = runsAs ? [`--user=${runsAs}`] : [];
      const options = ['--initialize-insecure', '--innodb-redo-log-capacity=16M', `--datadir=${data}`];
      execFileSync(server, [...first, ...user, ...options], { stdio: 'pipe' });
    },
    logSize: (size) => `--innodb-redo-log-capacity=${size}`,
    grant: (account, password) =>
      `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n`,
  };
}

/** The server of one kind, or undefined where this machine does not have it. */
export function findPrograms(flavour: Flavour): Programs | undefined {
  // The tests freeze and kill servers by signal and guard them by a shell: Unix only.
  if (process.platform === 'win32') return undefined;
  return flavour === 'mysql' ? findMysql() : findMariadb();
}
