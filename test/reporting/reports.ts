import type { DicomJson } from '../../src/dicom/dicom-json.js';
import type { ModelCard } from '../../src/inference/model-card.js';
import type { ImageReading } from '../../src/inference/reading.js';
import { draftReport, type PreliminaryReport } from '../../src/reporting/preliminary-report.js';

export const COMPUTED_RADIOGRAPHY = '1.2.840.10008.5.1.4.1.1.1';

/** A made-up card: it looks for pneumonia (present from 0.5, second look from 0.2). */
export const aCard = (parts: Partial<ModelCard> = {}): ModelCard => ({
  name: 'made-up',
  version: '3',
  title: 'Pneumonia in made-up chests',
  manufacturer: 'Nobody',
  licence: 'Apache-2.0',
  sha256: 'ab'.repeat(32),
  opset: 17,
  intendedUse: 'Tests.',
  limitations: [],
  notForClinicalUse: true,
  input: {
    modalities: ['CR'],
    sopClassUIDs: [COMPUTED_RADIOGRAPHY],
    photometricInterpretations: ['MONOCHROME2'],
    bodyParts: [],
    viewPositions: [],
    maximumFrames: 1,
    required: [],
  },
  preparation: { rows: 8, columns: 8, channels: 1, normalisation: 'z_score', resize: 'area', aspect: 'stretch' },
  activation: 'softmax',
  classes: [
    { label: 'No evidence', kind: 'absence', code: sct('281900007', 'No abnormality detected'), operatingThreshold: 0.5, referralThreshold: 0.5 },
    { label: 'Pneumonia', kind: 'finding', code: sct('233604007', 'Pneumonia'), operatingThreshold: 0.5, referralThreshold: 0.2 },
  ],
  calibration: 'none',
  training: { dataset: 'none', citation: '', licence: '', split: '', cases: 0, method: '' },
  evaluation: [],
  ...parts,
});

function sct(code: string, display: string) {
  return { system: 'http://snomed.info/sct', scheme: 'SCT', code, display };
}

export const aReading = (parts: Partial<ImageReading> = {}): ImageReading => ({
  sopClassUID: COMPUTED_RADIOGRAPHY,
  sopInstanceUID: '1.2.3.1.1',
  seriesInstanceUID: '1.2.3.1',
  frameNumber: 1,
  rows: 8,
  columns: 8,
  logits: [0, 1],
  probabilities: [0.25, 0.75],
  confidence: 0.75,
  highConfidence: false,
  uncertainty: 1 / 3,
  prediction: 1,
  clinicalInsights: undefined,
  attentionMap: undefined,
  quality: {
    contrast: 0.5,
    sharpness: 0.05,
    noise: 0.01,
    brightness: 0.4,
    passes: { contrast: true, sharpness: false, noise: true, brightness: true },
    score: 75,
  },
  provider: 'cpu',
  timings: { decode: 1, prepare: 1, run: 1 },
  ...parts,
});

/** A study of one patient, whose name has all three component groups; it names no time zone. */
export const someAttributes = (parts: DicomJson = {}): DicomJson => ({
  '00080020': { vr: 'DA', Value: ['20240229'] },
  '00080030': { vr: 'TM', Value: ['235959.5'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }] },
  '00100020': { vr: 'LO', Value: ['id-1'] },
  '00100021': { vr: 'LO', Value: ['issuer-1'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  ...parts,
});

interface Parts extends Partial<Omit<PreliminaryReport, 'study'>> {
  readonly attributes?: DicomJson;
}

export const aReport = ({ attributes = someAttributes(), ...parts }: Parts = {}): PreliminaryReport =>
  draftReport({
    id: '6f3a1b1e-3c0e-4c63-9f7c-0d6f5d9f7a11',
    version: 1,
    issued: new Date('2024-03-01T00:30:15.125Z'),
    study: { studyInstanceUID: '1.2.3', attributes, patientId: 'p', imagingStudyId: 's' },
    model: aCard(),
    softwareVersion: '0.1.0',
    images: [aReading()],
    notRead: 0,
    ...parts,
  });
