/** Errors of mysql2 and of the servers, sorted into the kinds that the retries understand. */
import { DatabaseError } from '../../base/errors';

const LOST = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ER_SERVER_SHUTDOWN', 'ER_CON_COUNT_ERROR']);
const REFUSED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const TIMEOUT = new Set(['PROTOCOL_SEQUENCE_TIMEOUT', 'ETIMEDOUT', 'ER_QUERY_TIMEOUT']);

const KIND_OF: ReadonlyMap<number, DatabaseError['kind']> = new Map([
  [1062, 'duplicate'],
  // Deadlock and lock wait; in a Galera cluster also a conflict with another node, often not before COMMIT.
  [1213, 'deadlock'],
  [1205, 'deadlock'],
  // Group Replication undid the transaction: a hook before or after the commit said no.
  [3100, 'deadlock'],
  [3101, 'deadlock'],
  // TiDB: conflicts that its documents say to retry, and a schema that changed.
  [8002, 'deadlock'],
  [8022, 'deadlock'],
  [8028, 'deadlock'],
  [9007, 'deadlock'],
  // TDSQL-C: the serverless instance is resuming.
  [9449, 'resuming'],
  [1049, 'missing'],
  [1146, 'missing'],
  // Read-only: a server that was the writer, or a standby. Nothing was carried out.
  [1290, 'elsewhere'],
  [1836, 'elsewhere'],
  // A node of a Galera cluster that is not, or not yet, with the majority.
  [1047, 'elsewhere'],
  // MariaDB killed the connection.
  [1927, 'lost'],
]);

/** What mysql2 and Node.js call a TLS handshake that failed, by the messages of OpenSSL and node:tls. */
function tlsFault(code: string, message: string): string | undefined {
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'TLS_NOT_OFFERED';
  if (code !== 'HANDSHAKE_SSL_ERROR') return undefined;
  if (/expired|not yet valid/i.test(message)) return 'TLS_CERTIFICATE_EXPIRED';
  if (/altnames/i.test(message)) return 'TLS_CERTIFICATE_OF_ANOTHER_NAME';
  return /self[- ]signed|unable to|certificate/i.test(message) ? 'TLS_CERTIFICATE_NOT_TRUSTED' : 'TLS_FAILED';
}

export function field(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}

/** Classifies a mysql2 error. The new error has the driver's code and number, and nothing of the statement. */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = String(field(error, 'code') ?? 'UNKNOWN');
  const number = Number(field(error, 'errno') ?? 0);
  const message = String(field(error, 'message') ?? '');
  const as = (kind: DatabaseError['kind']) => new DatabaseError(kind, `${code}${number > 0 ? `/${number}` : ''}`);
  const known = KIND_OF.get(number);
  if (known !== undefined) return as(known);
  if (/instance is resuming/i.test(message)) return as('resuming');
  const tls = tlsFault(code, message);
  if (tls !== undefined) return new DatabaseError('refused', tls);
  if (TIMEOUT.has(code)) return as('timeout');
  if (REFUSED.has(code)) return as('refused');
  // "closed state": the pool handed out a connection that had just died.
  if (LOST.has(code) || /closed state|connection is closed/i.test(message)) return as('lost');
  return as('other');
}
