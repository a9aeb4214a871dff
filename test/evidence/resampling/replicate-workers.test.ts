import { describe, expect, it } from '@jest/globals';
import { bootstrapOnWorkers } from '../../../src/evidence/resampling/replicate-workers.js';
import { bootstrap } from '../../../src/evidence/statistics/resampling/bootstrap.js';
import type { ResamplingInput } from '../../../src/evidence/statistics/resampling/resampling-plan.js';
import { StatisticsError } from '../../../src/evidence/statistics/statistics-error.js';
import { generatedStudy } from '../statistics/generated-study.js';

const { labels, scores1, scores2 } = generatedStudy(600, '8', 0.3);
const patients = Array.from(labels, (_, i) => `patient ${i % 217}`);
const INPUTS: readonly (readonly [string, ResamplingInput])[] = [
  ['stratified', { statistic: 'auc', labels, scores: scores1, stratified: true, replicates: 403, seed: '11' }],
  ['paired', { statistic: 'auc_difference', labels, scores: scores1, scores2, stratified: true, replicates: 100, seed: '12' }],
  ['by patient', { statistic: 'auc', labels, scores: scores1, cluster: patients, stratified: false, replicates: 250, seed: '13' }],
  ['of a rate', { statistic: 'sensitivity', labels, scores: scores2, threshold: 5_000, stratified: false, replicates: 99, seed: '14' }],
];

describe('A bootstrap on workers', () => {
  it.each(INPUTS)('is the same to the last bit on 1, 3 and 16 workers as on none, %s', async (_, input) => {
    const alone = bootstrap({ ...input, conf: 0.9 });
    for (const workers of [1, 3, 16])
      expect(JSON.stringify(await bootstrapOnWorkers({ ...input, conf: 0.9 }, workers))).toBe(JSON.stringify(alone));
  });

  it('starts no more workers than there are replicates', async () => {
    const input: ResamplingInput = { statistic: 'auc', labels, scores: scores1, stratified: true, replicates: 2, seed: '1' };
    expect((await bootstrapOnWorkers(input, 64)).replicatesUsed).toBe(2);
  });

  it('refuses what the bootstrap refuses, with its code', async () => {
    const oneClass: ResamplingInput = { statistic: 'auc', labels: [1, 1], scores: [1, 2], stratified: true, replicates: 10, seed: '1' };
    await expect(bootstrapOnWorkers(oneClass, 2)).rejects.toThrow(new StatisticsError('E_ONE_CLASS'));
    await expect(bootstrapOnWorkers(INPUTS[0][1], 0)).rejects.toThrow(new StatisticsError('E_DOMAIN'));
  });
});
