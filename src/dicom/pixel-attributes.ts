import { items, tag, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';
import { LUT_DATA, LUT_DESCRIPTOR } from './lookup-table.js';

const FUNCTIONAL_GROUPS: ReadonlySet<string> = new Set([tag(0x5200, 0x9229), tag(0x5200, 0x9230)]);
/** The macros of a frame that change its values (PS3.3 C.7.6.16.2.9, C.7.6.16.2.10). */
const VALUE_MACROS: readonly Tag[] = [tag(0x0028, 0x9145), tag(0x0028, 0x9132)];
const LUT_SEQUENCES: ReadonlySet<string> = new Set([tag(0x0028, 0x3000), tag(0x0028, 0x3010)]);
const PRESENTATION_LUT_SHAPE = tag(0x2050, 0x0020);
const isImagePixel = (at: string): boolean => at.startsWith('0028') || at === PRESENTATION_LUT_SHAPE;
const isPixelElement = (at: string): boolean => /^7FE000(08|09|10)$/.test(at);

/**
 * Of a data set what describePixels asks for, in a small object that can be kept: header text of an enhanced object has
 * megabytes, this has kilobytes.
 */
export function pixelAttributes(dataset: DicomJson): DicomJson {
  const kept: DicomJson = {};
  for (const [at, element] of Object.entries(dataset)) {
    if (FUNCTIONAL_GROUPS.has(at)) kept[at] = { vr: 'SQ', Value: items(dataset, at as Tag).map(valueMacros) };
    else if (LUT_SEQUENCES.has(at)) kept[at] = { vr: 'SQ', Value: items(dataset, at as Tag).map(lutItem) };
    else if (isPixelElement(at)) kept[at] = { vr: element.vr };
    else if (isImagePixel(at)) kept[at] = element;
  }
  return kept;
}

const only = (item: DicomJson, tags: readonly Tag[]): DicomJson =>
  Object.fromEntries(tags.flatMap((at): [string, DicomElement][] => (item[at] === undefined ? [] : [[at, item[at]]])));

const valueMacros = (group: DicomJson): DicomJson => only(group, VALUE_MACROS);
const lutItem = (item: DicomJson): DicomJson => only(item, [LUT_DESCRIPTOR, LUT_DATA]);
