import { bootstrap } from '../../../../src/evidence/statistics/resampling/bootstrap.js';
import { drawIndices, nextUint32, nextUniform, seedOf, streamState } from '../../../../src/evidence/statistics/resampling/random-stream.js';
import type { ResamplingInput } from '../../../../src/evidence/statistics/resampling/resampling-plan.js';
import { delongPaired } from '../../../../src/evidence/statistics/roc/delong-paired.js';
import { rocAuc } from '../../../../src/evidence/statistics/roc/roc-auc.js';
import { generatedStudy } from '../generated-study.js';
import type { Adapter } from '../reference-cases.js';

interface LargeScale {
  readonly n: number;
  readonly seed: number;
  readonly prevalence: number;
  readonly bootstrap?: { readonly replicates: number; readonly seed: string };
}

export const RESAMPLING: Readonly<Record<string, Adapter>> = {
  prng: ({ seed }: { seed: string }) => {
    const fresh = () => streamState(seedOf(seed), 0);
    const [words, uniforms] = [fresh(), fresh()];
    const index29000 = new Uint32Array(8);
    drawIndices(fresh(), 29_000, index29000, 8);
    return {
      next32: Array.from({ length: 8 }, () => nextUint32(words)),
      uniform: Array.from({ length: 4 }, () => nextUniform(uniforms)),
      index29000,
    };
  },
  bootstrap: (input: ResamplingInput) => bootstrap(input),
  large_scale: ({ n, seed, prevalence, bootstrap: resampled }: LargeScale) => {
    const { labels, scores1, scores2 } = generatedStudy(n, String(seed), prevalence);
    const one = rocAuc(labels, scores1);
    const both = delongPaired(labels, scores1, scores2);
    return {
      positives: one.nPositive,
      auc1: one.auc,
      variance1: one.variance,
      ci1: one.ciDelong,
      auc2: both.auc2,
      z: both.z,
      bootstrap: resampled && bootstrap({ statistic: 'auc', labels, scores: scores1, stratified: true, ...resampled }),
    };
  },
};
