import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { wallClock } from '../../src/training/member-processes.js';
import { aConfig, discs } from './a-training.js';

const MAIN = fileURLToPath(new URL('../../src/training/main.js', import.meta.url));
const LABELS = ['No disc', 'Disc'];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-train-'));
  for (const [split, images] of [
    ['train', discs(48, 1)],
    ['val', discs(16, 2)],
    ['test', discs(16, 3)],
  ] as const)
    for (const { file, label, image } of images) {
      const target = join(folder, 'discs', split, LABELS[label]);
      mkdirSync(target, { recursive: true });
      const raw = { width: image.columns, height: image.rows, channels: 1 as const };
      writeFileSync(
        join(target, `${file}.png`),
        await sharp(Buffer.from(image.samples as Uint8Array), { raw })
          .png()
          .toBuffer(),
      );
    }
  const { network, fit } = aConfig();
  const config = aConfig({ network: { ...network, members: 2 }, fit: { ...fit, epochs: 2, patience: 2, averaging: 0.9 } });
  writeFileSync(join(folder, 'training.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...config, seed: 9 }));
  writeFileSync(join(folder, 'broken.json'), JSON.stringify({ ...config, fit: { ...config.fit, batch: 1000 } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const train = (configuration: string, checkpoints: string, ...more: string[]) =>
  spawnSync(process.execPath, [MAIN, join(folder, configuration), '--data', folder, '--checkpoints', join(folder, checkpoints), ...more], {
    encoding: 'utf8',
    cwd: folder,
  });

jest.setTimeout(300_000); // beside other tests on a small machine

describe('npm run train', () => {
  it('gives the same bytes whether networks are trained one after the other or side by side', () => {
    const alone = train('training.json', 'alone', '--no-test', '--processes', '1');
    const beside = train('training.json', 'beside', '--no-test', '--processes', '2');
    expect([alone.status, beside.status]).toEqual([0, 0]);
    expect(beside.stdout).toMatch(/^sha256 [0-9a-f]{64}, /);
    expect(beside.stdout).toBe(alone.stdout);
    for (const network of ['network 1 of 2 epoch 2', 'network 2 of 2 epoch 2']) expect(beside.stderr).toContain(network);
  });

  it('measures a finished model again: the same card, the test cases counted once; another model of its version is refused', () => {
    const models = ['--models', join(folder, 'models')];
    const read = (name: string) => readFileSync(join(folder, 'models', 'discs', name), 'utf8');
    expect(train('training.json', 'beside', ...models).status).toBe(0);
    const card = read('card.json');
    expect(JSON.parse(read('test-evaluations.json'))).toMatchObject({ times: 1, version: '1' });
    expect(train('training.json', 'none', '--evaluate', ...models)).toMatchObject({ status: 0, stderr: '' });
    expect(read('card.json')).toBe(card);
    expect(JSON.parse(read('test-evaluations.json'))).toMatchObject({ times: 1, version: '1' });

    const other = train('other.json', 'other', ...models);
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('test-split-used')]);
    expect(read('card.json')).toBe(card);
  });

  it('says how it is called when it is called otherwise', () => {
    for (const wrong of [['--processes', '0'], ['--threads', 'many'], ['--speed']]) {
      const { status, stderr } = train('training.json', 'none', ...wrong);
      expect([status, stderr]).toEqual([2, expect.stringContaining('npm run train -- CONFIG')]);
    }
  });

  it('ends where a network can’t be trained, and says why', () => {
    const { status, stderr } = train('broken.json', 'broken', '--processes', '2');
    expect(status).toBe(1);
    expect(stderr).toContain('dataset-broken: 48 training pictures do not fill a batch of 1000.');
    expect(stderr).not.toContain('    at ');
  });
});

describe('Wall clock of runs side by side', () => {
  it('is that of the process that has most to do', () => {
    expect(wallClock([10, 20, 5], 1)).toBe(35);
    expect(wallClock([10, 20, 5], 2)).toBe(20);
    expect(wallClock([10, 20, 5], 4)).toBe(20);
  });
});
