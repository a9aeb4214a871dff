import { nextUniform, seedOf, streamState, type StreamState } from '../statistics/resampling/random-stream.js';

/**
 * Streams of chance that a dataset takes from its study's seed (xoshiro128**, statistics/resampling): far from those of replicates, which
 * begin at 0, so that nothing is drawn twice alike.
 */
const STREAMS = { 'case keys': 2 ** 40, 'patient keys': 2 ** 40 + 1, 'site keys': 2 ** 40 + 2, sampling: 2 ** 41 } as const;
export type Stream = keyof typeof STREAMS;

/** @param seed  whole number below 2^32 @param place  of a stratum, for sampling: each has a stream of its own */
export const chanceOf = (seed: number, stream: Stream, place = 0): StreamState =>
  streamState(seedOf(String(seed)), STREAMS[stream] + place);

/**
 * `count` of the values in an order of chance, each as likely as every other (Fisher and Yates; R. Durstenfeld, CACM 7, 1964). The values
 * are put in order first: in which they come is nothing.
 */
export function drawn(values: Iterable<string>, count: number, chance: StreamState): string[] {
  const left = [...values].sort();
  const taken: string[] = [];
  for (let size = left.length; taken.length < count && size > 0; size--) {
    const at = Math.floor(nextUniform(chance) * size);
    taken.push(left[at]);
    left[at] = left[size - 1];
  }
  return taken;
}
