/**
 * What the stores run their statements on (sql.ts), the same for both databases: single statements and transactions with
 * retries, within a budget that also collects what a request cost. A Driver (mysql.ts, sqlite.ts) does the work.
 */
import { DatabaseError } from '../../base/errors';
import type { RequestBudget } from '../../base/request-budget';
import type { Change, ChangeListener } from './changes';
import type { Read, Value, Write } from './sql';

/** What a driver gets. */
export interface Statement {
  sql: string;
  parameters: readonly Value[];
  /** Whether it gives rows. */
  reads: boolean;
}

export interface QueryResult {
  rows: readonly unknown[];
  /** Rows matched (not only changed) by an update; for an upsert a driver's own number, above 0 when a row was written. */
  affected: number;
  insertId: number;
}

/** One connection. After a time-out or a lost connection it must be destroyed, never released. */
export interface Connection {
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
  readonly kind: 'mysql' | 'sqlite';
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
  readonly kind: 'mysql' | 'sqlite';
  query<R>(statement: Read<R>): Promise<R[]>;
  execute(statement: Write): Promise<Written>;
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
  /** Answers one input together with those of other requests; stores use it through `batched`. */
  inBatch<I, O>(work: BatchedWork<I, O>, input: I): Promise<O>;
  /**
   * Runs `work` in a transaction and commits. Deadlocks and connections lost before the commit start it again, so
   * `work` must not do anything but statements, and must come out the same when its commit was done but not heard of.
   */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
}

/** How often a serverless cluster that wakes up (error 9449) is asked again (ms). */
const RESUME_POLL_MS = 300;
/** How often servers are asked again while none of them takes writes (ms). */
const ELSEWHERE_POLL_MS = 200;
/** How long the longest pause is before a busy SQLite file is tried again (ms). */
const BUSY_POLL_MS = 50;
const ATTEMPTS = 5;

/** After these the connection is as good as before. */
const KEEPS_CONNECTION: ReadonlySet<DatabaseError['kind']> = new Set(['duplicate', 'deadlock', 'busy']);

const BEGIN = { name: 'transaction.begin' };
const COMMIT = { name: 'transaction.commit' };
const ROLLBACK = { name: 'transaction.rollback' };

function statementOf({ kind, sql }: Read<unknown> | Write): Statement {
  return { sql: sql.text, parameters: sql.values, reads: kind === 'read' };
}

function command(text: string): Statement {
  return { sql: text, parameters: [], reads: false };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const checkedTexts = new Set<string>();
/** Texts differ by the lengths of their lists only; more than this many would be a mistake. */
const MOST_CHECKED = 5_000;

/** The first row a text ever gives is held against the columns it was declared with. */
function checkedRows<R>(statement: Read<R>, rows: readonly unknown[]): R[] {
  const [first] = rows;
  if (first !== undefined && !checkedTexts.has(statement.sql.text)) {
    const given = Object.keys(Object(first)).sort().join(', ');
    const declared = [...statement.columns.names].sort().join(', ');
    if (given !== declared) throw new Error(`${statement.name} selects ${given}, but declares ${declared}`);
    if (checkedTexts.size < MOST_CHECKED) checkedTexts.add(statement.sql.text);
  }
  // The columns' types come from the schema that made the tables.
  return rows as R[];
}

const IN_DOUBT = 'IN DOUBT';

/** Of a statement that is not repeated: whether it was carried out, nobody knows. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof DatabaseError && error.driverCode.endsWith(IN_DOUBT);
}

/** Whether the server may have carried out a statement that failed. */
function mayBeDone(error: unknown): boolean {
  return isInDoubt(error) || (error instanceof DatabaseError && (error.kind === 'lost' || error.kind === 'timeout'));
}

/** A connection lost under a statement that must not be sent twice: nobody knows whether it was carried out. */
function withoutRepeating(error: unknown): unknown {
  return error instanceof DatabaseError && error.kind === 'lost'
    ? new DatabaseError('other', `${error.driverCode} ${IN_DOUBT}`)
    : error;
}

/** The handle of one request (or one job) on the database. */
export class RequestDatabase implements Database {
  readonly kind: 'mysql' | 'sqlite';
  private readonly ready: () => Driver | Promise<Driver>;
  private readonly budget: RequestBudget;
  private readonly batches: InBatch;
  readonly changed: ChangeListener;

  constructor(parts: {
    kind: 'mysql' | 'sqlite';
    /** The driver where it is open already, or the promise of it. */
    ready: () => Driver | Promise<Driver>;
    budget: RequestBudget;
    batches: InBatch;
    /** Default: this process remembers nothing. */
    onChange?: ChangeListener;
  }) {
    this.kind = parts.kind;
    this.ready = parts.ready;
    this.budget = parts.budget;
    this.batches = parts.batches;
    this.changed = parts.onChange ?? (() => {});
  }

  inBatch<I, O>(work: BatchedWork<I, O>, input: I): Promise<O> {
    return this.batches(work, input, this.budget);
  }

  async query<R>(statement: Read<R>): Promise<R[]> {
    const { rows } = await this.named(statement, () => this.alone(statement, true));
    return checkedRows(statement, rows);
  }

  async execute(statement: Write): Promise<Written> {
    try {
      return await this.named(statement, () => this.alone(statement, statement.repeat === 'safe'));
    } catch (error) {
      if (mayBeDone(error)) this.changed('anything');
      throw error;
    }
  }

  /** One statement outside a transaction. */
  private alone(asked: Read<unknown> | Write, mayRepeat: boolean): Promise<QueryResult> {
    const statement = statementOf(asked);
    return this.retrying(async (driver) => {
      const connection = await this.timed(() => driver.acquire(this.remaining()));
      return this.using(connection, (one) =>
        this.timed(() => one.query(statement, this.remaining()), true).catch((error: unknown) => {
          throw mayRepeat ? error : withoutRepeating(error);
        }),
      );
    });
  }

  private async named<T>({ name }: { name: string }, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DatabaseError) error.statement ??= name;
      throw error;
    }
  }

  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    return this.retrying(async (driver) => {
      const connection = await this.named(BEGIN, () => this.timed(() => driver.acquire(this.remaining())));
      return this.using(connection, (one) => this.within(one, driver, work));
    });
  }

  private async within<T>(connection: Connection, driver: Driver, work: (tx: Executor) => Promise<T>): Promise<T> {
    const run = (of: { name: string }, statement: Statement) =>
      this.named(of, () => this.timed(() => connection.query(statement, this.remaining()), true));
    const changes: Change[] = [];
    const tx: Executor = {
      kind: this.kind,
      changed: (change) => void changes.push(change),
      query: async <R>(asked: Read<R>) => checkedRows(asked, (await run(asked, statementOf(asked))).rows),
      execute: (asked) => run(asked, statementOf(asked)),
    };
    await run(BEGIN, command(driver.begin));
    let result: T;
    try {
      result = await work(tx);
      await run(COMMIT, command('COMMIT'));
    } catch (error) {
      const broken = error instanceof DatabaseError && (error.kind === 'lost' || error.kind === 'timeout');
      if (broken) this.changed('anything');
      else await run(ROLLBACK, command('ROLLBACK'));
      throw error;
    }
    for (const change of changes) this.changed(change);
    return result;
  }

  private async using<T>(connection: Connection, work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      const result = await work(connection);
      connection.release();
      return result;
    } catch (error) {
      // A connection that timed out still has an answer on its way; one that was lost has none.
      const broken = error instanceof DatabaseError && !KEEPS_CONNECTION.has(error.kind);
      if (broken) connection.destroy();
      else connection.release();
      throw error;
    }
  }

  private async retrying<T>(attempt: (driver: Driver) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const driver = this.ready();
        return await attempt(driver instanceof Promise ? await this.opened(driver) : driver);
      } catch (error) {
        if (!(error instanceof DatabaseError) || !(await this.worthRetrying(error, tries))) throw error;
      }
    }
  }

  /** The time it takes to open the database (a new schema, fifty cold instances) is not the statements'. */
  private opened(opening: Promise<Driver>): Promise<Driver> {
    return this.budget.outside((leftMs) => limited(opening, leftMs));
  }

  private async worthRetrying(error: DatabaseError, tries: number): Promise<boolean> {
    if (error.kind === 'resuming') {
      if (this.budget.left() <= RESUME_POLL_MS) return false;
      await this.budget.outside(() => pause(RESUME_POLL_MS));
      return true;
    }
    if (error.kind === 'busy') {
      const wait = Math.random() * Math.min(BUSY_POLL_MS, 2 ** tries);
      if (wait >= this.budget.leftForStatements()) return false;
      await pause(wait);
      return true;
    }
    if (error.kind === 'elsewhere') {
      // A new writer is being made, or found; nothing was carried out.
      if (this.budget.leftForStatements() <= ELSEWHERE_POLL_MS) return false;
      await pause(ELSEWHERE_POLL_MS);
      return true;
    }
    if (error.kind !== 'deadlock' && error.kind !== 'lost' && error.kind !== 'refused') return false;
    const wait = Math.random() * 20 * 2 ** tries + (error.kind === 'deadlock' ? 0 : 20);
    if (tries >= ATTEMPTS || wait >= this.budget.leftForStatements()) return false;
    await pause(wait);
    return true;
  }

  private remaining(): number {
    const left = this.budget.leftForStatements();
    if (left <= 0) throw new DatabaseError('timeout', 'DEADLINE');
    return left;
  }

  private async timed<T>(work: () => Promise<T>, isQuery = false): Promise<T> {
    const started = performance.now();
    if (isQuery) this.budget.queries += 1;
    try {
      return await work();
    } finally {
      this.budget.databaseMs += performance.now() - started;
    }
  }
}

/** What `work` gives, or a time-out after `ms`; the work itself goes on. */
export async function limited<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseError('timeout', 'NOT_READY')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
