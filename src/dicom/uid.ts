import type { Tag } from './dicom-json.js';
import { MalformedUid } from './faults.js';

/** A UID that passed the check below. */
export type Uid = string & { readonly isUid: true };
export type StudyInstanceUID = Uid & { readonly of: 'study' };
export type SeriesInstanceUID = Uid & { readonly of: 'series' };
export type SOPInstanceUID = Uid & { readonly of: 'instance' };
export type SOPClassUID = Uid & { readonly of: 'class' };
export type TransferSyntaxUID = Uid & { readonly of: 'transfer syntax' };

const UID = /^[0-9]+(\.[0-9]+)*$/;

export const isUid = (text: string): text is Uid => text.length <= 64 && UID.test(text); // the only door

/**
 * Text as a UID (PS3.5 9.1): 1 to 64 characters, digits and dots, no empty component. Leading zeros are against the
 * clause but common in old data: they pass here, `hasLeadingZero` tells of them.
 * @throws MalformedUid  otherwise; the fault does not repeat the text
 */
export function uid(text: string, at?: Tag): Uid {
  if (!isUid(text)) throw new MalformedUid(at);
  return text;
}

export const studyInstanceUID = (text: string, at?: Tag) => uid(text, at) as StudyInstanceUID;
export const seriesInstanceUID = (text: string, at?: Tag) => uid(text, at) as SeriesInstanceUID;
export const sopInstanceUID = (text: string, at?: Tag) => uid(text, at) as SOPInstanceUID;
export const sopClassUID = (text: string, at?: Tag) => uid(text, at) as SOPClassUID;
export const transferSyntaxUID = (text: string, at?: Tag) => uid(text, at) as TransferSyntaxUID;

/** True where a component other than "0" itself starts with 0 (PS3.5 9.1 forbids it). */
export const hasLeadingZero = (of: Uid): boolean => /(^|\.)0[0-9]/.test(of);
