/**
 * Some clients put names with spaces, accents or emoji into the URL as they are. Node.js takes such a request line for
 * malformed; here it is escaped. The connection ends with that answer: otherwise it would grow with every such request,
 * until it ended the process.
 */

/** The longest request line in bytes: node.js's limit for all headers. */
export const MAX_REQUEST_LINE = 16_384;

/** Whether these bytes may become a request line, once the rest of it has come. */
export function couldBeRawUrl(bytes: Buffer): boolean {
  if (bytes.length > MAX_REQUEST_LINE || bytes.indexOf('\r\n') >= 0) return false;
  return /^[A-Z]{3,7} \/[^\r\n]*\r?$/.test(bytes.toString('latin1'));
}

/** The start of a message, escaped, and the last of its connection; undefined if that is not the problem. */
export function escapeRequestLine(start: Buffer): Buffer | undefined {
  const end = start.indexOf('\r\n');
  if (end < 0 || end > MAX_REQUEST_LINE) return undefined;
  const [, method, target, version] =
    /^([A-Z]{3,7}) (\/.*) (HTTP\/1\.[01])$/.exec(start.toString('latin1', 0, end)) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const escaped = target.replace(
    /[^\x21-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
  if (escaped === target) return undefined;
  return Buffer.concat([Buffer.from(`${method} ${escaped} ${version}\r\nConnection: close`), start.subarray(end)]);
}
