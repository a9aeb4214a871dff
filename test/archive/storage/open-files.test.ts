import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenFiles } from '../../../src/archive/storage/open-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-open-'));
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, name), name.repeat(10));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (name: string): string => join(folder, name);
const readAll = (files: OpenFiles, name: string): Promise<string> =>
  files.use(pathOf(name), async (handle) => (await handle.read(Buffer.alloc(10), 0, 10, 0)).buffer.toString());

/** Names of the folder's files that this process has open (Linux). */
const held = (): string[] =>
  readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return ''; // the one that reads the folder
      }
    })
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length + 1))
    .sort();

async function eventuallyHeld(names: readonly string[]): Promise<void> {
  for (let i = 0; i < 100 && held().join() !== names.join(); i++) await new Promise((later) => setTimeout(later, 10));
  expect(held()).toEqual(names);
}

describe('Files kept open', () => {
  it('stay so between reads, the least lately used given up first', async () => {
    const files = new OpenFiles(2);
    expect(await readAll(files, 'a')).toBe('aaaaaaaaaa');
    expect(await readAll(files, 'b')).toBe('bbbbbbbbbb');
    await readAll(files, 'a');
    await readAll(files, 'c');
    await eventuallyHeld(['a', 'c']);
    files.closeAll();
    await eventuallyHeld([]);
  });

  it('are not closed under whoever reads them', async () => {
    const files = new OpenFiles(1);
    const reading = files.use(pathOf('a'), async (handle) => {
      await readAll(files, 'b');
      await readAll(files, 'c');
      return (await handle.read(Buffer.alloc(10), 0, 10, 0)).buffer.toString();
    });
    expect(await reading).toBe('aaaaaaaaaa');
    await eventuallyHeld(['c']);
    files.closeAll();
  });

  it('are let go of before they are removed', async () => {
    const files = new OpenFiles(2);
    await readAll(files, 'a');
    files.forget(pathOf('a'));
    unlinkSync(pathOf('a'));
    await eventuallyHeld([]);
    await expect(readAll(files, 'a')).rejects.toThrow('ENOENT');
    writeFileSync(pathOf('a'), 'new and 10');
    expect(await readAll(files, 'a')).toBe('new and 10'); // what could not be opened is tried anew
    files.closeAll();
  });
});
