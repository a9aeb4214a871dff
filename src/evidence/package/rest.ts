import { setImmediate } from 'node:timers/promises';
import type { Bytes } from './zip.js';

/** How long a server may be kept from all else, ms. */
const LONGEST = 10;

/** Lets what else waits have its turn while a package is made of bytes that are there at once, and so would hold the server's thread. */
export class Rest {
  private last = performance.now();

  /** What passes, a rest between pieces where it is time for one. */
  async *between(bytes: Bytes): AsyncGenerator<Uint8Array, void> {
    for await (const piece of bytes) {
      yield piece;
      await this.take();
    }
    await this.take();
  }

  private async take(): Promise<void> {
    if (performance.now() - this.last < LONGEST) return;
    await setImmediate();
    this.last = performance.now();
  }
}
