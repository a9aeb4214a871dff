import { drawIndices, streamState } from '../statistics/resampling/random-stream.js';

/**
 * A list in an order drawn by a seed (Fisher and Yates): the same on every machine, whatever order it came in if it is sorted before.
 * @param seed  whole number below 2^32
 * @param stream  which of the seed's streams: two of them say nothing of one another
 */
export function seededOrder<T>(list: readonly T[], seed: number, stream: number): T[] {
  const order = [...list];
  const state = streamState(BigInt(seed), stream);
  const drawn = new Uint32Array(1);
  for (let last = order.length - 1; last > 0; last--) {
    drawIndices(state, last + 1, drawn, 1);
    [order[last], order[drawn[0]]] = [order[drawn[0]], order[last]];
  }
  return order;
}
