import type { Samples } from './stored-image.js';
import type { ValueRange } from './window.js';

/**
 * The values that a function of stored values is worked out for: each possible value once where that is less work than each
 * pixel (integers of up to 16 bits), else each pixel.
 */
export interface StoredDomain {
  readonly stored: Float64Array;
  /** 1 where pixels of the picture, not of its padding, have the value; undefined: every one counts. */
  readonly counts: Uint8Array | undefined;
  /** Gives each pixel its value out of one value for each of `stored`, into memory that holds as many; without it, into an array
   *  of their own, which may be the one given. */
  spread(values: Float64Array, into?: Float64Array): Float64Array;
}

/** A table pays where the frame has more pixels than this for each of its entries. */
const WORTH_A_TABLE = 2;

export function storedDomain(samples: Samples, padding: ValueRange | undefined): StoredDomain {
  const first = lowestOf(samples);
  if (first === undefined) return everyPixel(samples, padding);
  const size = 2 ** (8 * samples.BYTES_PER_ELEMENT);
  if (size * WORTH_A_TABLE > samples.length) return everyPixel(samples, padding);
  const stored = Float64Array.from({ length: size }, (_, i) => first + i);
  const counts = new Uint8Array(size);
  for (let i = 0; i < samples.length; i++) counts[samples[i] - first] = 1;
  if (padding !== undefined) for (let i = 0; i < size; i++) if (stored[i] >= padding.low && stored[i] <= padding.high) counts[i] = 0;
  return { stored, counts, spread: (values, into) => lookedUp(samples, first, values, into) };
}

/** The lowest value of integers of up to 16 bits; undefined for other samples. */
function lowestOf(samples: Samples): number | undefined {
  if (samples instanceof Uint8Array || samples instanceof Uint16Array) return 0;
  if (samples instanceof Int8Array || samples instanceof Int16Array) return -(2 ** (8 * samples.BYTES_PER_ELEMENT - 1));
  return undefined;
}

function everyPixel(samples: Samples, padding: ValueRange | undefined): StoredDomain {
  const stored = new Float64Array(samples);
  const counts = padding && new Uint8Array(stored.length);
  if (counts && padding) for (let i = 0; i < stored.length; i++) counts[i] = stored[i] >= padding.low && stored[i] <= padding.high ? 0 : 1;
  return { stored, counts, spread: (values) => values };
}

function lookedUp(
  samples: Samples,
  first: number,
  values: Float64Array,
  spread: Float64Array = new Float64Array(samples.length),
): Float64Array {
  for (let i = 0; i < spread.length; i++) spread[i] = values[samples[i] - first];
  return spread;
}
