import type { CodeSystem } from 'fhir/r4.js';
import { SOFTWARE_VERSION } from '../../version.js';
import { WETREAD_CODES } from '../fhir/codes.js';

const CONCEPTS: Readonly<Record<string, string>> = {
  probability: 'Probability of the finding by the model, 0 to 1',
  confidence: 'Confidence of the model, 0 to 1',
  uncertainty: 'Uncertainty of the model, 0 to 1',
  'predictive-entropy': 'Predictive entropy of the model, in nats',
  'referral-measure': 'Measure of doubt that asks for a second look',
  'referral-limit': 'Value of that measure above which a second look is suggested',
  referral: 'Whether the model’s own doubt suggests a second look',
  'operating-threshold': 'Probability from which a finding is called present',
  'referral-threshold': 'Probability from which a second look is suggested',
  'high-confidence': 'Whether the confidence is above 0.8',
  'second-look': 'A second look is suggested: neither present nor absent',
  'not-for-clinical-use': 'Whether a model is not for clinical use',
  'image-quality': 'Image quality score, 0 to 100',
  contrast: 'Standard deviation over mean',
  sharpness: 'Variance of the Laplacian',
  noise: 'Standard deviation of the 3×3 high-pass',
  brightness: 'Mean',
  'clipped-share': 'Share of pixels black or white to the end, 0 to 1',
  saturation: 'Saturation of colours, or the share of grey pixels at the greatest value stored, 0 to 1',
  'burnt-in-text-share': 'Share of the area that looks like burnt-in text, 0 to 1',
  'sharpness-against-history': 'Log sharpness against earlier images, in standard deviations',
  'input-distance': 'Distance from the training images, by the model',
};

/** The codes that no standard has (R4 codesystem.html). */
export const codeSystem = (): CodeSystem & { id: string } => ({
  resourceType: 'CodeSystem',
  id: 'wetread-measure',
  url: WETREAD_CODES,
  version: SOFTWARE_VERSION,
  name: 'WetreadMeasure',
  status: 'active',
  publisher: 'wetread',
  description: 'What wetread measures and says beside the codes of SNOMED CT, LOINC and DICOM.',
  caseSensitive: true,
  content: 'complete',
  count: Object.keys(CONCEPTS).length,
  concept: Object.entries(CONCEPTS).map(([code, display]) => ({ code, display })),
});
