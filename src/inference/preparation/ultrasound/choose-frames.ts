import type { ClipClock } from './clip-clock.js';

/** Which frames a model takes of a clip. */
export interface FrameChoice {
  /** T of `images` [1, T, C, H, W]. */
  readonly frames: number;
  /** From a frame taken to the next: in seconds by the clip's clock, or in frames of it (a stride). */
  readonly interval: { readonly unit: 'seconds' | 'frames'; readonly value: number };
}

export type WhyNoClip = 'frame-rate-absent' | 'frame-rate-too-low' | 'clip-too-short';

export type FramesVerdict =
  | { readonly reads: true; readonly frames: readonly number[] }
  | { readonly reads: false; readonly why: { readonly code: WhyNoClip; readonly text: string } };

/** Rates and lengths are written in few digits: 33.3 ms for 30 frames a second. */
const ROUNDING = 0.02;

/**
 * The frames evenly spaced over a window in the middle of the clip, each the one nearest to its time. A frame is never taken
 * twice: a clip of too few frames a second, or too short, is not read, as it would show a motion that was not there.
 * @param clock  undefined where the header tells none
 * @param available  frames of the clip
 * @returns frame numbers from 1, ascending
 */
export function chooseFrames({ frames, interval }: FrameChoice, clock: ClipClock | undefined, available: number): FramesVerdict {
  if (interval.unit === 'frames') return byStride(frames, interval.value, available);
  if (clock === undefined) return no('frame-rate-absent', 'the header names no frame rate, and the model needs one');
  const { times, frameRate } = clock;
  if (frameRate * interval.value < 1 - ROUNDING)
    return no('frame-rate-too-low', `${round(frameRate)} frames a second are fewer than the model's ${round(1 / interval.value)}`);
  const length = (times[available - 1] ?? 0) + 1 / frameRate; // the last frame lasts too
  const window = frames * interval.value;
  if (length < window * (1 - ROUNDING))
    return no('clip-too-short', `the clip is ${round(length)} s long, shorter than the model's ${round(window)} s`);
  const last = times[available - 1] ?? 0;
  const start = Math.max(0, (last - (frames - 1) * interval.value) / 2);
  const chosen: number[] = [];
  for (let t = 0, from = 0; t < frames; t++) {
    const left = frames - t; // as many frames must be left as are still to be taken
    from = Math.min(nearest(times, start + t * interval.value, from), available - left);
    chosen.push(from + 1);
    from++;
  }
  return { reads: true, frames: chosen };
}

function byStride(frames: number, stride: number, available: number): FramesVerdict {
  const span = (frames - 1) * stride + 1;
  if (available < span) return no('clip-too-short', `the clip has ${available} frames, fewer than the model's ${span}`);
  const start = Math.floor((available - span) / 2);
  return { reads: true, frames: Array.from({ length: frames }, (_, t) => start + t * stride + 1) };
}

const no = (code: WhyNoClip, text: string): FramesVerdict => ({ reads: false, why: { code, text } });

const round = (value: number): number => Number(value.toFixed(2));

/** Index of the time nearest to `at`, not before `from`. */
function nearest(times: Float64Array, at: number, from: number): number {
  let index = from;
  while (index + 1 < times.length && Math.abs(times[index + 1] - at) <= Math.abs(times[index] - at)) index++;
  return index;
}
