import type { DicomElement, DicomJson } from './dicom-json.js';

/**
 * A data set as JSON text, attributes by rising tag as PS3.18 F.2.2 asks. JSON.stringify alone would put tags of decimal
 * digits only, such as 30060020, before all others: JavaScript takes them for array indices.
 * @param dataset  its depth is bounded by whoever read it
 */
export function dicomJsonText(dataset: DicomJson): string {
  const attributes = Object.keys(dataset)
    .sort()
    .map((tag) => `${JSON.stringify(tag)}:${elementText(dataset[tag])}`);
  return `{${attributes.join(',')}}`;
}

function elementText(element: DicomElement): string {
  if (element.vr !== 'SQ' || element.Value === undefined) return JSON.stringify(element);
  const items = element.Value.map((item) => dicomJsonText((item ?? {}) as DicomJson)); // what a sequence holds are items
  return `{"vr":"SQ","Value":[${items.join(',')}]}`;
}
