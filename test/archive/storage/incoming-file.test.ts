import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutOfSpace } from '../../../src/archive/faults.js';
import { FileThread, FileThreadDied, SLAB_BYTES } from '../../../src/archive/storage/file-thread.js';
import { IncomingFile } from '../../../src/archive/storage/incoming-file.js';

let folder: string;
let thread: FileThread;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-incoming-'));
  thread = new FileThread();
});
afterEach(async () => {
  await thread.close();
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const name = () => ({ prefix: `${folder}/`, suffix: '.dcm' });
const enough = () => Promise.resolve();

/** Gives bytes piece by piece, each piece spoilt once it was taken. */
async function give(file: IncomingFile, bytes: Buffer, pieceBytes: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    await file.write(piece);
    piece.fill(0xee);
  }
}

describe('A file being received', () => {
  it.each([
    [0, 1],
    [1, 1],
    [1_000, 7],
    [SLAB_BYTES - 1, 65_536],
    [SLAB_BYTES, 65_536],
    [SLAB_BYTES + 1, 65_536],
    [3 * SLAB_BYTES, SLAB_BYTES],
    [3 * SLAB_BYTES + 5, 2 * SLAB_BYTES + 1],
    [5_000_000, 100_003],
  ])('of %s bytes that come %s at a time has those bytes and their SHA-256', async (length, pieceBytes) => {
    const bytes = randomBytes(length);
    const file = new IncomingFile(thread, join(folder, 'a.part'), enough);
    await give(file, bytes, pieceBytes);
    const received = await file.finish(name());
    await received.durable;
    expect(received).toMatchObject({ sha256: hashOf(bytes), bytes: length, path: join(folder, `${hashOf(bytes)}.dcm`) });
    expect(readFileSync(received.path).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual([`${hashOf(bytes)}.dcm`]);
  });

  it('is not mixed with others that come at the same time', async () => {
    const all = Array.from({ length: 12 }, (_, i) => randomBytes(400_000 + i * 300_000));
    const received = await Promise.all(
      all.map(async (bytes, i) => {
        const file = new IncomingFile(thread, join(folder, `${i}.part`), enough);
        await give(file, bytes, 64_000 + i);
        return file.finish(name());
      }),
    );
    for (const [i, { path, durable }] of received.entries()) {
      await durable;
      expect(readFileSync(path).equals(all[i])).toBe(true);
    }
  });

  it('leaves nothing when it is given up, and tells what had come of it, what was only passed over too', async () => {
    const [kept, passed] = [randomBytes(2_500_000), randomBytes(1_700_000)];
    const file = new IncomingFile(thread, join(folder, 'a.part'), enough);
    await give(file, kept, 100_000);
    await file.pass(passed);
    expect(await file.abandon()).toEqual({ sha256: hashOf(Buffer.concat([kept, passed])), bytes: 4_200_000 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stops where there is no space any more, and can be given up then', async () => {
    const file = new IncomingFile(thread, join(folder, 'a.part'), () => Promise.reject(new OutOfSpace()));
    await expect(give(file, randomBytes(40 << 20), SLAB_BYTES)).rejects.toThrow(OutOfSpace);
    await file.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  const small = mkdtempSync(join(tmpdir(), 'wetread-incoming-small-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${3 * SLAB_BYTES}`, 'tmpfs', small]).status === 0;
  afterAll(() => {
    if (isMounted) spawnSync('umount', [small]);
    rmSync(small, { recursive: true });
  });

  (isMounted ? it : it.skip)(
    'gives a full disk its space back when it is given up, and the next one is received (needs root)',
    async () => {
      const bytes = randomBytes(5 * SLAB_BYTES + 7);
      const file = new IncomingFile(thread, join(small, 'a.part'), enough);
      await expect(give(file, bytes, 100_000)).rejects.toThrow(OutOfSpace);
      await file.abandon();
      expect(readdirSync(small)).toEqual([]);
      const next = new IncomingFile(thread, join(small, 'b.part'), enough);
      await give(next, bytes.subarray(0, 2 * SLAB_BYTES), SLAB_BYTES);
      const { sha256, durable } = await next.finish({ prefix: `${small}/`, suffix: '.dcm' });
      await durable;
      expect(sha256).toBe(hashOf(bytes.subarray(0, 2 * SLAB_BYTES)));
    },
  );

  it('fails where it cannot be written, and the next one is received', async () => {
    const file = new IncomingFile(thread, join(folder, 'absent', 'a.part'), enough);
    await give(file, randomBytes(10), 10);
    await expect(file.finish(name())).rejects.toMatchObject({ code: 'ENOENT' });
    await file.abandon();
    const next = new IncomingFile(thread, join(folder, 'b.part'), enough);
    await give(next, Buffer.from('next'), 4);
    expect((await next.finish(name())).sha256).toBe(hashOf(Buffer.from('next')));
  });

  it('keeps its thread from closing, at its end, what has the number of a descriptor by then', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error) => warnings.push(warning.message);
    process.on('warning', hear);
    for (let i = 0; i < 3; i++) {
      const file = new IncomingFile(thread, join(folder, `${i}.part`), enough);
      await give(file, randomBytes(100), 100);
      await (
        await file.finish(name())
      ).durable;
    }
    const other = openSync(join(folder, 'other'), 'w'); // takes the number that the last file had
    await thread.close();
    writeSync(other, 'still open');
    closeSync(other);
    process.off('warning', hear);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('still open');
    expect(warnings).toEqual([]);
  });

  it('fails when its thread dies, and the next one gets a new thread', async () => {
    const file = new IncomingFile(thread, join(folder, 'a.part'), enough);
    await give(file, randomBytes(SLAB_BYTES), SLAB_BYTES);
    const finishing = file.finish(name());
    await thread.close();
    await expect(finishing).rejects.toThrow(FileThreadDied);
    const next = new IncomingFile(thread, join(folder, 'b.part'), enough);
    await give(next, Buffer.from('next'), 4);
    expect((await next.finish(name())).sha256).toBe(hashOf(Buffer.from('next')));
  });
});
