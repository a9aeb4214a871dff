/** A stretch of one frame's bytes. */
export interface FramePiece {
  /** from 0 */
  readonly frame: number;
  /** bytes from the frame's start */
  readonly from: number;
  readonly length: number;
}

const ITEM = Buffer.from('feff00e0', 'hex');
const SEQUENCE_DELIMITER = Buffer.from('feffdde000000000', 'hex');
const LONGEST_FRAGMENT = 0xfffffffe;
const LARGEST_OFFSET = 0xffffffff;

/**
 * The value of encapsulated Pixel Data (PS3.5 A.4): Basic Offset Table, frames, delimiter. A frame is one fragment, of even
 * length, more only where it is longer than a fragment can be. The table is empty where an offset does not fit it.
 * @param frameLengths  bytes of each frame; of a video, of all of them together as one
 */
export function encapsulation(frameLengths: readonly number[]): (Buffer | FramePiece)[] {
  const frames = frameLengths.map((length, frame) => fragmentsOf(frame, length));
  return [...offsetTable(frames), ...frames.flat(), SEQUENCE_DELIMITER];
}

function fragmentsOf(frame: number, length: number): (Buffer | FramePiece)[] {
  const pieces: (Buffer | FramePiece)[] = [];
  let from = 0;
  do {
    const bytes = Math.min(length - from, LONGEST_FRAGMENT);
    pieces.push(itemHeader(bytes + (bytes % 2)), { frame, from, length: bytes });
    if (bytes % 2 === 1) pieces.push(Buffer.alloc(1));
    from += bytes;
  } while (from < length);
  return pieces;
}

/** Offsets from the first byte of the first fragment's item. */
function offsetTable(frames: readonly (readonly (Buffer | FramePiece)[])[]): Buffer[] {
  const table = Buffer.alloc(frames.length * 4);
  let offset = 0;
  for (const [i, pieces] of frames.entries()) {
    if (offset > LARGEST_OFFSET) return [itemHeader(0)];
    table.writeUInt32LE(offset, i * 4);
    offset += pieces.reduce((sum, { length }) => sum + length, 0);
  }
  return [itemHeader(table.length), table];
}

function itemHeader(length: number): Buffer {
  const header = Buffer.alloc(8);
  ITEM.copy(header);
  header.writeUInt32LE(length, 4);
  return header;
}
