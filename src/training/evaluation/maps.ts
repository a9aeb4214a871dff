import { EXPLAINED_MAPS, type MapEvaluation } from '../../inference/card-evaluation.js';
import { occlusionMap } from '../../inference/explanation/occlusion-map.js';
import type { AttentionMap } from '../../inference/reading.js';
import { GaussianBlur } from '../augmentation/gaussian-blur.js';
import type { Picture } from '../fit/pictures.js';
import type { Scorer, Scores } from '../fit/scorer.js';
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

type MapsByName = Readonly<Record<MapEvaluation['map'], AttentionMap>>;

/** Of one picture along one map. */
interface Areas {
  readonly deletion: number;
  readonly insertion: number;
}

/**
 * Deletion and insertion of a model's maps, and of as many places in random order, which a map that explains anything must beat.
 * Pixels are exchanged in pictures as the model takes them, so that what is left of a picture stays as it was.
 * @param pictures  those that are looked at: some of the test, whatever the model makes of them
 * @param mapSize   of the maps that the model gives itself, [rows, columns]
 */
export async function evaluateMaps(
  scorer: Scorer,
  pictures: readonly Picture[],
  size: PlaneSize,
  mapSize: readonly [number, number],
): Promise<MapEvaluation[]> {
  const blurring = new GaussianBlur(size.rows, size.columns);
  const random = Random.named(1, 'maps');
  const measured = EXPLAINED_MAPS.map((map) => ({ map, own: [] as Areas[], random: [] as Areas[] }));
  for (const picture of pictures) {
    const planes = scorer.finished(picture);
    const [own] = await scorer.scoreFinished([planes], ['probabilities', 'attention_map', 'class_activation_map', 'gradient_map']);
    const predicted = own['probabilities'].indexOf(Math.max(...own['probabilities']));
    const probabilities = async (steps: readonly Float32Array[]) =>
      (await scorer.scoreFinished(steps, ['probabilities'])).map((given) => given['probabilities'][predicted]);
    const occlusion = await occlusionMap({ planes, ...size }, async (hidden) => (await probabilities([hidden]))[0]);
    const maps: MapsByName = { ...ownMaps(own, predicted, mapSize), occlusion_map: occlusion };
    const blurred = blurredPlanes(planes, size, blurring);
    const wiped = meanPlanes(planes, size);
    const areas = async (map: AttentionMap): Promise<Areas> => ({
      deletion: areaOver(await probabilities(exchanged(planes, wiped, size, map))),
      insertion: areaOver(await probabilities(exchanged(blurred, planes, size, map))),
    });
    const drawn = await Promise.all(
      [mapSize, [occlusion.rows, occlusion.columns] as const].map((cells) => areas(randomMap(cells, random))),
    );
    for (const one of measured) {
      one.own.push(await areas(maps[one.map]));
      one.random.push(one.map === 'occlusion_map' ? drawn[1] : drawn[0]);
    }
  }
  return measured.map(mapEvaluation);
}

function mapEvaluation({
  map,
  own,
  random,
}: {
  map: MapEvaluation['map'];
  own: readonly Areas[];
  random: readonly Areas[];
}): MapEvaluation {
  const meanOf = (areas: readonly Areas[], name: keyof Areas) => round(mean(areas.map((one) => one[name])));
  const gains = {
    deletion: random.map(({ deletion }, i) => deletion - own[i].deletion),
    insertion: own.map(({ insertion }, i) => insertion - random[i].insertion),
  };
  return {
    map,
    cases: own.length,
    deletion: meanOf(own, 'deletion'),
    insertion: meanOf(own, 'insertion'),
    random: { deletion: meanOf(random, 'deletion'), insertion: meanOf(random, 'insertion') },
    explains: isClear(gains.deletion) && isClear(gains.insertion),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether a mean gain lies more than 1.96 of its standard errors above 0. */
function isClear(gains: readonly number[]): boolean {
  const gain = mean(gains);
  const variance = gains.reduce((sum, value) => sum + (value - gain) ** 2, 0) / Math.max(1, gains.length - 1);
  return gain > 1.96 * Math.sqrt(variance / gains.length);
}

const randomMap = ([rows, columns]: readonly [number, number], random: Random): AttentionMap => ({
  rows,
  columns,
  values: Float32Array.from({ length: rows * columns }, () => random.uniform()),
});

/** What the model gives itself. */
function ownMaps(own: Scores, predicted: number, [rows, columns]: readonly [number, number]): Omit<MapsByName, 'occlusion_map'> {
  const cells = rows * columns;
  const map = (values: Float32Array): AttentionMap => ({ rows, columns, values });
  return {
    attention_map: map(own['attention_map']),
    class_activation_map: map(own['class_activation_map'].subarray(predicted * cells, (predicted + 1) * cells)),
    gradient_map: map(own['gradient_map']),
  };
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
