/** A Directory Record Type of the fourth level (PS3.3 Table F.4-1): what lies below a SERIES. */
export type LeafType =
  | 'ANNOTATION'
  | 'ASSESSMENT'
  | 'ENCAP DOC'
  | 'FIDUCIAL'
  | 'IMAGE'
  | 'KEY OBJECT DOC'
  | 'MEASUREMENT'
  | 'PLAN'
  | 'PRESENTATION'
  | 'PRIVATE'
  | 'RADIOTHERAPY'
  | 'RAW DATA'
  | 'REGISTRATION'
  | 'RT DOSE'
  | 'RT PLAN'
  | 'RT STRUCTURE SET'
  | 'RT TREAT RECORD'
  | 'SPECTROSCOPY'
  | 'SR DOCUMENT'
  | 'STEREOMETRIC'
  | 'SURFACE'
  | 'SURFACE SCAN'
  | 'TRACT'
  | 'VALUE MAP'
  | 'WAVEFORM';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const DELIVERY = '1.2.840.10008.5.1.4.34.';

/** By SOP Class UID (PS3.4 Table B.5-1, PS3.3 F.4); the whole branch where it ends with a dot. The first that fits counts. */
const TYPES: readonly (readonly [LeafType, ...string[]])[] = [
  ['SPECTROSCOPY', `${STORAGE}4.2`],
  ['PRESENTATION', `${STORAGE}11.`, `${STORAGE}9.100.`, `${STORAGE}131`],
  ['WAVEFORM', `${STORAGE}9.`],
  ['RAW DATA', `${STORAGE}66`],
  ['REGISTRATION', `${STORAGE}66.1`, `${STORAGE}66.3`],
  ['FIDUCIAL', `${STORAGE}66.2`],
  ['SURFACE', `${STORAGE}66.5`],
  ['TRACT', `${STORAGE}66.6`],
  ['VALUE MAP', `${STORAGE}67`],
  ['SURFACE SCAN', `${STORAGE}68.`],
  ['STEREOMETRIC', `${STORAGE}77.1.5.3`],
  ['KEY OBJECT DOC', `${STORAGE}88.59`],
  ['SR DOCUMENT', `${STORAGE}88.`, `${STORAGE}78.6`, `${STORAGE}79.1`],
  ['MEASUREMENT', `${STORAGE}78.`, `${STORAGE}80.1`],
  ['ASSESSMENT', `${STORAGE}90.1`],
  ['ANNOTATION', `${STORAGE}91.1`],
  ['ENCAP DOC', `${STORAGE}104.`],
  ['RT DOSE', `${STORAGE}481.2`],
  ['RT STRUCTURE SET', `${STORAGE}481.3`],
  ['RT PLAN', `${STORAGE}481.5`, `${STORAGE}481.8`],
  ['RT TREAT RECORD', ...[4, 6, 7, 9].map((last) => `${STORAGE}481.${last}`)],
  ['IMAGE', ...[1, 23, 24].map((last) => `${STORAGE}481.${last}`)],
  ['RADIOTHERAPY', `${STORAGE}481.`],
  ['PLAN', `${DELIVERY}7`, `${DELIVERY}10`],
];

/**
 * The record type that stands for instances of a SOP class. What has rows of pixels and no other type is an IMAGE; what PS3.3
 * has no type for is PRIVATE, which every reader may pass over (PS3.3 F.6.1).
 */
export function leafType(sopClassUID: string, hasRows: boolean): LeafType {
  const found = TYPES.find(([, ...uids]) => uids.some((uid) => (uid.endsWith('.') ? sopClassUID.startsWith(uid) : sopClassUID === uid)));
  return found?.[0] ?? (hasRows ? 'IMAGE' : 'PRIVATE');
}
