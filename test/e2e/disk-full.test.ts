import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aChestXray, type TestInstance } from './instances.js';
import { eventually, Wetread } from './wetread.js';

const SIZE_MIB = 200;
const FLOOR_MIB = 40;
const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models
const disk = realpathSync(mkdtempSync(join(tmpdir(), 'wetread-small-disk-')));
chmodSync(disk, 0o755); // the embedded Postgres runs as another account
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'tmpfs', disk]).status === 0;
const described = isMounted ? describe : describe.skip;

described('A disk that is full (needs root, for a small tmpfs)', () => {
  let wetread: Wetread;
  beforeAll(async () => {
    wetread = await Wetread.start({ WETREAD_DATA: disk, FREE_SPACE_FLOOR_MIB: String(FLOOR_MIB) }, { embedded: true });
  });
  afterAll(async () => {
    await wetread.remove();
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  const ballast = join(disk, 'ballast');
  /** Fills the disk until only this much is free. */
  const leaveFree = (mib: number): void => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, randomBytes(1 << 20), { flag: 'a' });
    for (let left = (bavail * bsize) / 2 ** 20 - mib - 1; left > 0; left--) {
      try {
        writeFileSync(ballast, randomBytes(1 << 20), { flag: 'a' });
      } catch {
        return; // full to the last block
      }
    }
  };
  const storeOne = ({ bytes }: TestInstance): Promise<Response> =>
    wetread.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': 'application/dicom' }, body: bytes });
  const isThere = async (one: TestInstance): Promise<boolean> => {
    const answer = await wetread.fetch(one.path, { headers: { accept: 'application/dicom' } });
    return answer.ok && Buffer.from(await answer.arrayBuffer()).equals(one.bytes);
  };
  const storedAgain = () =>
    eventually(async () => {
      const one = aChestXray(HAND);
      return (await storeOne(one)).status === 200 && (await isThere(one)) ? true : undefined;
    }, 'storing');

  it('below the floor: stores nothing, by 507, serves what it has, and stores again when there is room', async () => {
    const before = aChestXray(HAND);
    expect((await storeOne(before)).status).toBe(200);
    leaveFree(FLOOR_MIB - 10);
    const refused = await storeOne(aChestXray(HAND));
    expect([refused.status, await refused.json()]).toMatchObject([507, { code: 'out-of-space' }]);
    expect(await isThere(before)).toBe(true);
    expect((await wetread.fetch('/health')).status).toBe(503);
    rmSync(ballast);
    await storedAgain();
    expect(await isThere(before)).toBe(true);
  });

  it('stops a file that grows past the floor, and leaves nothing of it', async () => {
    const free = statfsSync(disk);
    leaveFree(FLOOR_MIB + 20);
    const big = aChestXray({ ...HAND, Rows: 4_000, Columns: 4_000, NumberOfFrames: 3 }, { pixelData: Buffer.alloc(96_000_000) });
    const refused = await storeOne(big);
    expect(refused.status).toBe(507);
    expect((await wetread.fetch(big.path)).status).toBe(404);
    expect(readdirSync(join(disk, 'archive', 'incoming')).filter((name) => name.endsWith('.part'))).toEqual([]);
    rmSync(ballast);
    expect(statfsSync(disk).bavail).toBeGreaterThan(free.bavail - (8 << 20) / free.bsize);
    await storedAgain();
  });

  it('full to the last block by somebody else: refuses, and goes on by itself when there is room, nothing lost', async () => {
    const before = aChestXray(HAND);
    expect((await storeOne(before)).status).toBe(200);
    leaveFree(0);
    for (let i = 0; i < 5; i++) expect([503, 507]).toContain((await storeOne(aChestXray(HAND))).status);
    const looked = await wetread.fetch('/dicom-web/studies');
    expect([200, 503]).toContain(looked.status); // a look is on the ledger, which may find no room
    rmSync(ballast);
    await storedAgain();
    expect(await isThere(before)).toBe(true);
  });
});
