import { NO_MANIFEST_REASONS } from '../../evidence/datasets/leak-check.js';
import { STRATIFIERS } from '../../evidence/datasets/strata.js';
import { IMAGES, LISTED, PURPOSES } from '../../evidence/studies/read-dataset.js';

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
