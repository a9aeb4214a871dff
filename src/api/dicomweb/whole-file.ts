import type { ServerResponse } from 'node:http';
import { NotWanted } from '../../pixels/faults.js';
import { isReceiverGone, type Receiving } from '../receiver.js';
import type { BulkSpool } from './bulk-spool.js';

/** A file that is there to its end; `close` where it will not be read. */
export interface WholeFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly length: number;
  readonly close: () => Promise<void>;
}

/** The response that a file is made for. */
export type Receiver = Receiving & Pick<ServerResponse, 'once' | 'off'>;

/**
 * Keeps a file that is being made until its end: what goes wrong on the way is thrown here, before the first byte is sent. It is not kept for
 * who has gone: not while it is made, nor where they go before it is read, since what was never begun of a stream is never ended either.
 * @throws NotWanted; what `made` throws
 */
export async function wholeFile(spool: BulkSpool, made: AsyncIterable<Uint8Array>, receiver: Receiver): Promise<WholeFile> {
  let isBegun = false;
  const gone = (): void => {
    if (!isBegun) void close();
  };
  const close = (): Promise<void> => {
    receiver.off('close', gone);
    return spool.close();
  };
  try {
    const kept = await spool.keep(wanted(made, receiver));
    if (isReceiverGone(receiver)) throw new NotWanted();
    receiver.once('close', gone);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      isBegun = true;
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

async function* wanted(made: AsyncIterable<Uint8Array>, receiver: Receiver): AsyncGenerator<Uint8Array> {
  for await (const piece of made) {
    if (isReceiverGone(receiver)) throw new NotWanted();
    yield piece;
  }
}
