import type { DecodedFrame } from '../pixels/decoded-frame.js';
import { sampleCount } from '../pixels/decoded-frame.js';
import type { EncodedFrame } from '../pixels/encoded-frame.js';
import { CorruptFrame } from '../pixels/faults.js';
import type { OpenableValue } from './bulk-values.js';

const EMPTY_OFFSET_TABLE = item(0xe000, 0);
const DELIMITER = item(0xe0dd, 0);

/** Item or Sequence Delimitation Item (PS3.5 7.5): group FFFE, element, length. */
function item(element: number, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(0xfffe, 0);
  header.writeUInt16LE(element, 2);
  header.writeUInt32LE(length, 4);
  return header;
}

/**
 * Encapsulated Pixel Data (PS3.5 A.4), a fragment a frame. The Basic Offset Table is empty, which A.4 allows: it would have
 * to be known before the first frame leaves, and with a fragment a frame nobody needs it.
 */
export function encapsulatedValue(first: EncodedFrame, rest: AsyncIterable<EncodedFrame>): OpenableValue {
  async function* open(): AsyncGenerator<Uint8Array> {
    yield EMPTY_OFFSET_TABLE;
    yield* fragment(first);
    for await (const frame of rest) {
      if (frame.photometricInterpretation !== first.photometricInterpretation || frame.highBit !== first.highBit)
        throw new CorruptFrame('it is of another kind than the first one');
      yield* fragment(frame);
    }
    yield DELIMITER;
  }
  return { length: 0, encapsulated: true, open };
}

function* fragment({ bytes }: EncodedFrame): Generator<Uint8Array> {
  yield item(0xe000, bytes.length);
  yield bytes;
}

/** The fragments as they are stored, with their own offset table. */
export function storedFragments(stored: OpenableValue): OpenableValue {
  async function* open(): AsyncGenerator<Uint8Array> {
    yield* stored.open();
    yield DELIMITER;
  }
  return { length: stored.length + DELIMITER.length, encapsulated: true, open }; // counted by the sequence it may stand in
}

/** Native Pixel Data (PS3.5 8.1.1): frame after frame; frames of single bits follow each other without a gap. */
export function nativeValue(first: DecodedFrame, rest: AsyncIterable<DecodedFrame>, numberOfFrames: number): OpenableValue {
  const frameBits = sampleCount(first) * first.bitsAllocated;
  async function* open(): AsyncGenerator<Uint8Array> {
    const gap = frameBits % 8;
    if (gap === 0) {
      yield first.bytes;
      for await (const { bytes } of rest) yield bytes;
    } else yield* joinedBits(bytesOf(first, rest), frameBits);
  }
  return { length: Math.ceil((frameBits * numberOfFrames) / 8), open };
}

async function* bytesOf(first: DecodedFrame, rest: AsyncIterable<DecodedFrame>): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for await (const { bytes } of rest) yield bytes;
}

/** Frames that are not whole bytes long, each from a byte of its own, as one stream of bits, lowest bit first (PS3.5 8.1.1). */
export async function* joinedBits(frames: AsyncIterable<Uint8Array>, frameBits: number): AsyncGenerator<Uint8Array> {
  let [held, heldBits] = [0, 0];
  for await (const bytes of frames) {
    const out = new Uint8Array(bytes.length + 1);
    let end = 0;
    for (let i = 0; i < bytes.length; i++) {
      held |= bytes[i] << heldBits;
      heldBits += Math.min(8, frameBits - 8 * i);
      if (heldBits < 8) continue;
      out[end++] = held & 0xff;
      held >>= 8;
      heldBits -= 8;
    }
    yield out.subarray(0, end);
  }
  if (heldBits > 0) yield Uint8Array.of(held);
}
