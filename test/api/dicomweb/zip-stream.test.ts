import { describe, expect, it } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { zipped, type ZipEntry } from '../../../src/api/dicomweb/zip-stream.js';

const changedAt = new Date('2026-03-04T05:06:08Z');
const GIB = 2 ** 30;

async function* entries(...all: readonly ZipEntry[]): AsyncGenerator<ZipEntry> {
  yield* all;
}

/** The archive's length, and its last bytes. */
async function ending(archive: AsyncIterable<Uint8Array>, keep: number): Promise<{ length: number; tail: Buffer }> {
  let length = 0;
  let tail = Buffer.alloc(0);
  for await (const piece of archive) {
    length += piece.length;
    tail = Buffer.concat([tail, piece.subarray(Math.max(0, piece.length - keep))]).subarray(-keep);
  }
  return { length, tail };
}

describe('A ZIP archive (APPNOTE 6.3)', () => {
  it('asks for an entry when the one before is out, and for a piece when it is taken', async () => {
    const seen: string[] = [];
    async function* pieces(name: string): AsyncGenerator<Uint8Array> {
      for (const i of [1, 2]) {
        seen.push(`${name}${i}`);
        yield new Uint8Array([i]);
      }
    }
    async function* all(): AsyncGenerator<ZipEntry> {
      for (const name of ['A', 'B']) {
        seen.push(name);
        yield { name, changedAt, bytes: pieces(name) };
      }
    }
    const archive = zipped(all());
    for (let i = 0; i < 3; i++) await archive.next(); // the header of A, its two pieces
    expect(seen).toEqual(['A', 'A1', 'A2']);
    for await (const piece of archive) expect(piece.length).toBeLessThan(200);
    expect(seen).toEqual(['A', 'A1', 'A2', 'B', 'B1', 'B2']);
  });

  it('closes the entry it is in when nobody reads on', async () => {
    let closed = 0;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(10);
      } finally {
        closed++;
      }
    }
    const archive = zipped(entries({ name: 'A', changedAt, bytes: pieces() }));
    for (let i = 0; i < 5; i++) await archive.next();
    await archive.return(undefined);
    expect(closed).toBe(1);
  });

  it('ends with the error of an entry, before its header where it cannot be opened', async () => {
    const failing = (after: number): ZipEntry => ({
      name: 'A',
      changedAt,
      bytes: (async function* () {
        for (let i = 0; i < after; i++) yield new Uint8Array(10);
        throw new Error('gone');
      })(),
    });
    await expect(zipped(entries(failing(0))).next()).rejects.toThrow('gone');
    const broken = zipped(entries(failing(2)));
    await broken.next();
    await expect(ending(broken, 10)).rejects.toThrow('gone');
  });

  it('ends with an error where an entry has not the length that was said', async () => {
    const short: ZipEntry = { name: 'A', changedAt, length: 3, bytes: [new Uint8Array(2)] };
    await expect(ending(zipped(entries(short)), 10)).rejects.toThrow(RangeError);
  });

  it('says in ZIP64 what 32 bits cannot (4.5.3): an entry of 4 GiB, and what comes behind it', async () => {
    const piece = new Uint8Array(64 * 2 ** 20);
    const pieces = function* () {
      for (let i = 0; i < 4 * GIB; i += piece.length) yield piece;
    };
    const bytes = new Uint8Array([1, 2, 3]);
    const archive = zipped(
      entries({ name: 'LARGE', changedAt, length: 4 * GIB, bytes: pieces() }, { name: 'BEHIND', changedAt, length: 3, bytes: [bytes] }),
    );
    const { length, tail } = await ending(archive, 400);
    const end64 = tail.lastIndexOf(Buffer.from('504b0606', 'hex'));
    const centralLength = Number(tail.readBigUInt64LE(end64 + 40));
    const centralOffset = Number(tail.readBigUInt64LE(end64 + 48));
    expect([tail.readBigUInt64LE(end64 + 24), centralOffset + centralLength]).toEqual([2n, length - tail.length + end64]);
    const large = tail.subarray(end64 - centralLength);
    expect(large.readUInt32LE(24)).toBe(0xffffffff);
    expect(Number(large.readBigUInt64LE(46 + 5 + 4))).toBe(4 * GIB);
    const behind = large.subarray(46 + 5 + large.readUInt16LE(30));
    expect([behind.readUInt32LE(0), behind.readUInt32LE(16), behind.readUInt32LE(24)]).toEqual([0x02014b50, crc32(bytes), 3]);
    expect(behind.readUInt32LE(42)).toBe(0xffffffff);
    expect(Number(behind.readBigUInt64LE(46 + 6 + 4))).toBe(30 + 5 + 20 + 4 * GIB + 24);
  }, 60_000);

  it('counts more than 65,535 entries', async () => {
    async function* many(): AsyncGenerator<ZipEntry> {
      for (let i = 0; i < 70_000; i++) yield { name: `F${i}`, changedAt, length: 1, bytes: [new Uint8Array(1)] };
    }
    const { tail } = await ending(zipped(many()), 98);
    expect(tail.readBigUInt64LE(24)).toBe(70_000n);
    expect(tail.readUInt16LE(76 + 10)).toBe(0xffff);
  });
});
