import type { FrameTable } from '../dicom/frame-table.js';
import type { ImagePixels } from '../dicom/image-pixels.js';
import { CorruptFrame } from '../pixels/faults.js';
import type { DecodeJob } from '../pixels/pixel-job.js';
import { cutEqual, rangeStream } from './byte-ranges.js';
import { readFrame } from './frame-bytes.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { ObjectReader } from './stored-bytes.js';

const MOST_IN_FLIGHT = 4;
const BYTES_IN_FLIGHT = 64 * 2 ** 20;

/** @throws CorruptFrame  the file does not hold every frame that its header names: half an object would pass for a whole one */
export function requireAllFrames(table: FrameTable | null, { numberOfFrames }: ImagePixels): FrameTable {
  const there = table === null || table.kind === 'video' ? 0 : table.kind === 'native' ? table.frames : table.frames.length;
  if (table === null || there < numberOfFrames) throw new CorruptFrame('the file does not hold all of its frames');
  return table;
}

/** The jobs of all frames in order, their bytes read when their turn comes. */
export async function* frameJobs(storage: ObjectReader, instance: PixelInstanceRow, pixels: ImagePixels): AsyncGenerator<DecodeJob> {
  const table = requireAllFrames(instance.frameTable, pixels);
  if (table.kind === 'native' && table.inflated && table.frameBits === undefined) {
    // One pass over the inflated data set, where frame by frame would inflate from its start each time.
    const all = rangeStream(storage, instance, [table.offset, table.frameBytes * pixels.numberOfFrames]);
    for await (const frame of cutEqual(all, table.frameBytes)) yield { pixels, frame };
    return;
  }
  for (let frameNumber = 1; frameNumber <= pixels.numberOfFrames; frameNumber++) {
    const { bytes, bitOffset } = await readFrame(storage, instance, frameNumber);
    yield { pixels, frame: bytes, bitOffset };
  }
}

/**
 * What `work` makes of each job, in order, some at a time: as many as their memory allows.
 * @param frameBytes  of one frame, decoded
 */
export async function* inOrder<T>(
  jobs: AsyncIterable<DecodeJob>,
  frameBytes: number,
  work: (job: DecodeJob) => Promise<T>,
): AsyncGenerator<T> {
  const atOnce = Math.max(1, Math.min(MOST_IN_FLIGHT, Math.floor(BYTES_IN_FLIGHT / frameBytes)));
  const inFlight: Promise<T>[] = [];
  for await (const job of jobs) {
    const result = work(job);
    result.catch(() => {}); // awaited below in its turn; until then an early failure is no unhandled one
    inFlight.push(result);
    const [first] = inFlight;
    if (inFlight.length < atOnce) continue;
    void inFlight.shift();
    yield await first;
  }
  for (const rest of inFlight) yield await rest;
}
