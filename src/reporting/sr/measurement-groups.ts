import type { DicomJson } from '../../dicom/dicom-json.js';
import { furtherMeasures } from '../../inference/quality-verdicts.js';
import type { ImageReading } from '../../inference/reading.js';
import { cardConcept, type CodedConcept } from '../coded-concept.js';
import { imageReference } from '../derived-instance.js';
import type { Finding, PreliminaryReport, Verdict } from '../preliminary-report.js';
import { findingTrackingUid, qualityTrackingUid } from '../tracking-uids.js';
import * as concept from './concepts.js';
import { code, container, image as imageItem, number, text, uidReference } from './content-items.js';

/**
 * A finding as a Measurement and Qualitative Evaluation Group (PS3.16 TID 1501): what was looked for, where, by which
 * algorithm, the numbers (0..1) and the verdict that follows from them.
 */
export function findingGroup(report: PreliminaryReport, finding: Finding): DicomJson {
  const { modelClass, probability, verdict, image } = finding;
  const measured = [imageItem('INFERRED FROM', concept.SOURCE_OF_MEASUREMENT, imageReference(report, image))];
  return container('CONTAINS', concept.MEASUREMENT_GROUP, '1501', [
    ...tracking(modelClass.label, findingTrackingUid(report.id, modelClass)),
    code('CONTAINS', concept.FINDING_CATEGORY, concept.CLINICAL_FINDING),
    code('CONTAINS', concept.FINDING, cardConcept(modelClass.code)),
    ...modelIdentification(report, image),
    imageItem('CONTAINS', concept.SOURCE, imageReference(report, image)),
    number(concept.PROBABILITY, probability, measured),
    ...(image.confidence === undefined ? [] : [number(concept.CONFIDENCE, image.confidence, measured)]),
    ...(image.uncertainty === undefined ? [] : [number(concept.UNCERTAINTY, image.uncertainty, measured)]),
    number(concept.OPERATING_THRESHOLD, modelClass.operatingThreshold),
    number(concept.REFERRAL_THRESHOLD, modelClass.referralThreshold),
    presence(verdict),
  ]);
}

const PRESENCE: Readonly<Record<Verdict, CodedConcept>> = {
  present: concept.PRESENT,
  absent: concept.ABSENT,
  'second-look': concept.INDETERMINATE,
};

/** No standard code asks for a second look: the standard value is Indeterminate, and what follows from it hangs below. */
function presence(verdict: Verdict): DicomJson {
  const advice = verdict === 'second-look' ? [code('HAS PROPERTIES', concept.ADVICE, concept.SECOND_LOOK)] : [];
  return code('CONTAINS', concept.PRESENCE, PRESENCE[verdict], advice);
}

/** The quality of one image: the score (0..100), and each measure with what its limits say of it. */
export function qualityGroup(report: PreliminaryReport, image: ImageReading, position: number): DicomJson {
  const { quality } = image;
  return container('CONTAINS', concept.MEASUREMENT_GROUP, '1501', [
    ...tracking(`Image quality ${position}`, qualityTrackingUid(report.id, image)),
    ...algorithm('wetread image quality', report.softwareVersion),
    imageItem('CONTAINS', concept.SOURCE, imageReference(report, image)),
    number(concept.IMAGE_QUALITY, quality.score),
    ...concept.QUALITY_MEASURES.map(([name, measure]) => number(measure, quality[name], check(quality.passes[name]))),
    ...furtherMeasures(quality).map(({ name, value, passes }) => number(concept.FURTHER_QUALITY[name], value, check(passes))),
  ]);
}

const check = (passes: boolean | undefined): DicomJson[] =>
  passes === undefined ? [] : [code('HAS PROPERTIES', concept.QUALITY_CHECK, passes ? concept.PASSES : concept.DOES_NOT_PASS)];

/** PS3.16 TID 4108: the same over all versions of the report. */
const tracking = (identifier: string, uid: string): DicomJson[] => [
  text('HAS OBS CONTEXT', concept.TRACKING_IDENTIFIER, identifier),
  uidReference('HAS OBS CONTEXT', concept.TRACKING_UNIQUE_IDENTIFIER, uid),
];

/** The SHA-256 says which bytes answered; the execution provider matters, since they differ in the last digits. */
const modelIdentification = ({ model, softwareVersion }: PreliminaryReport, image: ImageReading): DicomJson[] =>
  algorithm(
    model.name,
    model.version,
    `model sha256 = ${model.sha256}`,
    `wetread version = ${softwareVersion}`,
    `execution provider = ${image.provider}`,
  );

/** Algorithm Identification (PS3.16 TID 4019). */
const algorithm = (name: string, version: string, ...parameters: readonly string[]): DicomJson[] => [
  text('HAS CONCEPT MOD', concept.ALGORITHM_NAME, name),
  text('HAS CONCEPT MOD', concept.ALGORITHM_VERSION, version),
  ...parameters.map((parameter) => text('HAS CONCEPT MOD', concept.ALGORITHM_PARAMETERS, parameter)),
];
