import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskStorage } from '../../../src/archive/storage/disk.js';
import type { ReceivedFile } from '../../../src/archive/storage/incoming-file.js';

let folder: string;
let storage: DiskStorage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-disk-'));
  storage = new DiskStorage(folder, 0);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const incoming = (): string[] => readdirSync(join(folder, 'incoming'));

async function received(...pieces: readonly Uint8Array[]): Promise<ReceivedFile> {
  const file = storage.receive();
  for (const piece of pieces) await file.write(piece);
  return file.finish(storage.receivedName(1, false));
}

describe('Files on disk', () => {
  it.each<[string, number[]]>([
    ['nothing', []],
    ['one byte', [1]],
    ['pieces beyond what is written at once', [700_000, 1, 900_000, 3_000_000, 5]],
  ])('keeps %s byte by byte under its SHA-256', async (_, lengths) => {
    const pieces = lengths.map((length, i) => Buffer.alloc(length, i + 1));
    const whole = Buffer.concat(pieces);
    const file = await received(...pieces);
    expect(file).toMatchObject({ sha256: hashOf(whole), bytes: whole.length });
    expect(existsSync(storage.pathOf(file.sha256))).toBe(false); // not before it is to be kept
    await storage.keep([file]);
    await storage.settle([file]);
    expect(incoming()).toHaveLength(1); // its folder is not synced yet
    await storage.close();
    expect(readFileSync(storage.pathOf(file.sha256)).equals(whole)).toBe(true);
    expect(incoming()).toEqual([]);
  });

  it('keeps the same bytes once, however often they come', async () => {
    const files = [await received(Buffer.from('same')), await received(Buffer.from('same'))];
    await storage.keep(files);
    await storage.keep([files[0]]);
    await storage.settle(files);
    expect(readdirSync(join(folder, 'objects', files[0].sha256.slice(0, 2)))).toEqual([`${files[0].sha256}.dcm`]);
  });

  it('leaves nothing of a file that was given up', async () => {
    const file = storage.receive();
    await file.write(Buffer.alloc(2_000_000));
    await file.abandon();
    expect(incoming()).toEqual([]);
  });

  it('finds what a crash left: whole files by their hash, those cut short gone, what is not its own set aside', async () => {
    const file = await received(Buffer.from('whole'));
    writeFileSync(join(folder, 'incoming', 'torn.part'), 'to');
    writeFileSync(join(folder, 'incoming', 'strange.txt'), 'who?');
    const { whole, broken } = await new DiskStorage(folder, 0).leftovers();
    expect(whole.map(({ sha256, path }) => [sha256, path])).toEqual([[file.sha256, file.path]]);
    expect(broken).toBe(2);
    expect(readdirSync(join(folder, 'quarantine'))).toEqual(['strange.txt']);
    await storage.quarantine(file);
    expect([incoming(), readdirSync(join(folder, 'quarantine'))]).toEqual([
      [],
      expect.arrayContaining(['strange.txt', expect.stringContaining(file.sha256)]),
    ]);
  });

  it('removes what the index refused, and does not mind if it is gone', async () => {
    const file = await received(Buffer.from('refused'));
    await storage.keep([file]);
    await storage.discard(file.sha256);
    await storage.discard(file.sha256);
    expect(existsSync(storage.pathOf(file.sha256))).toBe(false);
  });
});
