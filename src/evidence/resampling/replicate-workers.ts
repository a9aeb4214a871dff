import { Worker } from 'node:worker_threads';
import { requireThat } from '../statistics/input-checks.js';
import { summariseReplicates, type Bootstrap } from '../statistics/resampling/bootstrap.js';
import { planResampling, type ResamplingInput, type ResamplingPlan } from '../statistics/resampling/resampling-plan.js';
import { ReplicateWorkerDied } from './faults.js';
import type { ReplicateJob } from './replicate-job.js';

const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
/** A worker takes so many portions on the average: few enough to cost nothing, enough that none waits long for the last. */
const PORTIONS = 16;

/**
 * The bootstrap with its replicates split over worker threads. The answer is that of `bootstrap` to the last bit, whatever their
 * number: each replicate has its own stream and its own place.
 * @param workers  1 or more; no more are started than there are replicates
 * @throws StatisticsError as `bootstrap` does; ReplicateWorkerDied
 */
export async function bootstrapOnWorkers(input: ResamplingInput, workers: number): Promise<Bootstrap> {
  const plan = planResampling(input);
  requireThat(Number.isSafeInteger(workers) && workers >= 1, 'E_DOMAIN');
  const values = new Float64Array(new SharedArrayBuffer(plan.replicates * Float64Array.BYTES_PER_ELEMENT));
  const count = Math.min(workers, plan.replicates);
  const job: ReplicateJob = {
    plan: inSharedMemory(plan),
    values,
    next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    portion: Math.ceil(plan.replicates / (count * PORTIONS)),
  };
  const started = Array.from({ length: count }, () => start(job));
  try {
    await Promise.all(started.map(({ done }) => done));
  } finally {
    await Promise.all(started.map(({ worker }) => worker.terminate()));
  }
  return summariseReplicates(plan, values);
}

function start(job: ReplicateJob): { worker: Worker; done: Promise<void> } {
  const worker = new Worker(new URL('./replicate-worker.js', import.meta.url), {
    workerData: job,
    resourceLimits: RESOURCE_LIMITS,
    env: {},
    execArgv: [],
  });
  const done = new Promise<void>((resolve, reject) => {
    worker.once('error', (error) => reject(new ReplicateWorkerDied(error)));
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new ReplicateWorkerDied(undefined))));
  });
  return { worker, done };
}

function inSharedMemory(plan: ResamplingPlan): ResamplingPlan {
  const shared = (words: Uint32Array): Uint32Array => {
    const copy = new Uint32Array(new SharedArrayBuffer(words.byteLength));
    copy.set(words);
    return copy;
  };
  const strata = plan.strata.map(({ units, offsets, codes }) => ({
    units,
    offsets: offsets === null ? null : shared(offsets),
    codes: codes.map(shared),
  }));
  return { ...plan, strata };
}
