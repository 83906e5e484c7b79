/** A database that does not answer, as one sentence: the part, the cause, the remedy. For the terminal of the operator. */
import { DatabaseError, OLDER_SCHEMA, OTHER_IDS } from '../base/errors';
import type { DatabaseConfig, MysqlConfig } from '../config/config';

/** Keyed by the driver's code: https://mariadb.com/kb/en/mariadb-error-code-reference/ and errno(3). */
const MYSQL_CAUSES: Readonly<Record<string, (config: MysqlConfig) => string>> = {
  ECONNREFUSED: () => 'no server listens there. Start MySQL, or correct MYSQL_HOST and MYSQL_PORT.',
  ENOTFOUND: () => 'the host name is unknown. Correct MYSQL_HOST.',
  EAI_AGAIN: () => 'the host name cannot be looked up now. Check the network and MYSQL_HOST.',
  ETIMEDOUT: () => 'the server does not answer. Check MYSQL_HOST, the security group and the firewall.',
  EHOSTUNREACH: () => 'the server cannot be reached. Check MYSQL_HOST and the network.',
  ER_ACCESS_DENIED_ERROR: ({ user }) => `it refuses user "${user}". Correct MYSQL_USER and MYSQL_PASSWORD.`,
  ER_DBACCESS_DENIED_ERROR: ({ user, database }) =>
    `user "${user}" may not use database "${database}". Grant it, or correct MYSQL_DB.`,
  TLS_NOT_OFFERED: () => 'it offers no TLS. Give it a certificate, or set MYSQL_TLS=off.',
  TLS_CERTIFICATE_EXPIRED: () => 'its certificate has expired. Renew it.',
  TLS_CERTIFICATE_OF_ANOTHER_NAME: () => 'its certificate is for another name. Correct MYSQL_HOST, or the certificate.',
  TLS_CERTIFICATE_NOT_TRUSTED: () =>
    'no trusted authority has signed its certificate. Put the one that has into MYSQL_CA.',
  TLS_FAILED: () => 'the TLS handshake failed. It needs TLS 1.2 or newer.',
  ER_CON_COUNT_ERROR: () => 'it has no connection left. Lower MYSQL_POOL_SIZE, or raise max_connections.',
};

function mysqlFault(config: MysqlConfig, code: string): string {
  const servers = config.servers.map(({ host, port }) => `${host}:${port}`).join(', ');
  const cause = MYSQL_CAUSES[code]?.(config) ?? `it failed with ${code}.`;
  return `MySQL at ${servers}: ${cause}`;
}

function sqliteFault(path: string, code: string): string {
  const cause = /CANTOPEN|EACCES|EROFS|READONLY|PERM|ENOTDIR|EEXIST/.test(code)
    ? 'the file cannot be written. Make its folder writable, or set SQLITE_PATH to another place.'
    : /FULL|ENOSPC/.test(code)
      ? 'the disk is full. Free some space.'
      : /NOTADB|CORRUPT/.test(code)
        ? 'the file is no SQLite database. Move it away, or set SQLITE_PATH to another place.'
        : `it failed with ${code}.`;
  return `SQLite at ${path}: ${cause}`;
}

export function databaseFault(config: DatabaseConfig, error: unknown): string {
  const code = error instanceof DatabaseError ? error.driverCode : 'an unexpected error';
  if (code === OLDER_SCHEMA) return 'The schema is older than this release. Run npx live-room migrate --apply.';
  if (code === OTHER_IDS) return 'USER_IDS (userIds of a tenant) was changed although there are accounts. Set it back.';
  return config.kind === 'mysql' ? mysqlFault(config, code) : sqliteFault(config.path, code);
}

export interface WatchParts {
  config: DatabaseConfig;
  check: () => Promise<void>;
  report: (sentence: string) => void;
  /** Called instead of asking again, if the service itself refuses the database. */
  refused?: (sentence: string) => void;
  /** Called once, when the database has answered. */
  answered?: () => void;
  pollMs?: number;
}

/** How often a database that did not answer at the start is asked again (ms). */
const POLL_MS = 3_000;

/** Asks the database until it answers for the first time, and reports each new cause. Does not keep the process alive. */
export function watchFirstAnswer(parts: WatchParts): void {
  const { config, check, report, refused, answered, pollMs = POLL_MS } = parts;
  let last = '';
  const ask = async () => {
    try {
      await check();
      if (last !== '') report('The database answers now.');
      answered?.();
    } catch (error) {
      const sentence = databaseFault(config, error);
      if (refused && error instanceof DatabaseError && error.driverCode === OTHER_IDS) return refused(sentence);
      if (sentence !== last) report(`${sentence} Trying again every ${pollMs / 1_000} s.`);
      last = sentence;
      setTimeout(() => void ask(), pollMs).unref();
    }
  };
  void ask();
}
