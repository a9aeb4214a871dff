import { describe, expect, it } from '@jest/globals';
import { StoredBytes, type ObjectReader, type Segment } from '../../src/archive/stored-bytes.js';

const file = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i & 0xff));

/** A store of one file that hands out `chunkBytes` at a time and notes what was read. */
function aStore(chunkBytes: number): ObjectReader & { readonly reads: [offset: number, length: number][] } {
  const reads: [number, number][] = [];
  return {
    chunkBytes,
    reads,
    readInto: async (_sha256, target, offset) => {
      reads.push([offset, target.length]);
      target.set(file.subarray(offset, offset + target.length));
    },
  };
}

const head = Buffer.from('head;');
const tail = Buffer.from(';tail');
const SEGMENTS: readonly Segment[] = [head, { sha256: 'f', offset: 100, length: 500 }, tail, { sha256: 'f', offset: 0, length: 7 }];
const WHOLE = Buffer.concat([head, file.subarray(100, 600), tail, file.subarray(0, 7)]);
const onRecord = Promise.resolve();

async function poured(bytes: StoredBytes): Promise<{ all: Buffer; pieces: number; lasts: boolean[] }> {
  const pieces: Buffer[] = [];
  const lasts: boolean[] = [];
  await bytes.pourInto(async (piece, last) => {
    pieces.push(Buffer.from(piece)); // its memory is used again
    lasts.push(last);
  });
  return { all: Buffer.concat(pieces), pieces: pieces.length, lasts };
}

describe('Bytes of an answer', () => {
  it.each([1, 3, 64, 499, 500, 1_000, 1 << 20])('are the same however many come at once: %s', async (chunkBytes) => {
    const bytes = new StoredBytes(aStore(chunkBytes), SEGMENTS, onRecord);
    const { all, lasts } = await poured(bytes);
    expect(bytes.length).toBe(WHOLE.length);
    expect(all.equals(WHOLE)).toBe(true);
    expect(lasts.indexOf(true)).toBe(lasts.length - 1);
    expect((await bytes.whole()).equals(WHOLE)).toBe(true);
    const pieces: Buffer[] = [];
    for await (const piece of bytes.pieces()) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(WHOLE)).toBe(true);
  });

  it.each([
    [0, 0],
    [0, 1],
    [0, 5],
    [4, 6],
    [5, 505],
    [300, 301],
    [503, 517],
    [0, WHOLE.length],
  ])('from %s to %s are that part of them, and nothing else is read', async (start, end) => {
    const store = aStore(64);
    const { all } = await poured(new StoredBytes(store, SEGMENTS, onRecord).slice(start, end));
    expect(all.equals(WHOLE.subarray(start, end))).toBe(true);
    expect(store.reads.reduce((sum, [, length]) => sum + length, 0)).toBeLessThanOrEqual(end - start);
  });

  it('are poured once, as the last of nothing, where there are none', async () => {
    expect(await poured(new StoredBytes(aStore(64), [], onRecord))).toEqual({ all: Buffer.alloc(0), pieces: 1, lasts: [true] });
  });

  it('are not given before the look at them is on record', async () => {
    let record = (): void => undefined;
    const recorded = new Promise<void>((done) => (record = done));
    let given = false;
    const reading = poured(new StoredBytes(aStore(64), SEGMENTS, recorded)).then(() => (given = true));
    await new Promise((later) => setTimeout(later, 20));
    expect(given).toBe(false);
    record();
    await reading;
    expect(given).toBe(true);
  });

  it('are not given at all where the record fails', async () => {
    const pieces: Buffer[] = [];
    const bytes = new StoredBytes(aStore(64), SEGMENTS, Promise.reject(new Error('no record')));
    await expect(bytes.pourInto(async (piece) => void pieces.push(piece))).rejects.toThrow('no record');
    await expect(bytes.whole()).rejects.toThrow('no record');
    expect(pieces).toEqual([]);
  });

  it('break off where reading fails, and where nobody takes them', async () => {
    const store = aStore(64);
    const failing: ObjectReader = {
      chunkBytes: 64,
      readInto: (sha256, target, offset) => (offset > 300 ? Promise.reject(new Error('gone')) : store.readInto(sha256, target, offset)),
    };
    await expect(poured(new StoredBytes(failing, SEGMENTS, onRecord))).rejects.toThrow('gone');
    await expect(new StoredBytes(store, SEGMENTS, onRecord).pourInto(() => Promise.reject(new Error('nobody listens')))).rejects.toThrow(
      'nobody listens',
    );
  });

  it('are never poured from memory that is still being poured', async () => {
    const large = Buffer.alloc(1 << 20, 7);
    const store: ObjectReader = {
      chunkBytes: 1 << 17,
      readInto: async (_sha256, target, offset) => void target.fill(offset >> 17),
    };
    const held: Buffer[] = [];
    const seen: number[] = [];
    await new StoredBytes(store, [{ sha256: 'f', offset: 0, length: large.length }], onRecord).pourInto(async (piece) => {
      held.push(piece);
      const first = piece[0];
      await new Promise((later) => setTimeout(later, 5));
      expect(piece.every((byte) => byte === first)).toBe(true); // nobody wrote into it meanwhile
      seen.push(first);
    });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
