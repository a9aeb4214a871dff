import { workerData } from 'node:worker_threads';
import { replicateValues } from '../statistics/resampling/replicates.js';
import type { ReplicateJob } from './replicate-job.js';

/** Entry of a worker thread: takes portions of replicates until there are none; which ones decides time, their values do not. */
const { plan, values, next, portion } = workerData as ReplicateJob;
for (let from = Atomics.add(next, 0, portion); from < values.length; from = Atomics.add(next, 0, portion))
  values.set(replicateValues(plan, from, Math.min(from + portion, values.length)), from);
