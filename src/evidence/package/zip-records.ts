/**
 * The records around the files of a package's ZIP (APPNOTE 6.3, clauses as there). Every byte of them follows from the names, sizes and
 * CRCs: the writer makes them, and what checks a package makes them again and compares, so that no byte of a ZIP can be another unseen.
 */

/** A file in the archive. */
export interface ZipRecord {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly crc: number;
  /** Of its local header in the archive. */
  readonly offset: number;
}

export const CENTRAL_HEADER = 0x02014b50;
export const CENTRAL_FIELDS = 46;
export const END_64_LENGTH = 56;
export const LOCATOR_64_LENGTH = 20;
export const END_LENGTH = 22;
export const END = 0x06054b50;
/** Stands in a field of 32 or 16 bits whose value is in the ZIP64 field (4.4.1.4). */
export const ELSEWHERE = 0xffffffff;
export const MANY = 0xffff;

const LOCAL_HEADER = 0x04034b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
/** Names are UTF-8 (4.4.4 bit 11). */
const UTF_8 = 0x0800;
/** 1980-01-01 (4.4.6), at 00:00. */
const DATE = 0x0021;
const VERSION = 20;
const VERSION_64 = 45;
const UNIX = 3;
const READABLE_FILE = 0o100644;

/** 4.3.7. The bytes of the file follow it, as they are (method 0). */
export function localHeader({ name, size, crc }: Omit<ZipRecord, 'offset'>): Buffer {
  const bytes = Buffer.from(name);
  const extra = size >= ELSEWHERE ? extra64([size, size]) : Buffer.alloc(0);
  const fields = Buffer.alloc(30);
  fields.writeUInt32LE(LOCAL_HEADER, 0);
  describe(fields, 4, { size, crc, nameLength: bytes.length, extraLength: extra.length });
  return Buffer.concat([fields, bytes, extra]);
}

/** 4.3.12. */
export function centralHeader({ name, size, crc, offset }: ZipRecord): Buffer {
  const bytes = Buffer.from(name);
  const elsewhere = [...(size >= ELSEWHERE ? [size, size] : []), ...(offset >= ELSEWHERE ? [offset] : [])];
  const extra = elsewhere.length > 0 ? extra64(elsewhere) : Buffer.alloc(0);
  const fields = Buffer.alloc(CENTRAL_FIELDS);
  fields.writeUInt32LE(CENTRAL_HEADER, 0);
  fields.writeUInt16LE((UNIX << 8) | VERSION_64, 4);
  describe(fields, 6, { size, crc, nameLength: bytes.length, extraLength: extra.length });
  fields.writeUInt32LE((READABLE_FILE << 16) >>> 0, 38);
  fields.writeUInt32LE(Math.min(offset, ELSEWHERE), 42);
  return Buffer.concat([fields, bytes, extra]);
}

/** What both headers have in common: version, flags, method, time, CRC, sizes, lengths. */
function describe(
  fields: Buffer,
  at: number,
  { size, crc, nameLength, extraLength }: { size: number; crc: number; nameLength: number; extraLength: number },
): void {
  fields.writeUInt16LE(extraLength > 0 ? VERSION_64 : VERSION, at);
  fields.writeUInt16LE(UTF_8, at + 2);
  fields.writeUInt16LE(DATE, at + 8);
  fields.writeUInt32LE(crc, at + 10);
  fields.writeUInt32LE(Math.min(size, ELSEWHERE), at + 14);
  fields.writeUInt32LE(Math.min(size, ELSEWHERE), at + 18);
  fields.writeUInt16LE(nameLength, at + 22);
  fields.writeUInt16LE(extraLength, at + 24);
}

/** 4.5.3. */
function extra64(values: readonly number[]): Buffer {
  const fields = Buffer.alloc(4 + 8 * values.length);
  fields.writeUInt16LE(1, 0);
  fields.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) fields.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return fields;
}

/** 4.3.14 to 4.3.16. @param offset  of the central directory, whose headers have `bytes` bytes */
export function endOfArchive({ count, bytes, offset }: { count: number; bytes: number; offset: number }): Buffer {
  const end = Buffer.alloc(END_LENGTH);
  end.writeUInt32LE(END, 0);
  for (const at of [8, 10]) end.writeUInt16LE(Math.min(count, MANY), at);
  end.writeUInt32LE(Math.min(bytes, ELSEWHERE), 12);
  end.writeUInt32LE(Math.min(offset, ELSEWHERE), 16);
  if (count < MANY && bytes < ELSEWHERE && offset < ELSEWHERE) return end;
  const end64 = Buffer.alloc(END_64_LENGTH);
  end64.writeUInt32LE(END_64, 0);
  end64.writeBigUInt64LE(BigInt(END_64_LENGTH - 12), 4); // of what follows in this record
  end64.writeUInt16LE((UNIX << 8) | VERSION_64, 12);
  end64.writeUInt16LE(VERSION_64, 14);
  for (const [i, value] of [count, count, bytes, offset].entries()) end64.writeBigUInt64LE(BigInt(value), 24 + 8 * i);
  const locator = Buffer.alloc(LOCATOR_64_LENGTH);
  locator.writeUInt32LE(END_64_LOCATOR, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}
