import { Worker } from 'node:worker_threads';
import type { DecodedFrame } from '../../pixels/decoded-frame.js';
import { decodingFault, type DecodingFault } from '../../pixels/faults.js';
import { HashWorkerDied } from './faults.js';
import type { PictureHashes, ShownThrough } from './picture-hashes.js';

const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

/** What the worker is asked: one picture at a time. */
export interface HashJob {
  readonly frame: DecodedFrame;
  readonly pixels: ShownThrough;
}

export type HashAnswer =
  | { readonly kind: 'hashed'; readonly hashes: PictureHashes }
  | { readonly kind: 'refused'; readonly code: DecodingFault['code']; readonly reason: string };

/** Hashes pictures on a thread of its own: a mammogram takes a tenth of a second, which the server's thread has not. */
export class PictureHasher {
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * The hashes of a picture; asked for several, it makes them one after the other.
   * @param frame  its memory may be handed over: it is empty afterwards
   * @throws CorruptFrame, UnsupportedPixels, HashWorkerDied
   */
  hashes(frame: DecodedFrame, pixels: ShownThrough): Promise<PictureHashes> {
    const asked = this.last.then(() => this.ask(frame, pixels));
    this.last = asked.catch(() => undefined); // whoever asked hears it
    return asked;
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private async ask(frame: DecodedFrame, pixels: ShownThrough): Promise<PictureHashes> {
    const worker = (this.worker ??= this.start());
    const answer = await new Promise<HashAnswer>((resolve, reject) => {
      const settle = () => worker.off('message', succeed).off('error', fail).off('exit', fail);
      const succeed = (message: HashAnswer) => {
        settle();
        resolve(message);
      };
      const fail = (cause: unknown) => {
        settle();
        if (this.worker === worker) this.worker = undefined;
        reject(new HashWorkerDied(cause));
      };
      worker.once('message', succeed).once('error', fail).once('exit', fail);
      const { modality, voi, presentationLut, presentationLutShape, padding, palette } = pixels;
      const job: HashJob = {
        frame,
        pixels: {
          modality,
          voi,
          presentationLutShape,
          ...(presentationLut && { presentationLut }),
          ...(padding && { padding }),
          ...(palette && { palette }),
        },
      };
      const { buffer, byteLength } = frame.bytes;
      // A frame that is all of its memory is handed over; a view on more is copied.
      const own = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
      worker.postMessage(job, own ? [buffer] : []);
    });
    if (answer.kind === 'refused') throw decodingFault(answer);
    return answer.hashes;
  }

  private start(): Worker {
    const worker = new Worker(new URL('./hash-worker.js', import.meta.url), { resourceLimits: RESOURCE_LIMITS, env: {}, execArgv: [] });
    worker.on('error', () => undefined); // heard where it was asked
    return worker;
  }
}
