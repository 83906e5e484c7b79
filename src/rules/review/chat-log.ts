/**
 * Writes the log of chats after the answers, in batches. A flood of one person costs rows (100 a minute are kept, the rest
 * is counted), and never an answer; a database that is down costs the rows that do not fit into memory.
 */
import { failedStatement } from '../../base/errors';
import type { Log } from '../../base/log';
import type { DatabaseSource } from '../../data/engine/open';
import { addChatEntries, type NewChatEntry, noteSequences } from '../../data/review/chat-log';
import { noteCallback } from '../../data/review/review-state';
import { WindowCounts } from '../accounts/window-counts';

const FLUSH_MS = 250;
/** Rows of one statement, and rows that may wait. */
const AT_ONCE = 100;
const MAX_WAITING = 10_000;
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
  /** Rows that were not kept since the process began. */
  dropped(): number;
}

interface Parts {
  database: Pick<DatabaseSource, 'forRequest'>;
  log: Log;
}

export function createChatLog({ database, log }: Parts): ChatLog {
  let entries: NewChatEntry[] = [];
  const waiting = new Map<string, NewChatEntry>();
  let sequences: { tenant: string; key: string; seq: number }[] = [];
  const calls = new Map<string, number>();
  const noted = new Map<string, number>();
  const counts = new WindowCounts(MINUTE_MS);
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  function soon(): void {
    timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
  }

  async function writeEntries(rows: readonly NewChatEntry[]): Promise<void> {
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      await addChatEntries(database.forRequest(), rows.slice(at, at + AT_ONCE));
    }
  }

  async function writeSequences(rows: typeof sequences): Promise<void> {
    for (const tenant of new Set(rows.map((row) => row.tenant))) {
      const own = rows.filter((row) => row.tenant === tenant);
      for (let at = 0; at < own.length; at += AT_ONCE) {
        await noteSequences(database.forRequest(), tenant, own.slice(at, at + AT_ONCE));
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
    const [rows, known] = [entries, sequences];
    entries = [];
    sequences = [];
    waiting.clear();
    try {
      await writeEntries(rows);
      await writeSequences(known);
      await writeCalls();
    } catch (error) {
      dropped += rows.length;
      log('chat_log_failed', { rows: rows.length, statement: failedStatement(error) });
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (writing) await writing;
    writing = write().finally(() => {
      writing = undefined;
      if (entries.length > 0 || sequences.length > 0) soon();
    });
    await writing;
  }

  return {
    add(entry) {
      const sender = `${entry.tenant} ${entry.user_id}`;
      if (counts.add(sender, entry.at) > PER_MINUTE || entries.length >= MAX_WAITING) {
        dropped += 1;
        return;
      }
      entries.push(entry);
      waiting.set(entry.message_key, entry);
      soon();
    },
    sequence(tenant, key, seq) {
      const entry = waiting.get(key);
      if (entry) entry.message_seq = seq;
      else if (sequences.length < MAX_WAITING) sequences.push({ tenant, key, seq });
      soon();
    },
    called(tenant, now) {
      if (now - (noted.get(tenant) ?? 0) < MINUTE_MS) return;
      calls.set(tenant, now);
      soon();
    },
    flush,
    dropped: () => dropped,
  };
}
