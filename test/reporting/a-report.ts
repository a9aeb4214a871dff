import type { DicomJson } from '../../src/dicom/dicom-json.js';
import type { ModelCard, ModelClass } from '../../src/inference/model-card.js';
import type { ImageReading } from '../../src/inference/reading.js';
import { draftReport, type PreliminaryReport } from '../../src/reporting/preliminary-report.js';

export const STUDY_INSTANCE_UID = '2.25.1001';

const NO_PNEUMONIA: ModelClass = {
  label: 'No evidence of pneumonia',
  kind: 'absence',
  operatingThreshold: 0.5,
  referralThreshold: 0.5,
  code: { system: 'http://snomed.info/sct', scheme: 'SCT', code: '281900007', display: 'No abnormality detected' },
};

export const PNEUMONIA: ModelClass = {
  label: 'Pneumonia',
  kind: 'finding',
  operatingThreshold: 0.8,
  referralThreshold: 0.4,
  code: { system: 'http://snomed.info/sct', scheme: 'SCT', code: '233604007', display: 'Pneumonia' },
};

/** A model that reads frontal chest radiographs, and nothing but these. */
export const aCard = (over: Partial<ModelCard> = {}): ModelCard => ({
  name: 'chest',
  version: '3',
  title: 'Pneumonia in chest X-rays',
  manufacturer: 'wetread project',
  licence: 'Apache-2.0',
  sha256: 'ab'.repeat(32),
  opset: 17,
  intendedUse: 'Shows the way of a study.',
  limitations: ['Knows nothing but pneumonia.'],
  notForClinicalUse: true,
  input: {
    modalities: ['CR', 'DX'],
    sopClassUIDs: ['1.2.840.10008.5.1.4.1.1.1.1'],
    photometricInterpretations: ['MONOCHROME1', 'MONOCHROME2'],
    bodyParts: ['CHEST', 'THORAX'],
    viewPositions: ['PA', 'AP'],
    maximumFrames: 1,
    required: ['Modality', 'BodyPartExamined'],
  },
  preparation: { rows: 224, columns: 224, channels: 1, normalisation: 'z_score', resize: 'area', aspect: 'stretch' },
  activation: 'softmax',
  classes: [NO_PNEUMONIA, PNEUMONIA],
  calibration: 'Platt scaling',
  training: { dataset: 'd', citation: 'c', licence: 'l', split: 's', cases: 1, method: 'm' },
  evaluation: [],
  ...over,
});

/** An image of good quality, read with this probability of pneumonia. */
export const aReading = (pneumonia: number, over: Partial<ImageReading> = {}): ImageReading => ({
  sopClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
  sopInstanceUID: '2.25.2001',
  seriesInstanceUID: '2.25.1501',
  frameNumber: 1,
  rows: 1024,
  columns: 1024,
  logits: [0, 1],
  probabilities: [1 - pneumonia, pneumonia],
  confidence: 0.9,
  highConfidence: true,
  uncertainty: 0.25,
  prediction: 1,
  clinicalInsights: undefined,
  attentionMap: undefined,
  quality: quality(100),
  provider: 'cpu',
  timings: { decode: 1, prepare: 1, run: 1 },
  ...over,
});

export const quality = (score: number): ImageReading['quality'] => ({
  contrast: 0.5,
  sharpness: 0.2,
  noise: 0.05,
  brightness: 0.5,
  score,
  passes: { contrast: score > 0, sharpness: score > 25, noise: score > 50, brightness: score > 75 },
});

/** The study's attributes as the archive keeps them: those of study and patient, none of a series. */
export const studyAttributes = (over: DicomJson = {}): DicomJson => ({
  '00080020': { vr: 'DA', Value: ['20260105'] },
  '00080030': { vr: 'TM', Value: ['091500'] },
  '00080201': { vr: 'SH', Value: ['+0100'] },
  '0020000D': { vr: 'UI', Value: [STUDY_INSTANCE_UID] },
  ...over,
});

export type Draft = Omit<PreliminaryReport, 'findings' | 'conclusion'>;

export const aReport = (images: readonly ImageReading[], over: Partial<Draft> = {}): PreliminaryReport =>
  draftReport({
    id: '6f1c1c5e-8a1b-8c3d-9e4f-0123456789ab',
    version: 1,
    issued: new Date('2026-01-05T09:00:00.000Z'),
    softwareVersion: '0.1.0',
    model: aCard(),
    study: { studyInstanceUID: STUDY_INSTANCE_UID, attributes: studyAttributes(), patientId: 'patient-1', imagingStudyId: 'study-1' },
    images,
    notRead: 0,
    ...over,
  });
