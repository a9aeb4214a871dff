import { parentPort } from 'node:worker_threads';
import { boxShrunk } from './box-shrink.js';
import { coverFrame } from './cover-frame.js';
import { decodeFrame } from './decode-frame.js';
import { displayFrame } from './display-frame.js';
import { CorruptFrame, UnsupportedPixels, UnsupportedTransferSyntax } from './faults.js';
import { ownMemory } from './own-memory.js';
import type { WorkerAnswer, WorkerRequest } from './pixel-job.js';
import { transcodeFrame } from './transcode-frame.js';

/** Entry of a worker thread: JavaScript and WebAssembly only, so that the pool may end it at any moment. */
const port = parentPort;
if (port === null) throw new Error('pixel-worker.js runs as a worker thread only');

port.on('message', (request: WorkerRequest) => {
  void answer(request).then((given) => {
    if (given.kind === 'fault') return port.postMessage(given);
    const bytes = ownMemory(given.frame.bytes);
    return port.postMessage({ ...given, frame: { ...given.frame, bytes } }, [bytes.buffer]);
  });
});

async function answer({ kind, job }: WorkerRequest): Promise<WorkerAnswer> {
  try {
    if (kind === 'transcode') return { kind, frame: await transcodeFrame(job) };
    const frame = await decodeFrame(job.frame, job.pixels, job.bitOffset);
    if (kind === 'decode') return { kind, frame };
    const display = displayFrame(frame, job.pixels);
    if (job.covering !== undefined) coverFrame(display, job.covering);
    return { kind, frame: job.fitInto === undefined ? display : boxShrunk(display, job.fitInto) };
  } catch (error) {
    if (error instanceof UnsupportedTransferSyntax) return { kind: 'fault', code: error.code, reason: '' };
    if (error instanceof CorruptFrame || error instanceof UnsupportedPixels)
      return { kind: 'fault', code: error.code, reason: error.reason };
    throw error; // ours to fix: the worker dies of it, the pool says so and starts another
  }
}
