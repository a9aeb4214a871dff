import { tagOf, vrOf } from '../dicom/data-dictionary.js';
import type { DicomElement, DicomJson, DicomValue } from '../dicom/dicom-json.js';

/** A keyword that PS3.6 does not have: a mistake in the code that names it, never in what came from outside. */
const unknownKeyword = (keyword: string): TypeError => new TypeError(`PS3.6 has no attribute ${keyword}.`);

/** What an attribute holds: one value, several, none (null: type 2, empty), or undefined: the attribute is left out. */
export type Content = DicomValue | readonly DicomValue[] | undefined;

/** A data set by the keywords of PS3.6 section 6, so that an IOD reads as the standard names it. */
export function dataElements(contents: Readonly<Record<string, Content>>): DicomJson {
  const dataset: DicomJson = {};
  for (const [keyword, content] of Object.entries(contents)) {
    if (content === undefined) continue;
    const at = tagOf(keyword);
    if (at === undefined) throw unknownKeyword(keyword);
    dataset[at] = element(vrOf(at), content);
  }
  return dataset;
}

function element(vr: string, content: Exclude<Content, undefined>): DicomElement {
  const values = Array.isArray(content) ? (content as readonly DicomValue[]) : [content as DicomValue]; // isArray does not narrow a readonly array away
  return content === null || values.length === 0 ? { vr } : { vr, Value: [...values] };
}

/** Text for a VR of one line, as short as the VR wants it: a backslash would part values, a control character is not allowed (PS3.5 6.1.2.3, 6.2). */
export function line(text: string, characters: number = 64): string {
  const clean = text.replace(/[\\\p{Cc}]/gu, ' ').trim();
  return Array.from(clean).slice(0, characters).join('').trim();
}
