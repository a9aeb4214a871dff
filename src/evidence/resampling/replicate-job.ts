import type { ResamplingPlan } from '../statistics/resampling/resampling-plan.js';

/** What a worker is given: all memory in it is shared, so that a million cases are there once. */
export interface ReplicateJob {
  readonly plan: ResamplingPlan;
  /** [replicates], written at each one's own place */
  readonly values: Float64Array;
  /** one word: the first replicate that nobody has taken */
  readonly next: Int32Array;
  /** replicates that are taken at once */
  readonly portion: number;
}
