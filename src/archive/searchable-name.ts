import type { DicomJson, PersonName, Tag } from '../dicom/dicom-json.js';

/**
 * A person name attribute as its keys match it: the three component groups in their order, joined by `=`, folded;
 * values joined by `\`. An absent group keeps its place, so that the nth group is always the nth.
 */
export const searchableName = (dataset: DicomJson, at: Tag): string =>
  (dataset[at]?.Value ?? [])
    .map((value) => {
      if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
      const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as PersonName; // a PN holds names
      return [Alphabetic, Ideographic, Phonetic].join('=');
    })
    .map(foldName)
    .join('\\');

/**
 * A name, or a pattern for one, without what matching overlooks: case and accent (PS3.4 C.2.2.2.1 allows both), the
 * spaces around components and the empty components at a group's end (PS3.5 6.2.1.1 gives them no meaning). Other
 * scripts' marks make other letters (た is not だ): they stay.
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .split('=')
    .map((group) =>
      group
        .split('^')
        .map((component) => component.trim())
        .reduceRight(joinedBy('^'), ''),
    )
    .reduceRight(joinedBy('='), '');

/** Joins from the right, so that what is empty at the end leaves no separator. */
const joinedBy =
  (separator: string) =>
  (rest: string, part: string): string =>
    rest === '' ? part : `${part}${separator}${rest}`;
