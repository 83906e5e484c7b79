/**
 * Writes a zip whose bytes depend only on the files' names, modes and contents: no dates, no order of the disk, no
 * operating system. The same code therefore gives the same package on every machine with the same zlib.
 * It writes no directories and no zip64.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Forward slashes. */
  readonly name: string;
  readonly content: Buffer;
  /** scf_bootstrap must be executable after unzipping. */
  readonly executable: boolean;
}

/** 1980-01-01 00:00, the earliest a zip can say. */
const dosDate = 0x0021;
const utf8Names = 0x0800;
const deflated = 8;
const madeOnUnix = 0x0314;

interface Written {
  readonly entry: ZipEntry;
  readonly name: Buffer;
  readonly data: Buffer;
  readonly crc: number;
  readonly offset: number;
}

function fields(written: Written): Buffer {
  const buffer = Buffer.alloc(26);
  buffer.writeUInt16LE(20, 0);
  buffer.writeUInt16LE(utf8Names, 2);
  buffer.writeUInt16LE(deflated, 4);
  buffer.writeUInt16LE(0, 6);
  buffer.writeUInt16LE(dosDate, 8);
  buffer.writeUInt32LE(written.crc, 10);
  buffer.writeUInt32LE(written.data.length, 14);
  buffer.writeUInt32LE(written.entry.content.length, 18);
  buffer.writeUInt16LE(written.name.length, 22);
  return buffer;
}

function localHeader(written: Written): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields(written), written.name]);
}

function directoryEntry(written: Written): Buffer {
  const start = Buffer.alloc(6);
  start.write('PK\x01\x02', 'latin1');
  start.writeUInt16LE(madeOnUnix, 4);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((written.entry.executable ? 0o100755 : 0o100644) * 0x10000, 6);
  rest.writeUInt32LE(written.offset, 10);
  return Buffer.concat([start, fields(written), rest, written.name]);
}

function end(count: number, size: number, offset: number): Buffer {
  const buffer = Buffer.alloc(22);
  buffer.write('PK\x05\x06', 'latin1');
  buffer.writeUInt16LE(count, 8);
  buffer.writeUInt16LE(count, 10);
  buffer.writeUInt32LE(size, 12);
  buffer.writeUInt32LE(offset, 16);
  return buffer;
}

export function createZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const written: Written[] = [];
  let offset = 0;
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const data = deflateRawSync(entry.content, { level: 9 });
    const item = { entry, name: Buffer.from(entry.name), data, crc: crc32(entry.content), offset };
    const header = localHeader(item);
    parts.push(header, data);
    written.push(item);
    offset += header.length + data.length;
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  return Buffer.concat([...parts, directory, end(written.length, directory.length, offset)]);
}
