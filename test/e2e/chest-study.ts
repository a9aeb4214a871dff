import { expect } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalSha256 } from '../../src/signing/canonical.js';
import type { Cast, Person } from './a-study.js';
import { BUNDLED, eventually } from './wetread.js';

const card = JSON.parse(readFileSync(join(BUNDLED, 'chest-pneumonia/card.json'), 'utf8')) as { sha256: string; version: string };
/** The bundled chest model, as a protocol names it. */
export const CHEST = {
  name: 'chest-pneumonia',
  version: card.version,
  onnxSha256: card.sha256,
  cardSha256: canonicalSha256(card),
  finding: 'Pneumonia',
};
/** All chests that are there, to test it. */
export const datasetBody = (said: object = {}) => ({
  name: 'six chests',
  purpose: 'test',
  useLimit: 1,
  population: { modality: ['DX'], images: 'all' },
  seed: 7,
  strata: [],
  sample: null,
  model: { name: CHEST.name, version: CHEST.version },
  ...said,
});

/** Pixels of 12 bits in 16 that nobody else has. */
export function noise(pixels: number): Buffer {
  const bytes = randomBytes(pixels * 2);
  for (let i = 1; i < bytes.length; i += 2) bytes[i] &= 0x0f;
  return bytes;
}

/** A dataset as it is told, frozen or refused. */
export interface DatasetMade {
  readonly id: string;
  readonly state: string;
  readonly manifestSha256: string;
  readonly cases: number;
  readonly code?: string;
}

export async function madeDataset(cast: Cast, lead: Person, body: object): Promise<DatasetMade> {
  const begun = await cast.ask<DatasetMade>(lead, 'POST', '/evidence/datasets', body);
  expect(begun.status).toBe(202);
  return eventually(async () => {
    const { body: found } = await cast.ask<DatasetMade>(lead, 'GET', `/evidence/datasets/${begun.body.id}`);
    return found.state === 'making' ? undefined : found;
  }, 'a dataset');
}
