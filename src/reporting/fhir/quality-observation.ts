import type { Observation, ObservationComponent } from 'fhir/r4.js';
import { furtherMeasures } from '../../inference/quality-verdicts.js';
import type { ImageReading } from '../../inference/reading.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import { qualityTrackingUid } from '../tracking-uids.js';
import { aiMeta, IMAGING, measure, plainNumber, trackingUid } from './codes.js';
import { deviceId } from './device.js';
import { studyTime } from '../../archive/fhir/study-time.js';

const MEASURES = [
  ['contrast', 'Contrast: standard deviation over mean; passes above 0.3'],
  ['sharpness', 'Sharpness: variance of the Laplacian; passes above 0.1'],
  ['noise', 'Noise: standard deviation of the 3×3 high-pass; passes below 0.1'],
  ['brightness', 'Brightness: mean; passes in 0.2 to 0.8'],
] as const;

const FURTHER_MEASURES = {
  clippedShare: ['clipped-share', 'Share of pixels black or white to the end, 0 to 1'],
  saturation: ['saturation', 'Saturation: of colours, or the share of grey pixels at the greatest value stored, 0 to 1'],
  burntInTextShare: ['burnt-in-text-share', 'Share of the area that looks like burnt-in text, 0 to 1'],
  sharpnessAgainstHistory: ['sharpness-against-history', 'Log sharpness against earlier images, standard deviations; passes from -3'],
  inputDistance: ['input-distance', "Distance from the training images, by the model; passes below the model's limit"],
} as const;

/** The quality of one image as an Observation: the score, and each measure with its verdict where it has a limit. */
export function qualityObservation(report: PreliminaryReport, image: ImageReading): Observation & { id: string } {
  const { quality } = image;
  return {
    resourceType: 'Observation',
    id: resourceId('Observation', report.id, 'quality', image.sopInstanceUID, String(image.frameNumber)),
    meta: aiMeta('image-quality'),
    text: narrative(`Image quality score ${quality.score} of 100`),
    identifier: [trackingUid(qualityTrackingUid(report.id, image))],
    status: 'preliminary',
    category: [IMAGING],
    code: measure('image-quality', 'Image quality score, 0 to 100'),
    subject: { reference: `Patient/${report.study.patientId}` },
    effectiveDateTime: studyTime(report.study.attributes),
    issued: report.issued.toISOString(),
    valueInteger: quality.score,
    device: { reference: `Device/${deviceId(report)}` },
    derivedFrom: [{ reference: `ImagingStudy/${report.study.imagingStudyId}` }],
    note: [{ text: `Image ${image.sopInstanceUID}, frame ${image.frameNumber}.` }],
    component: [
      ...MEASURES.map(([name, display]) => component(name, display, quality[name], quality.passes[name])),
      ...furtherMeasures(quality).map(({ name, value, passes }) => {
        const [code, display] = FURTHER_MEASURES[name];
        return component(code, display, value, passes);
      }),
    ],
  };
}

const component = (code: string, display: string, value: number, passes: boolean | undefined): ObservationComponent => ({
  code: measure(code, display),
  valueQuantity: plainNumber(value),
  ...(passes !== undefined && { interpretation: [{ text: passes ? 'passes' : 'does not pass' }] }),
});
