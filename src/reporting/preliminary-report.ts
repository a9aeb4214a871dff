import { Fault } from '../faults.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import type { ModelCard, ModelClass } from '../inference/model-card.js';
import type { ImageReading } from '../inference/reading.js';
import { NOT_FOR_CLINICAL_USE, standing } from './standing.js';

/** The study that a report is about. */
export interface ReportedStudy {
  readonly studyInstanceUID: string;
  /** Study- and patient-level attributes, DICOM JSON. */
  readonly attributes: DicomJson;
  readonly patientId: string;
  readonly imagingStudyId: string;
}

/** A reading came without a probability, 0..1, of a class that the model's card names. */
export class NoProbability extends Fault {
  readonly code = 'no-probability';
  readonly status = 500;

  constructor() {
    super('The model gave no probability for a finding of its card.');
  }
}

export type Verdict = 'present' | 'second-look' | 'absent';

/** One thing the model looks for, over all images it read: the gravest verdict counts, of equal ones the greatest probability. */
export interface Finding {
  readonly modelClass: ModelClass;
  readonly probability: number;
  readonly verdict: Verdict;
  /** The image that the probability stands on. */
  readonly image: ImageReading;
}

/** What one model version says of one study: the value that every form (FHIR, DICOM SR, GraphQL) is made from. */
export interface PreliminaryReport {
  /** UUID; the DiagnosticReport's id. */
  readonly id: string;
  /** 1 for the first; a later image of the study makes the next one. */
  readonly version: number;
  readonly issued: Date;
  readonly study: ReportedStudy;
  readonly model: ModelCard;
  readonly softwareVersion: string;
  readonly images: readonly ImageReading[];
  /** How many instances of the study this model did not read. */
  readonly notRead: number;
  readonly findings: readonly Finding[];
  readonly conclusion: string;
}

/** What the readings of a study come to, before it has an id, a version and a time. */
export type ReportDraft = Omit<PreliminaryReport, 'id' | 'version' | 'issued'>;

/** Below this quality score (of 100) a result is called less reliable. */
const RELIABLE_QUALITY = 50;

/**
 * Makes the report of a study out of the readings of its images.
 * @param parts  `images`: at least one, each read by `model`
 * @throws NoProbability
 */
export function draftReport<Parts extends Omit<ReportDraft, 'findings' | 'conclusion'>>(
  parts: Parts,
): Parts & Pick<ReportDraft, 'findings' | 'conclusion'> {
  const findings = parts.model.classes.flatMap((modelClass, index) => {
    if (modelClass.kind !== 'finding') return [];
    return [gravest(parts.images.map((image) => judged(image, modelClass, index)))];
  });
  return { ...parts, findings, conclusion: conclusionOf(parts, findings) };
}

function judged(image: ImageReading, modelClass: ModelClass, index: number): Finding {
  const probability = probabilityOf(image, index);
  return { modelClass, probability, image, verdict: verdictOf(probability, modelClass, image) };
}

const GRAVITY: Readonly<Record<Verdict, number>> = { absent: 0, 'second-look': 1, present: 2 };

/** Each image is judged for itself: what one shows is not undone by another that can't be judged, nor the other way round. */
const gravest = (findings: readonly Finding[]): Finding =>
  findings.reduce((a, b) => {
    const graver = GRAVITY[b.verdict] - GRAVITY[a.verdict];
    return graver > 0 || (graver === 0 && b.probability > a.probability) ? b : a;
  });

/** Without a probability nothing can be compared to a threshold; to call it absent would be a wrong answer. */
function probabilityOf(image: ImageReading, index: number): number {
  const probability = image.probabilities?.[index];
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) throw new NoProbability(); // NaN is null once it was JSON
  return probability;
}

/**
 * What is not called still gets a second look where the model's own measure of doubt, which its card names, asks for one.
 * An image unlike those of the training is neither called nor let off, whatever the model makes of it.
 */
function verdictOf(probability: number, { operatingThreshold, referralThreshold }: ModelClass, image: ImageReading): Verdict {
  if (isUnlikeTraining(image.quality)) return 'second-look';
  if (probability >= operatingThreshold) return 'present';
  return probability >= referralThreshold || image.referral?.refers === true ? 'second-look' : 'absent';
}

/** A negative is never called normal: the model looked for what it knows, and for nothing else. */
function conclusionOf({ model, images, notRead }: Omit<ReportDraft, 'findings' | 'conclusion'>, findings: readonly Finding[]): string {
  const sentences = findings.map(({ modelClass, probability, verdict, image }) => {
    const certainty = `probability ${percent(probability)}${image.uncertainty === undefined ? '' : `, uncertainty ${percent(image.uncertainty)}`}`;
    if (verdict === 'present') return `${modelClass.label}: suspected (${certainty}).`;
    if (verdict === 'second-look' && isUnlikeTraining(image.quality))
      return `${modelClass.label}: not judged, the image is unlike those of the training (${certainty}).`;
    if (verdict === 'second-look') return `${modelClass.label}: below the operating point, but a second look is suggested (${certainty}).`;
    return `${modelClass.label}: not called by this model, whose referral point is ${percent(modelClass.referralThreshold)} (${certainty}).`;
  });
  const poor = images.filter(({ quality }) => quality.score < RELIABLE_QUALITY).length;
  if (poor > 0) sentences.push(`Image quality is low in ${poor} of ${images.length} images: the result is less reliable.`);
  const strange = images.filter(({ quality }) => isUnlikeTraining(quality)).length;
  if (strange > 0)
    sentences.push(
      `${strange} of ${images.length} images are unlike those that the model was trained on: the result is not to be relied on.`,
    );
  const doubted = images.filter(({ referral }) => referral?.refers === true).length;
  if (doubted > 0) sentences.push(`The model is unsure of ${doubted} of ${images.length} images: a second look is suggested.`);
  const slices = images.flatMap(({ stack }) => stack?.slices ?? []);
  if (slices.length > 0) sentences.push(`Read as a whole: ${slices.join(' + ')} frames.`);
  const noticed = new Set(images.flatMap(({ stack }) => stack?.warnings.map(({ text }) => text) ?? []));
  if (noticed.size > 0) sentences.push(`Noticed: ${[...noticed].join('; ')}.`);
  sentences.push(`Images read: ${images.length}${notRead > 0 ? `; not read by this model: ${notRead}` : ''}.`);
  sentences.push(standing('preliminary', `${model.title}, version ${model.version}`));
  if (model.notForClinicalUse) sentences.push(NOT_FOR_CLINICAL_USE);
  return sentences.join(' ');
}

const isUnlikeTraining = ({ inputDistance, inputDistanceLimit }: ImageReading['quality']): boolean =>
  inputDistance !== undefined && inputDistanceLimit !== undefined && inputDistance > inputDistanceLimit;

/** 0..1 as per cent, never rounded up to certainty. */
export const percent = (share: number): string => `${Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1)} %`;
