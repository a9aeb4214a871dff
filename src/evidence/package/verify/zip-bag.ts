import { crc32 } from 'node:zlib';
import { byBytes, nameTrouble } from '../entry-names.js';
import { CENTRAL_FIELDS, CENTRAL_HEADER, centralHeader, endOfArchive, localHeader, type ZipRecord } from '../zip-records.js';
import type { Bag } from './bag.js';
import type { Findings } from './findings.js';
import { firstDifference, readEnd, type ZipSource } from './zip-end.js';

const PIECE = 1 << 20;

/**
 * A package in its ZIP as it was made. Each byte of that ZIP follows from the files' names, sizes, CRCs and bytes: all that is not the
 * files' own is made again and compared. A ZIP that something else packed is another, even of the same files: unpacked it can be checked.
 */
export class ZipBag implements Bag {
  readonly names: readonly string[];
  private readonly records: ReadonlyMap<string, ZipRecord>;

  private constructor(
    private readonly source: ZipSource,
    private readonly findings: Findings,
    records: readonly ZipRecord[],
  ) {
    this.records = new Map(records.map((one) => [one.name, one]));
    this.names = [...this.records.keys()];
  }

  /** Undefined where its directory cannot be read: that is found. */
  static open(source: ZipSource, findings: Findings): ZipBag | undefined {
    const end = readEnd(source, findings);
    if (end === undefined) return undefined;
    const central = source.read(end.offset, end.bytes);
    const records = recordsIn(central, end, findings);
    if (records === undefined) return undefined;
    const made = endOfArchive({ count: records.length, bytes: end.bytes, offset: end.offset });
    compare(findings, 'the end of the ZIP', made, source.read(end.offset + end.bytes, source.size), end.offset + end.bytes);
    const names = records.map(({ name }) => name);
    const trouble = nameTrouble(names);
    if (trouble !== undefined) findings.add('changed', trouble.name, `its name is none that a package has: ${trouble.why}`);
    if (names.some((name, i) => i > 0 && byBytes(names[i - 1], name) >= 0))
      findings.add('changed', "the ZIP's directory", 'its files are not in the order of their names');
    return new ZipBag(source, findings, records);
  }

  async *read(name: string): AsyncGenerator<Buffer, void> {
    const record = this.records.get(name);
    if (record === undefined) throw new RangeError(`there is no file ${name}`);
    const header = localHeader(record);
    compare(this.findings, `the ZIP's header of ${name}`, header, this.source.read(record.offset, header.length), record.offset);
    let crc = 0;
    const begin = record.offset + header.length;
    for (let at = 0; at < record.size; at += PIECE) {
      const piece = this.source.read(begin + at, Math.min(PIECE, record.size - at));
      crc = crc32(piece, crc);
      yield piece;
    }
    if (crc !== record.crc && !this.findings.has(name))
      this.findings.add('changed', name, `its bytes have another CRC than the ZIP says${this.at(name)}`);
  }

  at(name: string): string {
    const record = this.records.get(name);
    if (record === undefined) return '';
    const begin = record.offset + localHeader(record).length;
    return ` (bytes ${begin} to ${begin + record.size} of the ZIP)`;
  }
}

/** The directory's entries (4.3.12), each where it must lie: behind the one before. Undefined where one cannot be read. */
function recordsIn(
  central: Buffer,
  { offset: from, count }: { offset: number; count: number },
  findings: Findings,
): ZipRecord[] | undefined {
  const records: ZipRecord[] = [];
  let [at, offset] = [0, 0];
  while (at < central.length) {
    const read = recordAt(central, at, offset);
    if (read === undefined) {
      findings.add('changed', "the ZIP's directory", `what stands at byte ${from + at} of the ZIP is no entry`);
      return undefined;
    }
    const made = centralHeader(read.record);
    compare(findings, `the ZIP's entry of ${read.record.name}`, made, central.subarray(at, at + read.length), from + at);
    records.push(read.record);
    at += read.length;
    offset += localHeader(read.record).length + read.record.size;
  }
  if (records.length !== count)
    findings.add('changed', 'the end of the ZIP', `it says that there are ${count} files, and there are ${records.length}`);
  if (offset === from) return records;
  findings.add('changed', "the ZIP's directory", `by its entries the files end at byte ${offset}, and it begins at byte ${from}`);
  return undefined; // a size that is not so must not be read
}

function recordAt(central: Buffer, at: number, offset: number): { readonly record: ZipRecord; readonly length: number } | undefined {
  if (at + CENTRAL_FIELDS > central.length || central.readUInt32LE(at) !== CENTRAL_HEADER) return undefined;
  const [nameLength, extraLength] = [central.readUInt16LE(at + 28), central.readUInt16LE(at + 30)];
  const length = CENTRAL_FIELDS + nameLength + extraLength;
  if (at + length > central.length) return undefined;
  const extra = central.subarray(at + CENTRAL_FIELDS + nameLength, at + length);
  const short = central.readUInt32LE(at + 24);
  const size = short === 0xffffffff && extra.length >= 12 ? Number(extra.readBigUInt64LE(4)) : short;
  if (!Number.isSafeInteger(size)) return undefined;
  const name = central.toString('utf8', at + CENTRAL_FIELDS, at + CENTRAL_FIELDS + nameLength);
  return { record: { name, size, crc: central.readUInt32LE(at + 16), offset }, length };
}

function compare(findings: Findings, where: string, made: Buffer, found: Buffer, offset: number): void {
  const at = firstDifference(made, found);
  if (at !== undefined) findings.add('changed', where, `it is another than follows from the files, from byte ${offset + at} of the ZIP on`);
}
