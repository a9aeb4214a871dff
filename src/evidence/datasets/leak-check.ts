import type { DatasetFile } from '../contents/study-file.js';
import { ALIKE_WITHIN } from './duplicates.js';
import { TrainingLeak, TrainingManifestAbsent } from './faults.js';
import { HashIndex } from './hash-index.js';
import type { TrainingManifest } from './training-manifest.js';

/**
 * So near a training picture's hash is the picture itself in another form: of 12 million pairs of different patients' chest radiographs
 * none was, nor of 1.3 million of breast ultrasound (docs/evidence.md).
 */
export const SAME_PICTURE_WITHIN = 2;

/** A case as the check needs it. */
export interface CheckedCase {
  readonly caseKey: string;
  /** `patientHashes`: none where there is no Patient ID. */
  readonly patientHashes: readonly string[];
  readonly pixelSha256: string;
  readonly perceptualHash: string;
}

/** A model under test, with what it was trained on, where it says so. */
export interface TrainedModel {
  readonly model: string;
  readonly version: string;
  readonly manifest: TrainingManifest | undefined;
}

/** Why cases can be none of a training of which there is no manifest. Somebody answers for it with the study's protocol. */
export const NO_MANIFEST_REASONS = [
  /** All cases are younger than the model: `statement` says how that is known. */
  'collected-after-training',
  /** No site of the cases gave data to the training, as its maker states. */
  'no-common-site',
  /** The maker looked for these patients and pictures in its own data, and states that there are none. */
  'checked-by-manufacturer',
] as const;

export interface NoManifestReason {
  readonly reason: (typeof NO_MANIFEST_REASONS)[number];
  /** In words, with who states it. */
  readonly statement: string;
}

export interface LeakReport {
  readonly leakage: DatasetFile['leakage'];
  /** Keys of the cases, in order. */
  readonly samePatients: readonly string[];
  readonly samePixels: readonly string[];
  /** Of those that look alike: the ones that are the same picture (SAME_PICTURE_WITHIN), and not the same pixels. */
  readonly samePictures: readonly string[];
  /** NAME/VERSION of models without a manifest: of these nothing is known. They stand in `leakage.against` with 0 entries and no hash. */
  readonly withoutManifest: readonly string[];
}

/**
 * Whether cases are of what models were trained or tuned on: the same patients, the same pixels, pictures that look alike. A case that has a
 * training picture's pixels is not told again among those that look alike.
 */
export function leakCheck(cases: readonly CheckedCase[], models: readonly TrainedModel[]): LeakReport {
  const entries = models.flatMap(({ manifest }) => manifest?.entries ?? []);
  const patients = new Set(entries.map(({ patientHash }) => patientHash).filter((hash) => hash !== ''));
  const pixels = new Set(entries.map((entry) => entry.pixelSha256));
  const looks = [...new Set(entries.map((entry) => entry.perceptualHash))];
  const index = new HashIndex(looks, ALIKE_WITHIN);
  const samePatients: string[] = [];
  const samePixels: string[] = [];
  const alike: { caseKey: string; distance: number }[] = [];
  for (const { caseKey, patientHashes, pixelSha256, perceptualHash } of cases) {
    if (patientHashes.some((hash) => patients.has(hash))) samePatients.push(caseKey);
    if (pixels.has(pixelSha256)) {
      samePixels.push(caseKey);
      continue;
    }
    let distance = Infinity;
    index.near(perceptualHash, (_place, near) => {
      distance = Math.min(distance, near);
    });
    if (distance <= ALIKE_WITHIN) alike.push({ caseKey, distance });
  }
  alike.sort((a, b) => (a.caseKey < b.caseKey ? -1 : 1));
  return {
    leakage: {
      against: models.map(({ model, version, manifest }) => ({
        model,
        version,
        entries: manifest?.entries.length ?? 0,
        sha256: manifest?.sha256 ?? '',
      })),
      checkedPatients: cases.filter(({ patientHashes }) => patientHashes.length > 0).length,
      checkedPixels: cases.length,
      samePatients: samePatients.length,
      samePixels: samePixels.length,
      alike,
    },
    samePatients: samePatients.sort(),
    samePixels: samePixels.sort(),
    samePictures: alike.filter(({ distance }) => distance <= SAME_PICTURE_WITHIN).map(({ caseKey }) => caseKey),
    withoutManifest: models.filter(({ manifest }) => manifest === undefined).map(({ model, version }) => `${model}/${version}`),
  };
}

/**
 * A test may hold nothing that its models were trained or tuned on. Other purposes may: the report tells. What merely looks alike is for
 * people to judge.
 * @param without  why there need be no manifest, where a model has none; it counts for a model that has one in nothing
 * @throws TrainingLeak; TrainingManifestAbsent  a model has none, and no reason is stated
 */
export function requireNoLeak(report: LeakReport, purpose: DatasetFile['purpose'], without?: NoManifestReason): void {
  if (purpose !== 'test') return;
  const { samePatients, samePixels, samePictures, withoutManifest } = report;
  if (samePatients.length + samePixels.length + samePictures.length > 0) throw new TrainingLeak(samePatients, samePixels, samePictures);
  if (withoutManifest.length > 0 && (without?.statement.trim() ?? '') === '') throw new TrainingManifestAbsent(withoutManifest);
}
