/**
 * Request ids that came with the request, for its log line. Clients can send anything, so only what looks
 * like an id is taken: hexadecimal digits and dashes, as UUIDs, trace ids and the ids of gateways are.
 */
import { randomUUID } from 'node:crypto';

const ID_SHAPE = /^[0-9a-f][0-9a-f-]{6,62}[0-9a-f]$/i;

/** The platform overwrites its headers. Elsewhere a proxy sets x-request-id, and the client sends the others. */
const ON_PLATFORM = ['x-scf-request-id', 'x-api-requestid', 'x-request-id'];
const ELSEWHERE = ['x-request-id', 'x-scf-request-id', 'x-api-requestid'];

/** The id that the platform or a proxy gave the request, or a new one. */
export function requestIdOf(headers: Readonly<Record<string, string>>, onPlatform = false): string {
  for (const name of onPlatform ? ON_PLATFORM : ELSEWHERE) {
    const id = headers[name];
    if (id !== undefined && ID_SHAPE.test(id)) return id;
  }
  return randomUUID();
}

/** The trace that the request belongs to (https://www.w3.org/TR/trace-context/, version 00), as 32 hexadecimal digits. */
export function traceIdOf({ traceparent }: Readonly<Record<string, string>>): string | undefined {
  if (traceparent === undefined) return undefined;
  const [, id] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent) ?? [];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}
