import { workerData } from 'node:worker_threads';

export interface GuardData {
  /** Process id. */
  readonly parent: number;
  /** Resident memory of this process. */
  readonly memoryLimitMebibytes: number;
}

/**
 * Entry of a thread beside a blocked one: while a session runs, the process hears nothing else. Ends the process when
 * its parent is gone without a farewell (kill -9), and when it takes more memory than it may, before the machine runs out.
 */
const LOOK_EVERY_MILLISECONDS = 250;

const { parent, memoryLimitMebibytes } = workerData as GuardData; // engine-child.ts starts it with nothing else

setInterval(() => {
  if (process.ppid !== parent || process.memoryUsage.rss() > memoryLimitMebibytes * 2 ** 20) process.kill(process.pid, 'SIGKILL'); // nothing gentler is heard
}, LOOK_EVERY_MILLISECONDS);
