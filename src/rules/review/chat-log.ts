/**
 * The log of chats: rows are written in batches after IM's answers. A flood of one person costs rows (100 a minute are kept,
 * the rest is counted), and never an answer. Rows wait while the database refuses connections; what does not fit into
 * memory then is lost and counted.
 */
import { DatabaseError, failedStatement } from '../../base/errors';
import type { Log } from '../../base/log';
import type { DatabaseSource } from '../../data/engine/open';
import { addChatEntries, type NewChatEntry, noteSequences } from '../../data/review/chat-log';
import { noteCallback } from '../../data/review/review-state';
import { WindowCounts } from '../accounts/places';

const FLUSH_MS = 250;
/** Pause after a failed write (ms). */
const FAILED_MS = 1_000;
/** Rows of one statement: each number is a prepared statement of its own. */
const AT_ONCE = [64, 16, 4, 1] as const;
/** Approximate bytes of the rows of one statement, and of all rows that wait or are being written. */
const BYTES_AT_ONCE = 262_144;
const MAX_BYTES = 16_777_216;
/** A row in memory, without its message. */
const ROW_BYTES = 600;
const MAX_SEQUENCES = 10_000;
const SEQUENCES_AT_ONCE = 64;
const MINUTE_MS = 60_000;
/** Messages of one person that are kept in a minute. */
export const PER_MINUTE = 100;

export interface ChatLog {
  add(entry: NewChatEntry): void;
  /** IM's number of a message that went out. */
  sequence(tenant: string, key: string, seq: number): void;
  /** IM has asked before a message. */
  called(tenant: string, now: number): void;
  /** Everything that waits is written. */
  flush(): Promise<void>;
  /** The same for the last time: nothing is written afterwards. */
  close(): Promise<void>;
  /** Rows that were not kept since the process began. */
  dropped(): number;
}

interface Parts {
  database: Pick<DatabaseSource, 'forRequest'>;
  log: Log;
}

const bytesOf = ({ message }: NewChatEntry): number => ROW_BYTES + 2 * message.length;
const allBytes = (rows: readonly NewChatEntry[]): number => rows.reduce((sum, row) => sum + bytesOf(row), 0);

/**
 * Errors of statements that were not carried out (`lost`: while connecting; a statement that is never repeated is in doubt
 * otherwise). After other errors a second copy could be a second row.
 */
const NOT_DONE: ReadonlySet<DatabaseError['kind']> = new Set(['refused', 'lost', 'resuming', 'elsewhere', 'busy']);

/** Rows that wait, oldest first, bounded by their bytes. */
class Waiting {
  private rows: NewChatEntry[] = [];
  private readonly byKey = new Map<string, NewChatEntry>();
  private bytes = 0;

  get length(): number {
    return this.rows.length;
  }

  /** False if there is no room. */
  add(row: NewChatEntry): boolean {
    const bytes = bytesOf(row);
    if (this.bytes + bytes > MAX_BYTES) return false;
    this.bytes += bytes;
    this.rows.push(row);
    this.byKey.set(row.message_key, row);
    return true;
  }

  find(key: string): NewChatEntry | undefined {
    return this.byKey.get(key);
  }

  /** The rows of the next statement, `most` at most. Their bytes count until done() or back(). */
  take(most: number): NewChatEntry[] {
    const fits = (size: number) => size <= most && allBytes(this.rows.slice(0, size)) <= BYTES_AT_ONCE;
    const taken = this.rows.splice(0, AT_ONCE.find(fits) ?? 1);
    for (const { message_key } of taken) this.byKey.delete(message_key);
    return taken;
  }

  done(taken: readonly NewChatEntry[]): void {
    this.bytes -= allBytes(taken);
  }

  back(taken: readonly NewChatEntry[]): void {
    this.rows = [...taken, ...this.rows];
    for (const row of taken) this.byKey.set(row.message_key, row);
  }
}

export function createChatLog({ database, log }: Parts): ChatLog {
  const waiting = new Waiting();
  let sequences: { tenant: string; key: string; seq: number }[] = [];
  const calls = new Map<string, number>();
  const noted = new Map<string, number>();
  const counts = new WindowCounts(MINUTE_MS);
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let closed = false;

  function soon(ms = FLUSH_MS): void {
    if (!closed) timer ??= setTimeout(() => void flush(), ms).unref();
  }

  async function writeRows(): Promise<void> {
    let left = waiting.length;
    while (left > 0) {
      const rows = waiting.take(left);
      left -= rows.length;
      try {
        await addChatEntries(database.forRequest(), rows);
        waiting.done(rows);
      } catch (error) {
        if (error instanceof DatabaseError && NOT_DONE.has(error.kind)) waiting.back(rows);
        else {
          waiting.done(rows);
          dropped += rows.length;
        }
        throw error;
      }
    }
  }

  async function writeSequences(): Promise<void> {
    const known = sequences;
    sequences = [];
    for (const tenant of new Set(known.map((one) => one.tenant))) {
      const own = known.filter((one) => one.tenant === tenant);
      for (let at = 0; at < own.length; at += SEQUENCES_AT_ONCE) {
        await noteSequences(database.forRequest(), tenant, own.slice(at, at + SEQUENCES_AT_ONCE));
      }
    }
  }

  async function writeCalls(): Promise<void> {
    const due = [...calls].filter(([tenant, now]) => now - (noted.get(tenant) ?? 0) >= MINUTE_MS);
    calls.clear();
    for (const [tenant, now] of due) {
      noted.set(tenant, now);
      await noteCallback(database.forRequest(), { tenant, now, unlessSince: now - MINUTE_MS / 2 });
    }
  }

  async function write(): Promise<void> {
    const before = dropped;
    try {
      // The rows come before their numbers.
      await writeRows();
      await writeSequences();
      await writeCalls();
      if (waiting.length > 0 || sequences.length > 0) soon();
    } catch (error) {
      const rows = { rows: dropped - before, waiting: waiting.length };
      log('chat_log_failed', { ...rows, statement: failedStatement(error) });
      soon(FAILED_MS);
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (writing) await writing;
    writing = write().finally(() => {
      writing = undefined;
    });
    await writing;
  }

  return {
    add(entry) {
      const sender = `${entry.tenant} ${entry.user_id}`;
      if (closed || counts.add(sender, entry.at) > PER_MINUTE || !waiting.add(entry)) {
        dropped += 1;
        return;
      }
      soon();
    },
    sequence(tenant, key, seq) {
      const row = waiting.find(key);
      if (row) row.message_seq = seq;
      else if (sequences.length < MAX_SEQUENCES) sequences.push({ tenant, key, seq });
      soon();
    },
    called(tenant, now) {
      if (now - (noted.get(tenant) ?? 0) < MINUTE_MS) return;
      calls.set(tenant, now);
      soon();
    },
    flush,
    close() {
      closed = true;
      return flush();
    },
    dropped: () => dropped,
  };
}
