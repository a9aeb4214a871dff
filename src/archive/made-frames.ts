import { NotWanted } from '../pixels/faults.js';

/** Made frames that are held until they are sent; those beyond are made again then. */
const HELD_BYTES = 16 * 2 ** 20;

/** Frames that can be made, every one of them. */
export interface MadeFrames {
  /** of all together, bytes */
  readonly length: number;
  /** One after the other. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/**
 * Frames that are made for an answer: each is made once before this returns, so that what cannot be is known before the first
 * byte is sent, and no answer breaks off for it.
 * @param frames  how many
 * @param make  makes one, by its place among them from 0
 * @param isWanted  asked before each: whoever asked for them may have gone
 * @throws NotWanted; what `make` throws
 */
export async function madeFrames(
  frames: number,
  make: (place: number) => Promise<Uint8Array>,
  isWanted: () => boolean,
): Promise<MadeFrames> {
  const held: Uint8Array[] = [];
  let length = 0;
  for (let place = 0; place < frames; place++) {
    if (!isWanted()) throw new NotWanted();
    const frame = await make(place);
    length += frame.length;
    if (length <= HELD_BYTES) held.push(frame);
  }
  return {
    length,
    open: async function* () {
      yield* held;
      for (let place = held.length; place < frames; place++) yield await make(place);
    },
  };
}
