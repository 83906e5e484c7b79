/**
 * The handle of one request (or one batch, or one run of a job) on the database: it repeats statements and transactions that
 * failed and may be repeated, within the request's budget, and adds up their cost.
 */
import { DatabaseError } from '../../base/errors';
import type { RequestBudget } from '../../base/request-budget';
import type { Change, Changes } from './changes';
import { Commits } from './commits';
import type {
  BatchedWork,
  Connection,
  Database,
  Driver,
  Executor,
  InBatch,
  QueryResult,
  ServerSession,
  Statement,
  Written,
} from './database';
import { endSession } from './lost-sessions';
import type { DatabaseKind } from './pieces';
import { bind } from './prepared';
import type { Given, Read, Write } from './sql';

/** The pause between two tries while a serverless cluster wakes up (error 9449; ms). */
const RESUME_POLL_MS = 300;
/** The pause between two tries while no server accepts writes (ms). */
const ELSEWHERE_POLL_MS = 200;
/** The longest pause before a busy SQLite file is tried again (ms). */
const BUSY_POLL_MS = 50;
const ATTEMPTS = 5;

/** Errors that leave the connection usable. */
const KEEPS_CONNECTION: ReadonlySet<DatabaseError['kind']> = new Set(['duplicate', 'deadlock', 'busy']);

const BEGIN = 'transaction.begin';
const [COMMIT, ROLLBACK] = [command('COMMIT'), command('ROLLBACK')];

function command(text: string): Statement {
  return { text, values: [], reads: false };
}

function timeIsUp(): DatabaseError {
  return new DatabaseError('timeout', 'DEADLINE');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const checked = new WeakSet<Read<unknown, never>>();

/** Compares the first row that a statement ever gives with the columns that it declares. */
function checkedRows<R>(statement: Read<R, never>, rows: readonly unknown[]): R[] {
  const [first] = rows;
  if (first !== undefined && !checked.has(statement)) {
    const given = Object.keys(Object(first)).sort().join(', ');
    const declared = [...statement.columns.names].sort().join(', ');
    if (given !== declared) throw new Error(`${statement.name} selects ${given}, but declares ${declared}`);
    checked.add(statement);
  }
  // The columns' types come from the schema that made the tables.
  return rows as R[];
}

const IN_DOUBT = 'IN DOUBT';

/** Whether a statement that is not repeated failed in a way that leaves open whether it was carried out. */
function isInDoubt(error: unknown): boolean {
  return error instanceof DatabaseError && error.driverCode.endsWith(IN_DOUBT);
}

/** Whether the server may have carried out a statement that failed. */
function mayBeDone(error: unknown): boolean {
  return isInDoubt(error) || (error instanceof DatabaseError && (error.kind === 'lost' || error.kind === 'timeout'));
}

function isLost(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'lost';
}

/** The error of a connection that was lost under a statement which must not be sent twice. */
function inDoubt(error: unknown): unknown {
  return error instanceof DatabaseError && error.kind === 'lost'
    ? new DatabaseError('other', `${error.driverCode} ${IN_DOUBT}`)
    : error;
}

/** A connection that timed out still has an answer on its way, and a lost connection has none: both are destroyed. */
function giveBack(connection: Connection, error: unknown): void {
  if (error instanceof DatabaseError && !KEEPS_CONNECTION.has(error.kind)) connection.destroy();
  else connection.release();
}

function named(error: unknown, name: string): unknown {
  if (error instanceof DatabaseError) error.statement ??= name;
  return error;
}

/** The result of a transaction. */
interface Committed<T> {
  result: T;
  changes: readonly Change[];
}

interface Run<R> {
  connection: Connection;
  driver: Driver;
  commits: Commits<R>;
}

/** What all handles on one database share. */
export interface HandleSource {
  readonly kind: DatabaseKind;
  /** The driver while it is open. */
  driver: Driver | undefined;
  /** Opens it; throws after the database was closed. */
  open: () => Promise<Driver>;
  inBatch: InBatch;
  changes: Changes;
}

export class RequestDatabase implements Database {
  private readonly source: HandleSource;
  private readonly budget: RequestBudget;
  readonly kind: DatabaseKind;

  constructor(source: HandleSource, budget: RequestBudget) {
    this.source = source;
    this.budget = budget;
    this.kind = source.kind;
  }

  changed(change: Change): void {
    this.source.changes.announce(change);
  }

  inBatch<I, O>(work: BatchedWork<I, O>, input: I): Promise<O> {
    return this.source.inBatch(work, input, this.budget);
  }

  async query<R, P>(statement: Read<R, P>, ...[values]: Given<P> | []): Promise<R[]> {
    const bound = bind(statement, this.kind, values);
    const { name } = statement;
    const { rows } = await this.onConnection(name, (connection) => this.send(connection, name, bound));
    return checkedRows(statement, rows);
  }

  async execute<P>(statement: Write<P>, ...[values]: Given<P> | []): Promise<Written> {
    const { name, repeat } = statement;
    const bound = bind(statement, this.kind, values);
    const send = (connection: Connection) => this.send(connection, name, bound);
    const sendOnce = (connection: Connection) =>
      send(connection).catch((error: unknown) => {
        throw inDoubt(error);
      });
    try {
      return await this.onConnection(name, repeat === 'safe' ? send : sendOnce);
    } catch (error) {
      if (mayBeDone(error)) this.changed('anything');
      throw error;
    }
  }

  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    const commits = new Commits<Committed<T>>();
    return this.onConnection(BEGIN, (connection, driver) => this.within({ connection, driver, commits }, work));
  }

  private async within<T>(
    { connection, driver, commits }: Run<Committed<T>>,
    work: (tx: Executor) => Promise<T>,
  ): Promise<T> {
    const changes: Change[] = [];
    const tx: Executor = {
      kind: this.kind,
      changed: (change) => void changes.push(change),
      query: async (statement, ...[values]) => {
        const { rows } = await this.send(connection, statement.name, bind(statement, this.kind, values));
        return checkedRows(statement, rows);
      },
      execute: (statement, ...[values]) => this.send(connection, statement.name, bind(statement, this.kind, values)),
    };
    await this.send(connection, BEGIN, command(driver.begin));
    let committed: Committed<T> | undefined;
    try {
      // SQLite is inside the process: no response is lost.
      if (driver.kind === 'mysql') committed = await commits.earlier(tx);
      if (committed) {
        await this.send(connection, 'transaction.rollback', ROLLBACK);
      } else {
        committed = { result: await work(tx), changes };
        commits.sending(committed);
        await this.send(connection, 'transaction.commit', COMMIT);
      }
    } catch (error) {
      const broken = error instanceof DatabaseError && (error.kind === 'lost' || error.kind === 'timeout');
      if (broken) this.changed('anything');
      else await this.send(connection, 'transaction.rollback', ROLLBACK);
      throw error;
    }
    for (const change of committed.changes) this.changed(change);
    return committed.result;
  }

  /** Does `work` on a connection; again, on another one if need be, after errors that a repetition may cure. */
  private async onConnection<T>(
    name: string,
    work: (connection: Connection, driver: Driver) => Promise<T>,
  ): Promise<T> {
    const lost: ServerSession[] = [];
    for (let tries = 1; ; tries += 1) {
      let connection: Connection | undefined;
      try {
        const driver = this.source.driver ?? (await this.opened());
        const asked = performance.now();
        try {
          const left = this.budget.leftForStatements();
          if (left <= 0) throw timeIsUp();
          connection = await driver.acquire(left);
        } finally {
          this.budget.databaseMs += performance.now() - asked;
        }
        if (lost.length > 0) await this.outlive(name, lost, connection);
        const result = await work(connection, driver);
        connection.release();
        return result;
      } catch (error) {
        if (connection) giveBack(connection, error);
        if (connection?.session && isLost(error)) lost.push(connection.session);
        if (!(error instanceof DatabaseError) || !(await this.worthRetrying(error, tries))) throw named(error, name);
      }
    }
  }

  /** A repetition comes after the end of the sessions whose connections were lost under the former tries. */
  private async outlive(name: string, lost: ServerSession[], connection: Connection): Promise<void> {
    const own = connection.session;
    for (let [session] = lost; own && session; [session] = lost) {
      await endSession(session, own, (statement) => this.send(connection, name, statement));
      lost.shift();
    }
  }

  /** Sends one statement on a connection, within the time that is left. */
  private async send(connection: Connection, name: string, statement: Statement): Promise<QueryResult> {
    const started = performance.now();
    this.budget.queries += 1;
    try {
      const left = this.budget.leftForStatements();
      if (left <= 0) throw timeIsUp();
      return await connection.query(statement, left);
    } catch (error) {
      throw named(error, name);
    } finally {
      this.budget.databaseMs += performance.now() - started;
    }
  }

  /** The time it takes to open the database (a new schema, fifty cold instances) does not count for the statements. */
  private opened(): Promise<Driver> {
    const opening = this.source.open();
    return this.budget.outside((leftMs) => limited(opening, leftMs));
  }

  private async worthRetrying(error: DatabaseError, tries: number): Promise<boolean> {
    if (error.kind === 'resuming') {
      if (this.budget.left() <= RESUME_POLL_MS) return false;
      await this.budget.outside(() => pause(RESUME_POLL_MS));
      return true;
    }
    const wait = pauseAfter(error, tries);
    if (wait === undefined || wait >= this.budget.leftForStatements()) return false;
    await pause(wait);
    return true;
  }
}

/** How long to wait before the next try (ms); undefined: it would not help. */
function pauseAfter({ kind }: DatabaseError, tries: number): number | undefined {
  if (kind === 'busy') return Math.random() * Math.min(BUSY_POLL_MS, 2 ** tries);
  // A new writer is being made, or found; nothing was carried out.
  if (kind === 'elsewhere') return ELSEWHERE_POLL_MS;
  if ((kind !== 'deadlock' && kind !== 'lost' && kind !== 'refused') || tries >= ATTEMPTS) return undefined;
  return Math.random() * 20 * 2 ** tries + (kind === 'deadlock' ? 0 : 20);
}

/** The result of `work`, or a time-out after `ms`. The work itself continues. */
export async function limited<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseError('timeout', 'NOT_READY')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
