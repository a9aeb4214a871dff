import { NO_MANIFEST_REASONS, type NoManifestReason } from '../../evidence/datasets/leak-check.js';
import type { Population } from '../../evidence/datasets/population.js';
import type { SampleSize } from '../../evidence/datasets/sampling.js';
import { STRATIFIERS } from '../../evidence/datasets/strata.js';
import type { DatasetAsked } from '../../evidence/studies/datasets.js';
import type { JsonPlace } from '../../json-place.js';
import { bodyPlace, words } from './asked.js';

const PURPOSES = ['train', 'tune', 'test', 'monitor'] as const;
const IMAGES = ['all', 'one-per-study', 'one-per-patient'] as const;
const LISTED = [
  'modality',
  'bodyPart',
  'viewPosition',
  'sex',
  'manufacturer',
  'manufacturerModel',
  'institution',
  'sopInstanceUIDs',
] as const;
const LIST = { type: 'array', items: { type: 'string' } } as const;

/** Of the body by which a dataset is asked for, as OpenAPI has it. */
export const DATASET_SCHEMA = {
  type: 'object' as const,
  required: ['name', 'purpose', 'useLimit', 'population', 'seed', 'strata', 'sample', 'model'],
  properties: {
    name: { type: 'string' as const },
    purpose: { type: 'string' as const, enum: [...PURPOSES] },
    useLimit: { type: 'integer' as const, description: 'In how many locked studies a case may be tested' },
    population: {
      type: 'object' as const,
      description: 'Each rule that is given must hold; of a list any value may',
      required: ['images'],
      properties: {
        ...Object.fromEntries(LISTED.map((name) => [name, LIST])),
        studyDate: { type: 'object' as const, properties: { from: { type: 'string' as const }, to: { type: 'string' as const } } },
        ageYears: { type: 'object' as const, properties: { least: { type: 'integer' as const }, most: { type: 'integer' as const } } },
        images: { type: 'string' as const, enum: [...IMAGES] },
      },
    },
    seed: { type: 'integer' as const, minimum: 0, maximum: 2 ** 32 - 1 },
    strata: { type: 'array' as const, items: { type: 'string' as const, enum: [...STRATIFIERS] } },
    sample: {
      type: 'object' as const,
      nullable: true,
      description: '`size` patients, or `sizes` by stratum; null: all',
    },
    model: {
      type: 'object' as const,
      required: ['name', 'version'],
      properties: { name: { type: 'string' as const }, version: { type: 'string' as const } },
    },
    withoutManifest: {
      type: 'object' as const,
      properties: { reason: { type: 'string' as const, enum: [...NO_MANIFEST_REASONS] }, statement: { type: 'string' as const } },
    },
  },
};

/** Throws UnfitBody. */
export const datasetAsked = (body: unknown): DatasetAsked =>
  bodyPlace(body).object<DatasetAsked>(
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
