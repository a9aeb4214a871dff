import { nextUniform, seedOf, streamState } from '../../../src/evidence/statistics/resampling/random-stream.js';

/** Labels and two tests' scores on a grid of 10,000, as ../shared/stats/large_scale.json generates them. */
export function generatedStudy(cases: number, seed: string, prevalence: number) {
  const state = streamState(seedOf(seed), 0);
  const labels = new Uint8Array(cases);
  const scores1 = new Float64Array(cases);
  const scores2 = new Float64Array(cases);
  for (let i = 0; i < cases; i++) {
    const [u0, u1, u2, u3, u4, u5, u6] = Array.from({ length: 7 }, () => nextUniform(state));
    const positive = u0 < prevalence;
    labels[i] = positive ? 1 : 0;
    scores1[i] = Math.floor(10_000 * (positive ? Math.max(u1, u2, u3, u4, u5, u6) : u1));
    scores2[i] = Math.floor(10_000 * 0.5 * (positive ? Math.max(u1, u2, u3) + Math.max(u4, u5) : u1 + u2));
  }
  return { labels, scores1, scores2 };
}
