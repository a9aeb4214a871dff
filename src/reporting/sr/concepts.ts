import type { CodedConcept } from '../coded-concept.js';

const dcm = (code: string, meaning: string): CodedConcept => ({ scheme: 'DCM', code, meaning });
const sct = (code: string, meaning: string): CodedConcept => ({ scheme: 'SCT', code, meaning });

/** Names the private codes below in every document (PS3.3 C.12.1.1.1). Codes are at most 16 characters: old viewers know no Long Code Value. */
export const PRIVATE_SCHEME = '99WETREAD';
const own = (code: string, meaning: string): CodedConcept => ({ scheme: PRIVATE_SCHEME, code, meaning });

export const IMAGING_MEASUREMENT_REPORT = dcm('126000', 'Imaging Measurement Report');
export const LANGUAGE = dcm('121049', 'Language of Content Item and Descendants');
export const ENGLISH: CodedConcept = { scheme: 'RFC5646', code: 'en', meaning: 'English' };

export const OBSERVER_TYPE = dcm('121005', 'Observer Type');
export const DEVICE = dcm('121007', 'Device');
export const DEVICE_OBSERVER_UID = dcm('121012', 'Device Observer UID');
export const DEVICE_OBSERVER_NAME = dcm('121013', 'Device Observer Name');
export const DEVICE_OBSERVER_MANUFACTURER = dcm('121014', 'Device Observer Manufacturer');
export const DEVICE_OBSERVER_MODEL_NAME = dcm('121015', 'Device Observer Model Name');

export const PROCEDURE_REPORTED = dcm('121058', 'Procedure reported');
/** Where the study names no procedure: the general code that the FHIR form has too. */
export const IMAGING_STUDY: CodedConcept = { scheme: 'LN', code: '18748-4', meaning: 'Diagnostic imaging study' };

export const IMAGE_LIBRARY = dcm('111028', 'Image Library');
export const IMAGE_LIBRARY_GROUP = dcm('126200', 'Image Library Group');
export const IMAGING_MEASUREMENTS = dcm('126010', 'Imaging Measurements');
export const MEASUREMENT_GROUP = dcm('125007', 'Measurement Group');
export const QUALITATIVE_EVALUATIONS: CodedConcept = { scheme: 'UMLS', code: 'C0034375', meaning: 'Qualitative Evaluations' };
export const CONCLUSION = dcm('121077', 'Conclusion');

export const TRACKING_IDENTIFIER = dcm('112039', 'Tracking Identifier');
export const TRACKING_UNIQUE_IDENTIFIER = dcm('112040', 'Tracking Unique Identifier');
export const FINDING_CATEGORY = sct('276214006', 'Finding category');
export const CLINICAL_FINDING = sct('404684003', 'Clinical finding');
export const FINDING = dcm('121071', 'Finding');
export const SOURCE = sct('260753009', 'Source');
export const SOURCE_OF_MEASUREMENT = dcm('121112', 'Source of Measurement');

export const ALGORITHM_NAME = dcm('111001', 'Algorithm Name');
export const ALGORITHM_VERSION = dcm('111003', 'Algorithm Version');
export const ALGORITHM_PARAMETERS = dcm('111002', 'Algorithm Parameters');

export const PRESENCE = sct('705057003', 'Presence');
export const PRESENT = sct('52101004', 'Present');
export const ABSENT = sct('2667000', 'Absent');
export const INDETERMINATE = sct('82334004', 'Indeterminate');
export const ADVICE = own('advice', 'Advice of the model');
export const SECOND_LOOK = own('second-look', 'Second look suggested');

export const NO_UNITS: CodedConcept = { scheme: 'UCUM', code: '1', meaning: 'no units' };
export const VALUE_INDETERMINATE = dcm('114011', 'Value indeterminate');

export const PROBABILITY = own('probability', 'Probability of the finding');
export const CONFIDENCE = own('confidence', 'Confidence of the model');
export const UNCERTAINTY = own('uncertainty', 'Uncertainty of the model');
export const OPERATING_THRESHOLD = own('operating-point', 'Probability from which it is called present');
export const REFERRAL_THRESHOLD = own('referral-point', 'Probability from which a second look is suggested');

export const IMAGE_QUALITY = own('image-quality', 'Image quality score, 0 to 100');
export const QUALITY_MEASURES = [
  ['contrast', own('contrast', 'Contrast: standard deviation over mean; passes above 0.3')],
  ['sharpness', own('sharpness', 'Sharpness: variance of the Laplacian; passes above 0.1')],
  ['noise', own('noise', 'Noise: deviation of the 3x3 high-pass; passes below 0.1')],
  ['brightness', own('brightness', 'Brightness: mean; passes in 0.2 to 0.8')],
] as const;
export const FURTHER_QUALITY = {
  clippedShare: own('clipped-share', 'Share of pixels black or white to the end'),
  saturation: own('saturation', 'Saturation of colours, or share of grey at the greatest value'),
  burntInTextShare: own('burnt-in-text', 'Share of the area like burnt-in text'),
  sharpnessAgainstHistory: own('sharpness-z', 'Log sharpness against earlier images (z); passes from -3'),
  inputDistance: own('input-distance', 'Distance from the training images; passes below the limit'),
} as const;
export const QUALITY_CHECK = own('quality-check', 'Quality check');
export const PASSES = own('passes', 'Passes');
export const DOES_NOT_PASS = own('does-not-pass', 'Does not pass');
