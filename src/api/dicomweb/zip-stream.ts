import { crc32 } from 'node:zlib';

/** A file to go into an archive. */
export interface ZipEntry {
  /** Path with slashes; ASCII. */
  readonly name: string;
  readonly changedAt: Date;
  /** Bytes, where they are known. */
  readonly length?: number;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const END = 0x06054b50;
/** CRC and sizes follow the bytes (4.4.4 bit 3): they are not known before. */
const SIZES_FOLLOW = 0x0008;
const VERSION = 20;
const VERSION_64 = 45;
const UNIX = 3;
const READABLE_FILE = 0o100644;
/** Stands in a field of 32 or 16 bits whose value is in the ZIP64 field (4.4.1.4). */
const ELSEWHERE = 0xffffffff;
const MANY = 0xffff;

/**
 * A ZIP archive (APPNOTE 6.3, clauses as there) as it is read: each entry is asked for when the one before is out, its bytes
 * as they are (method 0: pixels are as short as they get), ZIP64 where 32 bits are too few. Memory: one piece, and a few words
 * an entry for the central directory. What an entry throws ends the stream with it.
 */
export async function* zipped(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const central: Buffer[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const start = offset;
    const long = entry.length === undefined || entry.length >= ELSEWHERE;
    const header = localHeader(entry, long);
    let crc = 0;
    let size = 0;
    let begun = false;
    for await (const piece of entry.bytes) {
      if (!begun) yield header; // not sooner: what cannot be opened throws before anything of it is out
      begun = true;
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
    if (!begun) yield header;
    if (entry.length !== undefined && size !== entry.length) throw new RangeError('an entry has not the length that was said');
    const descriptor = dataDescriptor(crc, size, long);
    yield descriptor;
    central.push(centralHeader(entry, long, { crc, size, offset: start }));
    offset += header.length + size + descriptor.length;
  }
  yield* central;
  yield endOf(central, offset);
}

/** 4.3.7. */
function localHeader(entry: ZipEntry, long: boolean): Buffer {
  const fields = Buffer.alloc(30);
  fields.writeUInt32LE(LOCAL_HEADER, 0);
  describe(fields, 4, entry, long);
  if (!long) return Buffer.concat([fields, nameOf(entry)]);
  fields.writeUInt32LE(ELSEWHERE, 18);
  fields.writeUInt32LE(ELSEWHERE, 22);
  const sizes = extra64([0, 0]);
  fields.writeUInt16LE(sizes.length, 28);
  return Buffer.concat([fields, nameOf(entry), sizes]);
}

/** 4.3.9. */
function dataDescriptor(crc: number, size: number, long: boolean): Buffer {
  const fields = Buffer.alloc(long ? 24 : 16);
  fields.writeUInt32LE(DATA_DESCRIPTOR, 0);
  fields.writeUInt32LE(crc, 4);
  for (const i of [0, 1])
    if (long) fields.writeBigUInt64LE(BigInt(size), 8 + 8 * i);
    else fields.writeUInt32LE(size, 8 + 4 * i);
  return fields;
}

/** 4.3.12. */
function centralHeader(entry: ZipEntry, long: boolean, { crc, size, offset }: { crc: number; size: number; offset: number }): Buffer {
  const fields = Buffer.alloc(46);
  const sizes = size >= ELSEWHERE ? [size, size] : [];
  const elsewhere = [...sizes, ...(offset >= ELSEWHERE ? [offset] : [])];
  const extra = elsewhere.length > 0 ? extra64(elsewhere) : Buffer.alloc(0);
  fields.writeUInt32LE(CENTRAL_HEADER, 0);
  fields.writeUInt16LE((UNIX << 8) | VERSION_64, 4);
  describe(fields, 6, entry, long || elsewhere.length > 0);
  fields.writeUInt32LE(crc, 16);
  fields.writeUInt32LE(Math.min(size, ELSEWHERE), 20);
  fields.writeUInt32LE(Math.min(size, ELSEWHERE), 24);
  fields.writeUInt16LE(extra.length, 30);
  fields.writeUInt32LE((READABLE_FILE << 16) >>> 0, 38);
  fields.writeUInt32LE(Math.min(offset, ELSEWHERE), 42);
  return Buffer.concat([fields, nameOf(entry), extra]);
}

/** What the local and the central header have in common: version, flags, method, time, and the name's length. */
function describe(fields: Buffer, at: number, { name, changedAt }: ZipEntry, long: boolean): void {
  const time = (changedAt.getUTCHours() << 11) | (changedAt.getUTCMinutes() << 5) | (changedAt.getUTCSeconds() >> 1);
  const date = ((changedAt.getUTCFullYear() - 1980) << 9) | ((changedAt.getUTCMonth() + 1) << 5) | changedAt.getUTCDate();
  fields.writeUInt16LE(long ? VERSION_64 : VERSION, at);
  fields.writeUInt16LE(SIZES_FOLLOW, at + 2);
  fields.writeUInt16LE(time, at + 6);
  fields.writeUInt16LE(date, at + 8);
  fields.writeUInt16LE(name.length, at + 22);
}

/** 4.5.3. */
function extra64(values: readonly number[]): Buffer {
  const fields = Buffer.alloc(4 + 8 * values.length);
  fields.writeUInt16LE(1, 0);
  fields.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) fields.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return fields;
}

/** 4.3.14 to 4.3.16. */
function endOf(central: readonly Buffer[], offset: number): Buffer {
  const bytes = central.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  for (const at of [8, 10]) end.writeUInt16LE(Math.min(central.length, MANY), at);
  end.writeUInt32LE(Math.min(bytes, ELSEWHERE), 12);
  end.writeUInt32LE(Math.min(offset, ELSEWHERE), 16);
  if (central.length < MANY && bytes < ELSEWHERE && offset < ELSEWHERE) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(END_64, 0);
  end64.writeBigUInt64LE(44n, 4); // of what follows in this record
  end64.writeUInt16LE((UNIX << 8) | VERSION_64, 12);
  end64.writeUInt16LE(VERSION_64, 14);
  for (const [i, value] of [central.length, central.length, bytes, offset].entries()) end64.writeBigUInt64LE(BigInt(value), 24 + 8 * i);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(END_64_LOCATOR, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}

const nameOf = ({ name }: ZipEntry): Buffer => Buffer.from(name, 'latin1');
