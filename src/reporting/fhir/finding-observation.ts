import type { Extension, Observation, ObservationComponent } from 'fhir/r4.js';
import type { Referral } from '../../inference/referral.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import { percent, type Finding, type PreliminaryReport, type Verdict } from '../preliminary-report.js';
import { aiConfidence } from './ai-transparency.js';
import { ABSENT, aiMeta, cardCode, IMAGING, measure, plainNumber, PRESENT, SECOND_LOOK, trackingUid } from './codes.js';
import { findingTrackingUid } from '../tracking-uids.js';
import { deviceId } from './device.js';
import { studyTime } from '../../archive/fhir/study-time.js';

/** What each verdict is as an Observation's value. */
export const VERDICT_VALUE: Readonly<Record<Verdict, typeof PRESENT>> = { present: PRESENT, 'second-look': SECOND_LOOK, absent: ABSENT };

/** The Observation of a report's finding. */
export const findingId = (reportId: string, label: string): string => resourceId('Observation', reportId, 'finding', label);

/** A finding as an Observation (R4 observation.html): what was looked for, the verdict, and the numbers behind it. */
export function findingObservation(report: PreliminaryReport, finding: Finding): Observation & { id: string } {
  const { modelClass, probability, verdict, image } = finding;
  return {
    resourceType: 'Observation',
    id: findingId(report.id, modelClass.label),
    meta: aiMeta('ai-finding'),
    text: narrative(`${modelClass.label}: ${VERDICT_VALUE[verdict].text ?? verdict}, probability ${percent(probability)}`),
    identifier: [trackingUid(findingTrackingUid(report.id, modelClass))],
    status: 'preliminary',
    category: [IMAGING],
    code: cardCode(modelClass.code),
    subject: { reference: `Patient/${report.study.patientId}` },
    effectiveDateTime: studyTime(report.study.attributes),
    issued: report.issued.toISOString(),
    valueCodeableConcept: { ...confidenceIn(verdict, probability), ...VERDICT_VALUE[verdict] },
    device: { reference: `Device/${deviceId(report)}` },
    derivedFrom: [{ reference: `ImagingStudy/${report.study.imagingStudyId}` }],
    method: { text: `${report.model.title}, version ${report.model.version}` },
    note: [{ text: `Image ${image.sopInstanceUID}, frame ${image.frameNumber}, by execution provider ${image.provider}.` }],
    component: [
      number('probability', 'Probability of the finding', probability),
      ...optional('confidence', 'Confidence of the model', image.confidence),
      ...optional('uncertainty', 'Uncertainty of the model', image.uncertainty),
      ...optional('predictive-entropy', 'Predictive entropy of the model', image.predictiveEntropy),
      ...(image.referral === undefined ? [] : referral(image.referral)),
      number('operating-threshold', 'Probability from which it is called present', modelClass.operatingThreshold),
      number('referral-threshold', 'Probability from which a second look is suggested', modelClass.referralThreshold),
      ...(image.highConfidence === undefined
        ? []
        : [{ code: measure('high-confidence', 'Confidence above 0.8'), valueBoolean: image.highConfidence }]),
    ],
  };
}

/** How probable it is that the verdict is right, by the calibrated probability; one that leaves it open claims nothing. */
function confidenceIn(verdict: Verdict, probability: number): { extension?: Extension[] } {
  if (verdict === 'second-look') return {};
  return { extension: [aiConfidence(verdict === 'present' ? probability : 1 - probability)] };
}

/** Which measure of doubt the card trusts, where its limit is, and whether it asks for a second look. */
const referral = ({ measure: name, value, above, refers }: Referral): ObservationComponent[] => [
  number('referral-measure', `Measure of doubt that asks for a second look: ${name}`, value),
  number('referral-limit', 'Value of that measure above which a second look is suggested', above),
  { code: measure('referral', 'Second look suggested by the model’s own doubt'), valueBoolean: refers },
];

const number = (code: string, display: string, value: number): ObservationComponent => ({
  code: measure(code, display),
  valueQuantity: plainNumber(value),
});

const optional = (code: string, display: string, value: number | undefined): ObservationComponent[] =>
  value === undefined ? [] : [number(code, display, value)];
