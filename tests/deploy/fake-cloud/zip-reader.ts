/** Reads a zip by its central directory, as unzip does: checks every CRC, keeps the executable bit. */
import { crc32, inflateRawSync } from 'node:zlib';
import { Refusal } from './refusal';

export interface UnzippedFile {
  readonly name: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

const broken = (why: string) => new Refusal('InvalidParameterValue.ZipFile', `the zip file is broken: ${why}`);

function readEntry(zip: Buffer, at: number): { file: UnzippedFile; next: number } {
  if (zip.readUInt32LE(at) !== 0x02014b50) throw broken('no directory entry');
  const method = zip.readUInt16LE(at + 10);
  const crc = zip.readUInt32LE(at + 16);
  const size = zip.readUInt32LE(at + 20);
  const lengths = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)] as const;
  const mode = zip.readUInt32LE(at + 38) >>> 16;
  const header = zip.readUInt32LE(at + 42);
  const name = zip.toString('utf8', at + 46, at + 46 + lengths[0]);
  if (zip.readUInt32LE(header) !== 0x04034b50) throw broken(`no header of ${name}`);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const data = zip.subarray(start, start + size);
  const content = method === 0 ? data : inflateRawSync(data);
  if (crc32(content) !== crc) throw broken(`the checksum of ${name}`);
  if (name.startsWith('/') || name.includes('..')) throw broken(`the name ${name}`);
  return {
    file: { name, content, executable: (mode & 0o111) !== 0 },
    next: at + 46 + lengths[0] + lengths[1] + lengths[2],
  };
}

/** Throws Refusal when it is not a good zip. */
export function unzip(zip: Buffer): UnzippedFile[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw broken('no end');
  const files: UnzippedFile[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    const { file, next } = readEntry(zip, at);
    files.push(file);
    at = next;
  }
  return files;
}
