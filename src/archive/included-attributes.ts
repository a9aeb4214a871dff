import { isPrivateCreator } from '../dicom/data-dictionary.js';
import { firstText, type DicomElement, type DicomJson, type Tag } from '../dicom/dicom-json.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import type { Level } from './attribute-levels.js';
import { isAlwaysAnswered, isOfLevel } from './search-answer.js';
import { storedDataset } from './studies.js';

/** The attributes asked for beyond the standard's own (includefield, PS3.18 8.3.4.3). */
export interface Included {
  readonly tags: ReadonlySet<string> | 'all';
  /** Private creators by the tag the request names them with (gggg00bb): private attributes of that block are theirs. */
  readonly creators: ReadonlyMap<string, string>;
}

const RETRIEVE_URL = '00081190' as Tag; // a literal of the form tag() makes

/** An answer with included attributes, from the data sets of its row; those of lower levels are left out (PS3.18 10.6.3.3). */
export function withIncluded(
  answer: string,
  row: { readonly study?: string; readonly series?: string; readonly instance?: string },
  { tags, creators }: Included,
  level: Level,
): string {
  const answered = storedDataset(answer);
  const stored = [row.study, row.series, row.instance].map((text): DicomJson => (text === undefined ? {} : storedDataset(text)));
  const dataset: DicomJson = Object.assign({}, ...stored);
  const wanted =
    tags === 'all' ? Object.keys(dataset).filter((at) => isOfLevel(level, at)) : [...tags].flatMap((at) => located(at, dataset, creators));
  const url = firstText(answered, RETRIEVE_URL) ?? '';
  for (const at of wanted) if (!isAlwaysAnswered(level, at) && dataset[at] !== undefined) answered[at] = withBulkDataAt(dataset[at], url);
  return dicomJsonText(answered);
}

/** Where an attribute stands in this data set: a private one in its creator's block, together with the creator (10.6.3.3). */
function located(at: string, dataset: DicomJson, creators: ReadonlyMap<string, string>): string[] {
  const odd = Number.parseInt(at.slice(0, 4), 16) % 2 === 1;
  if (!odd || isPrivateCreator(at)) return [at];
  const group = at.slice(0, 4);
  const creator = creators.get(`${group}00${at.slice(4, 6)}`);
  if (creator === undefined) return [`${group}00${at.slice(4, 6)}`, at];
  return Object.keys(dataset)
    .filter((tag) => tag.startsWith(`${group}00`) && isPrivateCreator(tag) && firstText(dataset, tag as Tag) === creator) // a key of DICOM JSON
    .flatMap((tag) => [tag, `${group}${tag.slice(6)}${at.slice(6)}`]);
}

/** Stored BulkDataURIs are relative to their instance; the items of a sequence are data sets (PS3.18 F.2.2). */
function withBulkDataAt(element: DicomElement, url: string): DicomElement {
  if (element.BulkDataURI !== undefined) return { ...element, BulkDataURI: `${url}/${element.BulkDataURI}` };
  if (element.vr !== 'SQ' || element.Value === undefined) return element;
  return {
    ...element,
    Value: element.Value.map((item) =>
      Object.fromEntries(Object.entries((item ?? {}) as DicomJson).map(([at, one]) => [at, withBulkDataAt(one, url)])),
    ),
  };
}
