import { Worker } from 'node:worker_threads';
import type { FileAnswer, FileRequest } from './file-request.js';

/** Bytes that go to the thread at once. */
export const SLAB_BYTES = 1 << 20;
const KEPT_SLABS = 16;

/** The thread that writes files is gone, and what it was at with it: nothing of that was acknowledged. */
export class FileThreadDied extends Error {}

interface Waiting {
  readonly resolve: (answer: FileAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One thread that hashes and writes what is received, so that the server's own neither waits for a disk nor spends its time on
 * a call for each step of each file. Started when first needed, and anew after it died.
 */
export class FileThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private readonly slabs: ArrayBuffer[] = [];
  private asked = 0;
  private files = 0;

  /** A number for a file that begins. */
  nextFile(): number {
    return ++this.files;
  }

  /** Memory to fill with a file's next bytes. */
  slab(): Buffer {
    return Buffer.from(this.slabs.pop() ?? new ArrayBuffer(SLAB_BYTES));
  }

  /** Gives memory back that was not sent. */
  giveBack(slab: Buffer): void {
    if (this.slabs.length < KEPT_SLABS) this.slabs.push(slab.buffer as ArrayBuffer); // made by `slab`
  }

  /** Asks the thread; the slab is its until it answers. Throws FileThreadDied. */
  ask(request: Omit<FileRequest, 'id'>): Promise<FileAnswer> {
    const worker = (this.worker ??= this.start());
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, ...request }, request.slab === undefined ? [] : [request.slab]);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./file-worker.js', import.meta.url), {
      env: {},
      execArgv: [],
      trackUnmanagedFds: false, // the asker closes them: the thread must not, when it ends, close what has the number then
    });
    worker.on('message', (answer: FileAnswer) => {
      if (answer.slab !== undefined) this.giveBack(Buffer.from(answer.slab));
      this.waiting.get(answer.id)?.resolve(answer);
      this.waiting.delete(answer.id);
      if (this.waiting.size === 0) worker.unref();
    });
    worker.on('error', () => undefined); // always followed by 'exit'; unheard it would end the process
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const { reject } of this.waiting.values()) reject(new FileThreadDied());
      this.waiting.clear();
    });
    worker.unref(); // an idle store keeps no process alive
    return worker;
  }
}
