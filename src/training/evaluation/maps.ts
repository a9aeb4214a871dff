import type { MapEvaluation } from '../../inference/card-evaluation.js';
import { GaussianBlur } from '../augmentation/gaussian-blur.js';
import type { Picture } from '../fit/pictures.js';
import type { Scorer } from '../fit/scorer.js';
import { Random } from '../random.js';
import { round } from '../round.js';
import { areaOver, exchanged } from './map-score.js';

/** Blurred until nothing small is left to see, in pixels of a picture of 128. */
const BLUR_SIGMA = 10 / 128;

interface PlaneSize {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Deletion and insertion of a model's maps, and of places in random order, which a map that explains anything must beat.
 * @param pictures  those that are looked at: some of the test, whatever the model makes of them
 * @param mapSize   of attention map and class activation map, [rows, columns]
 */
export async function evaluateMaps(
  scorer: Scorer,
  pictures: readonly Picture[],
  size: PlaneSize,
  mapSize: readonly [number, number],
): Promise<MapEvaluation[]> {
  const blurring = new GaussianBlur(size.rows, size.columns);
  const random = Random.named(1, 'maps');
  const sums = { attention_map: [0, 0], class_activation_map: [0, 0], random: [0, 0] };
  const scores = await scorer.score(pictures, ['probabilities', 'attention_map', 'class_activation_map']);
  for (const [i, { planes }] of pictures.entries()) {
    const own = scores[i];
    const predicted = own['probabilities'].indexOf(Math.max(...own['probabilities']));
    const cells = mapSize[0] * mapSize[1];
    const maps = {
      attention_map: own['attention_map'],
      class_activation_map: own['class_activation_map'].subarray(predicted * cells, (predicted + 1) * cells),
      random: Float32Array.from({ length: cells }, () => random.uniform()),
    };
    const blurred = blurredPlanes(planes, size, blurring);
    const wiped = meanPlanes(planes, size);
    for (const name of ['attention_map', 'class_activation_map', 'random'] as const) {
      const map = { rows: mapSize[0], columns: mapSize[1], values: maps[name] };
      const probability = async (steps: readonly Float32Array[]) =>
        areaOver(
          (
            await scorer.score(
              steps.map((one) => ({ planes: one })),
              ['probabilities'],
            )
          ).map((given) => given['probabilities'][predicted]),
        );
      sums[name][0] += await probability(exchanged(planes, wiped, size, map));
      sums[name][1] += await probability(exchanged(blurred, planes, size, map));
    }
  }
  return (['attention_map', 'class_activation_map', 'random'] as const).map((map) => ({
    map,
    cases: pictures.length,
    deletion: round(sums[map][0] / pictures.length),
    insertion: round(sums[map][1] / pictures.length),
  }));
}

function blurredPlanes(planes: Float32Array, { channels, rows, columns }: PlaneSize, blurring: GaussianBlur): Float32Array {
  const blurred = new Float32Array(planes.length);
  const size = rows * columns;
  for (let c = 0; c < channels; c++)
    blurring.blur(planes.subarray(c * size, (c + 1) * size), BLUR_SIGMA * rows, blurred.subarray(c * size, (c + 1) * size));
  return blurred;
}

/** Every plane its own mean: what a wiped-out place shows. */
function meanPlanes(planes: Float32Array, { channels, rows, columns }: PlaneSize): Float32Array {
  const size = rows * columns;
  const means = new Float32Array(planes.length);
  for (let c = 0; c < channels; c++)
    means.fill(planes.subarray(c * size, (c + 1) * size).reduce((sum, value) => sum + value, 0) / size, c * size, (c + 1) * size);
  return means;
}
