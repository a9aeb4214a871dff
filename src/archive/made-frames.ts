import { NotInArchive } from './faults.js';
import type { Pixels } from './pixels.js';
import type { PixelInstanceRow } from './retrieve.sql.js';

/** Made frames that are held until they are sent; those beyond are made again then. */
const HELD_BYTES = 16 * 2 ** 20;

/**
 * An instance's frames in a transfer syntax, one after the other; what cannot be made is known before the first byte.
 * @param ahead  how many frames are made before this returns: the first alone, or all where a neighbour would suffer
 * @throws NotInArchive  there are no frames; the faults of Pixels.transcodeFrame for the frames made ahead
 */
export async function madeFrames(
  pixels: Pixels,
  instance: PixelInstanceRow,
  frames: number,
  transferSyntaxUID: string,
  ahead: 'first' | 'all',
): Promise<() => AsyncIterable<Uint8Array>> {
  if (frames === 0) throw new NotInArchive('frame');
  const make = (number: number): Promise<Uint8Array> => pixels.transcodeFrame(instance, number, transferSyntaxUID);
  const held = [await make(1)];
  let room = HELD_BYTES - held[0].length;
  for (let number = 2; ahead === 'all' && number <= frames; number++) {
    const frame = await make(number);
    room -= frame.length;
    if (room >= 0) held.push(frame);
  }
  return async function* () {
    yield* held;
    for (let number = held.length + 1; number <= frames; number++) yield await make(number);
  };
}
