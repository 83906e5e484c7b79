/**
 * The interfaces between the stores and the two databases. Stores send statements (sql.ts) through an Executor. A handle of
 * one request (request-database.ts) repeats them within the request's budget, and a Driver (mysql.ts, sqlite.ts) runs them.
 */
import type { RequestBudget } from '../../base/request-budget';
import type { Change } from './changes';
import type { DatabaseKind, Value } from './pieces';
import type { Given, Read, Write } from './sql';

/** A statement as a driver gets it: a text with ? marks, and their values in order. */
export interface Statement {
  text: string;
  values: readonly Value[];
  /** Whether it gives rows. */
  reads: boolean;
}

export interface QueryResult {
  rows: readonly unknown[];
  /** Rows matched (not only changed) by an update; for an upsert a driver's own number, above 0 when a row was written. */
  affected: number;
  insertId: number;
}

/** What a connection is to the server, which may continue it when the connection is lost (lost-sessions.ts). */
export interface ServerSession {
  /** Name of its lock. */
  name: string;
  /** The connection's number, as the server said when it began. */
  threadId: number | null;
}

/** One connection. After a time-out or a lost connection it must be destroyed, never released. */
export interface Connection {
  /** SQLite has none. */
  readonly session?: ServerSession;
  query(statement: Statement, timeoutMs: number): Promise<QueryResult>;
  release(): void;
  destroy(): void;
}

/** How busy the connections are. */
export interface PoolState {
  /** Connections there may be. */
  size: number;
  inUse: number;
  /** Statements and transactions that wait for a connection. */
  waiting: number;
}

export interface Driver {
  readonly kind: DatabaseKind;
  readonly begin: string;
  acquire(timeoutMs: number): Promise<Connection>;
  pool(): PoolState;
  close(): Promise<void>;
}

export interface Written {
  /** Rows matched (not only changed) by an update; for an upsert a driver's own number, above 0 when a row was written. */
  affected: number;
  insertId: number;
}

export interface Executor {
  readonly kind: DatabaseKind;
  query<R, P>(statement: Read<R, P>, ...given: Given<NoInfer<P>>): Promise<R[]>;
  execute<P>(statement: Write<P>, ...given: Given<NoInfer<P>>): Promise<Written>;
  /** Announces a change that a statement has made (changes.ts): now, or once the transaction is committed. */
  changed(change: Change): void;
}

/** A question that is answered for several requests by the same statements (batched.ts). */
export interface BatchedWork<I, O> {
  /** The kind of work, for the metrics. */
  name: string;
  /** Inputs with the same key never share a batch. */
  keyOf: (input: I) => unknown;
  /** Inputs of different partitions, such as tenants, never share a statement. */
  partition?: (input: I) => unknown;
  /** Answers 1 to 64 inputs of one partition, in their order. */
  run: (db: Database, inputs: readonly [I, ...I[]]) => Promise<readonly O[]>;
}

/** Answers one input with others of its kind; `budget` is that of the request that waits for it. */
export type InBatch = <I, O>(work: BatchedWork<I, O>, input: I, budget: RequestBudget) => Promise<O>;

export interface Database extends Executor {
  /** Answers one input in a batch with those of other requests; stores use it through `batched`. */
  inBatch<I, O>(work: BatchedWork<I, O>, input: I): Promise<O>;
  /**
   * Runs `work` in a transaction and commits. Deadlocks and lost connections start it again, so `work` must only send
   * statements. It is committed once: if the response to a COMMIT is lost, a repetition finds out whether that run was
   * committed, and gives its result (commits.ts).
   */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
}
