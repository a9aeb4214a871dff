/** A data element's tag as DICOM JSON keys it (PS3.18 F.2.2): eight upper-case hex digits. */
export type Tag = string & { readonly is: 'Tag' };

export const tag = (group: number, element: number): Tag =>
  (((group << 16) | element) >>> 0).toString(16).toUpperCase().padStart(8, '0') as Tag; // the only door

/** A person name in DICOM JSON (PS3.18 F.2.2, PS3.5 6.2.1): one string for each component group. */
export interface PersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

/** One value of a data element in DICOM JSON; null stands for an empty value among others. */
export type DicomValue = string | number | PersonName | DicomJson | null;

/** One data element in DICOM JSON (PS3.18 F.2.2). At most one of Value, InlineBinary and BulkDataURI. */
export interface DicomElement {
  vr: string;
  Value?: DicomValue[];
  /** base64 */
  InlineBinary?: string;
  BulkDataURI?: string;
}

/** A data set in the DICOM JSON Model (PS3.18 Annex F): the one form a data set has outside Part 10 bytes. */
export interface DicomJson {
  [tag: string]: DicomElement;
}

/** First value as text; numbers become text, person names their Alphabetic group; undefined where absent or empty. */
export function firstText(dataset: DicomJson, at: Tag): string | undefined {
  const value = dataset[at]?.Value?.[0];
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return String(value);
  const name = (value as PersonName).Alphabetic;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** First value as a finite number (DS and IS given as text too); undefined where absent or not a number. */
export function firstNumber(dataset: DicomJson, at: Tag): number | undefined {
  const value = dataset[at]?.Value?.[0];
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** All values as numbers; what is not a number is left out. */
export function allNumbers(dataset: DicomJson, at: Tag): number[] {
  return (dataset[at]?.Value ?? [])
    .map((value) => (typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN))
    .filter(Number.isFinite);
}

/** All values that are text. */
export function allTexts(dataset: DicomJson, at: Tag): string[] {
  return (dataset[at]?.Value ?? []).filter((value): value is string => typeof value === 'string');
}

/** The items of a sequence; none where it is absent or empty. */
export function items(dataset: DicomJson, at: Tag): DicomJson[] {
  return (dataset[at]?.Value ?? []).filter((value): value is DicomJson => typeof value === 'object' && value !== null);
}
