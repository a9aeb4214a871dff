import { parentPort } from 'node:worker_threads';
import { asFault } from '../../faults.js';
import type { HashAnswer, HashJob } from './picture-hasher.js';
import { pictureHashes } from './picture-hashes.js';

/** Entry of a worker thread: a frame in, its hashes out; what a frame of its kind can not be asked goes back by code and words. */
parentPort?.on('message', ({ frame, pixels }: HashJob) => {
  let answer: HashAnswer;
  try {
    answer = { kind: 'hashed', hashes: pictureHashes(frame, pixels) };
  } catch (error) {
    const { code } = asFault(error);
    if (code !== 'corrupt-frame' && code !== 'unsupported-pixels') throw error;
    answer = { kind: 'refused', code, reason: (error as { readonly reason: string }).reason }; // both say theirs
  }
  parentPort?.postMessage(answer);
});
