/**
 * Several MySQL servers with the same data, such as the nodes of a cluster: statements go to one of them, the first that
 * accepts writes, until it stops. Then another one is found, and statements in flight on the old one fail like
 * lost, so that repeatable ones are sent to the new one. With one server there is nothing to choose.
 */
import { DatabaseError } from '../../base/errors';
import type { MysqlConfig } from '../../config/config';
import type { Address } from '../../config/server-addresses';
import type { Connection, Driver, PoolState } from './database';
import { type MysqlPool, openPool, type PoolOptions, settings } from './mysql';
import { field, toDatabaseError } from './mysql-errors';

/** A server that does not say within this time that it accepts writes is passed over (ms). */
const PROBE_MS = 1_000;

export interface MysqlDriver extends Driver {
  /** The server that statements go to now. */
  address(): Address;
}

const NOT_THERE: ReadonlySet<DatabaseError['kind']> = new Set(['lost', 'refused', 'timeout', 'elsewhere', 'resuming']);

/** Whether the server responds, is writable, and, in a Galera cluster, is with the majority. */
async function acceptsWrites(config: MysqlConfig, address: Address): Promise<boolean> {
  const { createConnection } = await import('./mysql-client');
  const connection = createConnection({ ...settings(config, address), connectTimeout: PROBE_MS });
  connection.on('error', () => {});
  const ask = (sql: string, name: string): Promise<string> =>
    new Promise((resolve, reject) => {
      connection.query(sql, (error: unknown, rows: unknown) => {
        const sorted = error ? toDatabaseError(error) : undefined;
        if (sorted && NOT_THERE.has(sorted.kind)) reject(sorted);
        // A server that does not know the question has no reason to say no.
        else resolve(sorted || !Array.isArray(rows) ? '' : String(field(rows[0], name) ?? ''));
      });
    });
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new DatabaseError('timeout', 'PROBE_TIMEOUT')), PROBE_MS);
  });
  const answers = Promise.all([
    ask('SELECT @@GLOBAL.read_only AS readOnly', 'readOnly'),
    ask('SELECT @@GLOBAL.wsrep_on AS isNode', 'isNode'),
    ask("SHOW GLOBAL STATUS LIKE 'wsrep_ready'", 'Value'),
  ]);
  try {
    const [readOnly, isNode, ready] = await Promise.race([answers, tooLate]);
    return readOnly !== '1' && !(isNode === '1' && ready === 'OFF');
  } catch {
    // Any error: this server does not take part.
    answers.catch(() => {});
    return false;
  } finally {
    clearTimeout(late);
    connection.destroy();
  }
}

/** The first of these servers that accepts writes; all are asked in parallel. */
async function firstWritable(config: MysqlConfig, addresses: readonly Address[]): Promise<Address | undefined> {
  const answers = addresses.map((address) => acceptsWrites(config, address));
  for (const [index, answer] of answers.entries()) if (await answer) return addresses[index];
  return undefined;
}

class Servers implements MysqlDriver {
  readonly kind = 'mysql';
  readonly begin = 'START TRANSACTION';
  private readonly config: MysqlConfig;
  private readonly options: PoolOptions;
  private current: MysqlPool | undefined;
  private looking: Promise<void> | undefined;
  private closed = false;

  constructor(config: MysqlConfig, options: PoolOptions) {
    this.config = config;
    this.options = { ...options, onTrouble: () => void this.look() };
  }

  async open(): Promise<this> {
    const { servers } = this.config;
    // If none accepts writes, the first error is thrown.
    await this.use((await firstWritable(this.config, servers)) ?? servers[0]);
    return this;
  }

  address(): Address {
    return this.present().address;
  }

  async acquire(timeoutMs: number): Promise<Connection> {
    try {
      return await this.present().acquire(timeoutMs);
    } catch (error) {
      // The caller's next try should find the server that is found now.
      await this.looking;
      throw error;
    }
  }

  pool(): PoolState {
    return this.present().pool();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.looking;
    await this.current?.close();
  }

  private present(): MysqlPool {
    if (!this.current) throw new Error('not opened');
    return this.current;
  }

  private async use(address: Address): Promise<void> {
    this.current = await openPool(this.config, address, this.options);
  }

  /** Checks whether another server has to be used; the current one stays if it accepts writes. One check at a time. */
  private look(): Promise<void> {
    this.looking ??= this.findBetter().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async findBetter(): Promise<void> {
    const old = this.present();
    const others = this.config.servers.filter((address) => address !== old.address);
    const found = await firstWritable(this.config, [old.address, ...others]);
    if (found === undefined || found === old.address || this.closed) return;
    await this.use(found);
    old.leave();
  }
}

/** Opens the configured server, or the first of several that accepts writes. */
export async function openMysql(config: MysqlConfig, options: PoolOptions = {}): Promise<MysqlDriver> {
  const [only, ...others] = config.servers;
  if (others.length > 0) return new Servers(config, options).open();
  const pool = await openPool(config, only, options);
  return {
    kind: pool.kind,
    begin: pool.begin,
    acquire: (timeoutMs) => pool.acquire(timeoutMs),
    pool: () => pool.pool(),
    close: () => pool.close(),
    address: () => only,
  };
}
