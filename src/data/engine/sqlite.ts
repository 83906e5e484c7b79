/**
 * The embedded SQLite driver (libsql, which has better-sqlite3's interface and prebuilt binaries). One connection,
 * used by one statement or one transaction at a time. Loaded only without a configured MySQL server.
 */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseError } from '../../base/errors';
import type { Connection, Driver, PoolState, QueryResult, Statement } from './database';

interface SqliteStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number | bigint };
}
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): void;
}

const MAX_PREPARED = 300;

/** Takes the write lock immediately: a transaction that reads first could not get it behind another writer. */
const BEGIN = 'BEGIN IMMEDIATE';
const ENDS: readonly string[] = ['COMMIT', 'ROLLBACK'];

export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = String((typeof error === 'object' && error !== null && Reflect.get(error, 'code')) || 'SQLITE_ERROR');
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return new DatabaseError('duplicate', code);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return new DatabaseError('busy', code);
  if (error instanceof Error && /no such table/.test(error.message)) return new DatabaseError('missing', code);
  return new DatabaseError('other', code);
}

/** Readable by the service's user only, since it has secrets. SQLite creates its other files with the same mode. */
const OWN = 0o600;

function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', OWN));
  // They may have been there before.
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    if (existsSync(file)) chmodSync(file, OWN);
  }
}

/**
 * Opens the file, making its folder. WAL lets several processes read while one writes. SQLite's own waiting for another
 * process would block everything in this one, so it does not wait: a caller that finds the file busy tries again
 * (database.ts).
 */
export async function openSqliteFile(path: string): Promise<SqliteDatabase> {
  if (path !== ':memory:') makePrivate(path);
  const { default: Sqlite } = await import('libsql');
  // libsql's types are those of better-sqlite3; only this much of them is used.
  const file = new Sqlite(path) as unknown as SqliteDatabase;
  file.exec('PRAGMA busy_timeout = 0');
  file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = NORMAL');
  return file;
}

/** The driver is its one connection, which callers have one after the other. */
class SqliteDriver implements Driver, Connection {
  readonly kind = 'sqlite';
  readonly begin = BEGIN;
  private readonly file: SqliteDatabase;
  private readonly prepared = new Map<string, SqliteStatement>();
  private inTransaction = false;
  private busy = false;
  private readonly waiting: { give: () => void; timer: NodeJS.Timeout }[] = [];

  constructor(file: SqliteDatabase) {
    this.file = file;
  }

  async acquire(timeoutMs: number): Promise<Connection> {
    if (this.busy) await this.itsTurn(timeoutMs);
    this.busy = true;
    return this;
  }

  private itsTurn(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        give: resolve,
        timer: setTimeout(() => {
          this.waiting.splice(this.waiting.indexOf(entry), 1);
          reject(new DatabaseError('timeout', 'SQLITE_QUEUE'));
        }, timeoutMs),
      };
      this.waiting.push(entry);
    });
  }

  /** It stays busy if another caller waits for it. */
  release(): void {
    const next = this.waiting.shift();
    if (!next) {
      this.busy = false;
      return;
    }
    clearTimeout(next.timer);
    next.give();
  }

  /** It is never lost; a transaction that ran out of time is rolled back. */
  destroy(): void {
    this.rollBack();
    this.release();
  }

  pool(): PoolState {
    return { size: 1, inUse: this.busy ? 1 : 0, waiting: this.waiting.length };
  }

  async close(): Promise<void> {
    this.file.close();
  }

  async query(statement: Statement): Promise<QueryResult> {
    try {
      if (statement.text === BEGIN || ENDS.includes(statement.text)) {
        this.control(statement.text);
        return { rows: [], affected: 0, insertId: 0 };
      }
      const prepared = this.prepared.get(statement.text) ?? this.prepare(statement.text);
      if (statement.reads) {
        return { rows: prepared.all(...statement.values), affected: 0, insertId: 0 };
      }
      const info = this.inTransaction ? prepared.run(...statement.values) : this.write(prepared, statement.values);
      return { rows: [], affected: info.changes, insertId: Number(info.lastInsertRowid) };
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /**
   * A prepared statement that finds the file busy stays active in libsql, and keeps its read transaction open: every later
   * read is old, and every write fails. exec() leaves no statement behind, so it is exec() that asks for the write lock.
   */
  private control(text: string): void {
    this.file.exec(text);
    this.inTransaction = text === BEGIN;
  }

  /** A single statement that writes, in a transaction of its own. */
  private write(prepared: SqliteStatement, values: Statement['values']): ReturnType<SqliteStatement['run']> {
    this.file.exec(BEGIN);
    try {
      const info = prepared.run(...values);
      this.file.exec('COMMIT');
      return info;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  private rollBack(): void {
    try {
      this.file.exec('ROLLBACK');
    } catch {
      // There was no transaction.
    }
    this.inTransaction = false;
  }

  private prepare(sql: string): SqliteStatement {
    if (this.prepared.size >= MAX_PREPARED) this.prepared.clear();
    const prepared = this.file.prepare(sql);
    this.prepared.set(sql, prepared);
    return prepared;
  }
}

/** Wraps an open file as a Driver. */
export function sqliteDriver(file: SqliteDatabase): Driver {
  return new SqliteDriver(file);
}
