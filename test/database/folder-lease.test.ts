import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FolderKept, FolderLease } from '../../src/database/folder-lease.js';

const WATCHED_MS = 40_000;
const nobody = (): void => undefined;

/** The kernel frees no lock of a process that it does not know: what one container says, another can only read. */
describe('A data folder shared by places that do not see each other', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'wetread-lease-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const holder = (): unknown => JSON.parse(readFileSync(join(folder, 'server.lock'), 'utf8'));

  it(
    'is kept from another place as long as its holder lives, and free as soon as it leaves',
    async () => {
      const one = await FolderLease.take(folder, nobody, 'here');
      await expect(FolderLease.take(folder, nobody, 'there')).rejects.toThrow(FolderKept);
      expect(holder()).toMatchObject({ place: 'here', pid: process.pid });
      await one.release();
      expect(readdirSync(folder)).toEqual([]);
      await (await FolderLease.take(folder, nobody, 'there')).release();
    },
    WATCHED_MS,
  );

  it(
    'is taken over from a holder of another place that says nothing any more',
    async () => {
      writeFileSync(join(folder, 'server.lock'), JSON.stringify({ id: 'dead', pid: 7, place: 'there' }));
      const one = await FolderLease.take(folder, nobody, 'here');
      expect(holder()).toMatchObject({ place: 'here' });
      expect(readdirSync(folder)).toEqual(['server.lock']);
      await one.release();
    },
    WATCHED_MS,
  );

  it('is taken over at once from a holder of the same place, which the lock of the kernel shows to be dead', async () => {
    writeFileSync(join(folder, 'server.lock'), JSON.stringify({ id: 'dead', pid: 7, place: 'here' }));
    const one = await FolderLease.take(folder, nobody, 'here');
    expect(holder()).toMatchObject({ pid: process.pid });
    await one.release();
  });

  it(
    'is taken over though a power cut took the bytes of what the holder had said',
    async () => {
      writeFileSync(join(folder, 'server.lock'), '');
      const one = await FolderLease.take(folder, nobody, 'here');
      expect(holder()).toMatchObject({ pid: process.pid });
      await one.release();
    },
    WATCHED_MS,
  );

  it('tells who stood still for too long that another has taken it, and leaves it to that one', async () => {
    const lost = jest.fn();
    const one = await FolderLease.take(folder, lost, 'here');
    writeFileSync(join(folder, 'server.lock'), JSON.stringify({ id: 'other', pid: 8, place: 'there' }));
    await new Promise((later) => setTimeout(later, 2_500));
    expect(lost).toHaveBeenCalledTimes(1);
    await one.release();
    expect(holder()).toMatchObject({ id: 'other' });
  });
});
