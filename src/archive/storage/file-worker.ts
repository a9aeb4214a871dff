import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { FileAnswer, FileRequest } from './file-request.js';

/** Entry of the thread that hashes and writes what is received: here it may wait for the disk, as nothing else waits for it. */
const port = parentPort;
if (port === null) throw new Error('file-worker.js runs as a worker thread only');

interface Receiving {
  readonly hash: Hash;
  descriptor: number | undefined;
}

const files = new Map<number, Receiving>();

port.on('message', (request: FileRequest) => {
  const { id, slab } = request;
  const answer: FileAnswer = { id, slab, ...done(request) };
  port.postMessage(answer, slab === undefined ? [] : [slab]);
});

function done(request: FileRequest): Omit<FileAnswer, 'id' | 'slab'> {
  const receiving = files.get(request.file) ?? { hash: createHash('sha256'), descriptor: undefined };
  files.set(request.file, receiving);
  try {
    take(request, receiving);
    if (request.after === 'more') return {};
    if (request.after === 'give up') return giveUp(request, receiving);
    receiving.descriptor ??= openSync(request.path, 'wx', 0o600); // not a byte came
    const sha256 = receiving.hash.digest('hex');
    renameSync(request.path, `${request.after.prefix}${sha256}${request.after.suffix}`);
    files.delete(request.file);
    return { sha256, descriptor: receiving.descriptor };
  } catch (error) {
    return { failed: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

function take({ path, slab, length, keep }: FileRequest, receiving: Receiving): void {
  if (slab === undefined || length === 0) return;
  const bytes = new Uint8Array(slab, 0, length);
  receiving.hash.update(bytes);
  if (!keep) return;
  receiving.descriptor ??= openSync(path, 'wx', 0o600);
  for (let at = 0; at < length;) at += writeSync(receiving.descriptor, bytes, at, length - at);
}

/** Whatever fails before, the space is free again: no byte is written of a file that is given up. */
function giveUp({ file, path }: FileRequest, { hash, descriptor }: Receiving): Omit<FileAnswer, 'id' | 'slab'> {
  files.delete(file);
  if (descriptor !== undefined) {
    closeSync(descriptor);
    unlinkSync(path);
  }
  return { sha256: hash.digest('hex') };
}
