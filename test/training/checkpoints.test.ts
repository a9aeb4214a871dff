import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from '../../src/training/checkpoints.js';
import type { Checkpoint } from '../../src/training/fit/fit.js';

let root: string;
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'wetread-checkpoints-'))));
afterAll(() => rmSync(root, { recursive: true }));

const network = { parameters: Float32Array.of(1.5, NaN), statistics: new Float32Array(0) };
const aCheckpoint = (seconds: number): Checkpoint => ({
  state: { ...network, mean: Float32Array.of(1, 2), square: Float32Array.of(3, 4), steps: 7 },
  epochs: [{ epoch: 1, loss: 1, accuracy: 0.5, uncertainty: 0.1, auc: 0.5, crossEntropy: 1, calibrationError: 0 }],
  best: { epoch: 1, auc: 0.5, crossEntropy: 1, network },
  average: network,
  seconds,
});

describe('Checkpoints', () => {
  it('give back of each network the last that was saved, to the bit', () => {
    const checkpoints = new Checkpoints(root, 'discs', ['a configuration']);
    expect(checkpoints.load(0)).toBeUndefined();
    checkpoints.save(0, aCheckpoint(1));
    checkpoints.save(0, aCheckpoint(2));
    checkpoints.save(1, aCheckpoint(3));
    expect(checkpoints.load(0)).toEqual(aCheckpoint(2));
    expect(new Checkpoints(root, 'discs', ['a configuration']).load(1)).toEqual(aCheckpoint(3));
  });

  it('belong to one configuration and its data', () => {
    for (const other of [['another configuration'], ['a configuration', Uint8Array.of(1)]])
      expect(new Checkpoints(root, 'discs', other).load(0)).toBeUndefined();
  });

  it('are gone once they are cleared, those of others are not', () => {
    new Checkpoints(root, 'discs', ['another']).save(0, aCheckpoint(1));
    new Checkpoints(root, 'discs', ['a configuration']).clear();
    expect(new Checkpoints(root, 'discs', ['a configuration']).load(0)).toBeUndefined();
    expect(readdirSync(root)).toHaveLength(1);
  });
});
