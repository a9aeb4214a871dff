import { extremes } from './extremes.js';

const BINS = 256;

/**
 * Histogram equalisation as scikit-image's `exposure.equalize_hist` does it for real-valued images: 256 bins over
 * min..max, cumulative distribution at the bin centres, linear interpolation between them, the end values outside.
 * In place.
 * @param values  0..1. A constant image, or one whose values differ by rounding alone, becomes 0.5: its range is widened by
 *   half a unit on either side, as numpy.histogram does.
 */
export function equalizeHistogram(values: Float64Array): void {
  let [low, high] = extremes(values);
  if ((high - low) / BINS < Number.EPSILON) [low, high] = [low - 0.5, high + 0.5];
  const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => (i === BINS ? high : low + (i * (high - low)) / BINS));
  const cumulative = cumulativeDistribution(values, edges);
  const centres = Float64Array.from({ length: BINS }, (_, i) => (edges[i] + edges[i + 1]) / 2);
  const slopes = Float64Array.from({ length: BINS - 1 }, (_, i) => (cumulative[i + 1] - cumulative[i]) / (centres[i + 1] - centres[i]));
  const binsPerUnit = BINS / (high - low);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor((values[i] - centres[0]) * binsPerUnit); // the bin centre at or below, up to rounding
    if (at < 0) values[i] = cumulative[0];
    else if (at >= BINS - 1) values[i] = cumulative[BINS - 1];
    else values[i] = cumulative[at] + slopes[at] * (values[i] - centres[at]);
  }
}

/** Share of the values in each bin and all below it. A value on an edge counts above it, but for the last edge. */
function cumulativeDistribution(values: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(BINS);
  const low = edges[0];
  const binsPerUnit = BINS / (edges[BINS] - low);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.min(BINS - 1, Math.floor((values[i] - low) * binsPerUnit));
    // The product may be rounded across an edge; the edges themselves decide, as in numpy.histogram.
    if (values[i] < edges[bin]) counts[bin - 1]++;
    else if (bin < BINS - 1 && values[i] >= edges[bin + 1]) counts[bin + 1]++;
    else counts[bin]++;
  }
  for (let bin = 1; bin < BINS; bin++) counts[bin] += counts[bin - 1];
  return counts.map((count) => count / counts[BINS - 1]);
}
