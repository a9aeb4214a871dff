import { derivedUid } from '../dicom/derived-uid.js';
import type { ModelClass } from '../inference/model-card.js';
import type { ImageReading } from '../inference/reading.js';

/** What a finding is tracked by in every form, and over all versions of its report (PS3.16 TID 4108). */
export const findingTrackingUid = (reportId: string, { code, label }: Pick<ModelClass, 'code' | 'label'>): string =>
  derivedUid('sr-finding', reportId, code.scheme, code.code, label);

/** The same of an image's quality. */
export const qualityTrackingUid = (
  reportId: string,
  { sopInstanceUID, frameNumber }: Pick<ImageReading, 'sopInstanceUID' | 'frameNumber'>,
): string => derivedUid('sr-quality', reportId, sopInstanceUID, String(frameNumber));
