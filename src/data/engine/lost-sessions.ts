/**
 * A server may continue a statement whose connection was lost. Before the statement is sent again on another connection, the
 * session of the lost one is ended, so that its late effect cannot undo a newer change. Every session has a lock under a name
 * of its own (GET_LOCK), which shows whether it is still there, also behind a proxy or a network that translates ports.
 *
 * Two cases are not covered: a session on another server than the repetition (a node of a cluster), and servers without GET_LOCK.
 */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import { fieldsOf } from '../../base/fields';
import type { QueryResult, ServerSession, Statement } from './database';

/** The server ends a session that waits or computes within milliseconds, and one that commits after that (s). */
const GONE_WITHIN_SECONDS = 2;

export function nameSession(): string {
  return `live-room-${randomBytes(12).toString('base64url')}`;
}

/** Sent by the session once, before anything else. */
export function holdName(name: string): string {
  return `DO GET_LOCK('${name}', 0)`;
}

type Ask = (statement: Statement) => Promise<QueryResult>;

async function row(ask: Ask, text: string): Promise<Record<string, unknown>> {
  const { rows } = await ask({ text, values: [], reads: true });
  return fieldsOf(rows[0]);
}

/** Whether the error says that the server cannot do it, and nothing of the connection. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && error.kind === 'other';
}

/** Ends the session `lost` and waits for its end. `ask` sends statements of `own`. Throws a time-out if it continues. */
export async function endSession(lost: ServerSession, own: ServerSession, ask: Ask): Promise<void> {
  try {
    const found = await row(ask, `SELECT IS_USED_LOCK('${lost.name}') AS id, CONNECTION_ID() AS own`);
    if (found['id'] === null) return;
    // A proxy that has numbers of its own would end another session.
    if (Number(found['own']) === own.threadId) {
      const kill = { text: `KILL ${Number(found['id'])}`, values: [], reads: false };
      // It may be gone by now.
      await ask(kill).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
      });
    }
    const { gone } = await row(ask, `SELECT GET_LOCK('${lost.name}', ${GONE_WITHIN_SECONDS}) AS gone`);
    if (gone === 0) throw new DatabaseError('timeout', 'SESSION_CONTINUES');
    await ask({ text: `DO RELEASE_LOCK('${lost.name}')`, values: [], reads: false });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
