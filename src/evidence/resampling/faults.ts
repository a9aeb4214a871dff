import { Fault } from '../../faults.js';

/** A thread that made replicates ended before it had made them: out of memory, or an error of ours. */
export class ReplicateWorkerDied extends Fault {
  readonly code = 'replicate-worker-died';
  readonly status = 500;

  constructor(override readonly cause: unknown) {
    super('A worker that resamples ended before its work was done.');
  }
}
