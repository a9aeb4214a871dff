import type { JsonPlace } from '../../json-place.js';
import { NO_MANIFEST_REASONS, type NoManifestReason } from '../datasets/leak-check.js';
import type { Population } from '../datasets/population.js';
import type { SampleSize } from '../datasets/sampling.js';
import { STRATIFIERS } from '../datasets/strata.js';
import type { DatasetAsked } from './datasets.js';

export const PURPOSES = ['train', 'tune', 'test', 'monitor'] as const;
export const IMAGES = ['all', 'one-per-study', 'one-per-patient'] as const;
/** Rules of a population that are lists: any of the values will do. */
export const LISTED = [
  'modality',
  'bodyPart',
  'viewPosition',
  'sex',
  'manufacturer',
  'manufacturerModel',
  'institution',
  'sopInstanceUIDs',
] as const;

const words = (place: JsonPlace): string => place.text(/^(?=[^]*\S)[^\0]{1,10000}$/, 'text that is not empty, 10,000 characters at most');

/** What a dataset is asked to be. A place refuses by the fault that its reader chose. */
export const datasetAt = (place: JsonPlace): DatasetAsked =>
  place.object<DatasetAsked>(
    {
      name: words,
      purpose: (at) => at.oneOf(PURPOSES),
      useLimit: (at) => at.whole(1, 1_000),
      population: populationAt,
      seed: (at) => at.whole(0, 2 ** 32 - 1),
      strata: (at) => at.list((one) => one.oneOf(STRATIFIERS)),
      sample: (at) => (at.isNull() ? null : sampleAt(at)),
      model: (at) => at.object({ name: words, version: words }),
      withoutManifest: (at) => at.object<NoManifestReason>({ reason: (one) => one.oneOf(NO_MANIFEST_REASONS), statement: words }),
    },
    ['withoutManifest'],
  );

const populationAt = (place: JsonPlace): Population =>
  place.object<Population>(
    {
      modality: listed,
      bodyPart: listed,
      viewPosition: listed,
      sex: listed,
      manufacturer: listed,
      manufacturerModel: listed,
      institution: listed,
      sopInstanceUIDs: listed,
      studyDate: (at) => at.object<NonNullable<Population['studyDate']>>({ from: words, to: words }, ['from', 'to']),
      ageYears: (at) =>
        at.object<NonNullable<Population['ageYears']>>({ least: (one) => one.whole(0, 150), most: (one) => one.whole(0, 150) }, [
          'least',
          'most',
        ]),
      images: (at) => at.oneOf(IMAGES),
    },
    [...LISTED, 'studyDate', 'ageYears'],
  );

const listed = (place: JsonPlace): string[] => place.list(words);

function sampleAt(place: JsonPlace): SampleSize {
  const size = place.object<{ size?: number; sizes?: Record<string, number> }>(
    { size: (at) => at.whole(1, 1e9), sizes: (at) => at.map((one) => one.whole(0, 1e9)) },
    ['size', 'sizes'],
  );
  if ((size.size === undefined) === (size.sizes === undefined)) place.refuse('must have size, or sizes');
  return size as SampleSize; // one of both
}
