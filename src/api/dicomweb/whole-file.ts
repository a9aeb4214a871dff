import type { BulkSpool } from './bulk-spool.js';

/** A file that is there to its end; `close` where it will not be read. */
export interface WholeFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly length: number;
  readonly close: () => Promise<void>;
}

/** Keeps a file that is being made until its end: what goes wrong on the way is thrown here, before the first byte is sent. */
export async function wholeFile(spool: BulkSpool, made: AsyncIterable<Uint8Array>): Promise<WholeFile> {
  const close = () => spool.close();
  try {
    const kept = await spool.keep(made);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      try {
        yield* spool.read(kept);
      } finally {
        await close();
      }
    }
    return { bytes: bytes(), length: kept.length, close };
  } catch (error) {
    await close();
    throw error;
  }
}
