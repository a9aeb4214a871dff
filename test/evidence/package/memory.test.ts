import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('memory-child.js', import.meta.url));

describe('A package of 2 GiB', () => {
  it('is made in memory that stays flat', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, '2048'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const { bytes, size, grownMiB } = JSON.parse(stdout) as { bytes: number; size: number; grownMiB: number };
    expect(bytes).toBe(size);
    expect(bytes).toBeGreaterThan(2 ** 31);
    expect(grownMiB).toBeLessThan(256); // pieces that are garbage already; all of it would be 2,048
  }, 300_000);
});
