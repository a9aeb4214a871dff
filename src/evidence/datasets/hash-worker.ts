import { parentPort } from 'node:worker_threads';
import { CorruptFrame, UnsupportedPixels } from '../../pixels/faults.js';
import type { HashAnswer, HashJob } from './picture-hasher.js';
import { pictureHashes } from './picture-hashes.js';

/** Entry of a worker thread: a frame in, its hashes out. */
const port = parentPort;
if (port === null) throw new Error('hash-worker.js runs as a worker thread only');

port.on('message', (job: HashJob) => {
  port.postMessage(answerTo(job), []);
});

function answerTo({ frame, pixels }: HashJob): HashAnswer {
  try {
    return { kind: 'hashed', hashes: pictureHashes(frame, pixels) };
  } catch (error) {
    if (error instanceof CorruptFrame || error instanceof UnsupportedPixels)
      return { kind: 'refused', code: error.code, reason: error.reason };
    throw error; // ours to fix: the worker dies of it, and whoever asked hears so
  }
}
