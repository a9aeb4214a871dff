import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalSha256 } from '../../src/signing/canonical.js';
import type { Cast, Person } from './a-study.js';
import { unzipped } from './unzipped.js';
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

/** As `GET /evidence/datasets/ID` has it. */
export interface DatasetMade {
  readonly id: string;
  readonly state: string;
  readonly manifestSha256: string;
  readonly cases: number;
  readonly code?: string;
}

/** A dataset that was begun, when it is frozen or refused. */
export async function madeDataset(cast: Cast, lead: Person, body: object): Promise<DatasetMade> {
  const begun = await cast.ask<DatasetMade>(lead, 'POST', '/evidence/datasets', body);
  if (begun.status !== 202) throw new Error(`no dataset: ${JSON.stringify(begun.body)}`);
  return eventually(async () => {
    const { body: found } = await cast.ask<DatasetMade>(lead, 'GET', `/evidence/datasets/${begun.body.id}`);
    return found.state === 'making' ? undefined : found;
  }, 'a dataset');
}

/** What a package's verify.mjs says of a package, both alone in an empty folder. @param of  the package that it is taken from */
export function verified(zip: Buffer, of = zip): { status: number | null; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-package-'));
  writeFileSync(join(folder, 'package.zip'), zip);
  writeFileSync(join(folder, 'verify.mjs'), unzipped(of).get('verify/verify.mjs') ?? '');
  const { status, stdout } = spawnSync(process.execPath, ['verify.mjs', 'package.zip'], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { status, stdout };
}
