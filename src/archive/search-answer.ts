import { vrOf } from '../dicom/data-dictionary.js';
import type { DicomElement, DicomJson } from '../dicom/dicom-json.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import { levelOf, RANK, type Level } from './attribute-levels.js';
import { OF_A_REQUEST, REQUEST_ATTRIBUTES } from './request-attributes.js';

/**
 * What a match always holds (PS3.18 tables 10.6.3-3, -4 and -5), by level; `!` where it is there without a value too.
 * By the whole list, a series also tells of its study, an instance of both (10.6.3.3.2, 10.6.3.3.3).
 */
const TABLES: Readonly<Record<Level, string>> = {
  study: `00080005! 00080020! 00080030! 00080050! 00080056! 00080061! 00080090! 00080201 00081030 00081190! 00100010! 00100020!
          00100030! 00100040! 0020000D! 00200010! 00201206! 00201208!`,
  series: '00080005! 00080056! 00080060! 00080201 0008103E 00081190! 0020000D! 0020000E! 00200011! 00201209! 00400244 00400245 00400275',
  instance: `00080005! 00080016! 00080018! 00080056! 00080201 00081190! 00083002! 0020000D! 0020000E! 00200013! 00280008 00280010
             00280011 00280100`,
};

/** Stands in an answer where something is filled in. JSON text never holds the character: it writes it as \u0001. */
const GAP = '\u0001';
const RETRIEVE_URL = '00081190';
const MODALITIES_IN_STUDY = '00080061';
const COUNTED = { '00201206': 'seriesCount', '00201208': 'instanceCount', '00201209': 'instanceCount' } as const;

/** A place in an answer: an attribute of the level itself, or the attributes above it that come between two of those. */
type Place = { readonly at: string; readonly required: boolean } | { readonly inherited: readonly string[] };

/** The places of a level's answer, by rising tag (PS3.18 F.2.2). */
function layoutOf(level: Level): readonly Place[] {
  const own = new Map(TABLES[level].split(/\s+/).map((entry) => [entry.slice(0, 8), entry.endsWith('!')]));
  const above = Object.entries(TABLES).flatMap(([of, table]) => (RANK[of as Level] < RANK[level] ? table.split(/\s+/) : [])); // its keys are levels
  const tags = [...new Set([...own.keys(), ...above.map((entry) => entry.slice(0, 8))])].sort();
  return tags.reduce<Place[]>((places, at) => {
    const required = own.get(at);
    if (required !== undefined) return [...places, { at, required }];
    const last = places.at(-1);
    return last && 'inherited' in last
      ? [...places.slice(0, -1), { inherited: [...last.inherited, at] }]
      : [...places, { inherited: [at] }];
  }, []);
}
const LAYOUT: Readonly<Record<Level, readonly Place[]>> = {
  study: layoutOf('study'),
  series: layoutOf('series'),
  instance: layoutOf('instance'),
};

const ALWAYS: Readonly<Record<Level, ReadonlySet<string>>> = {
  study: new Set(LAYOUT.study.flatMap((place) => ('at' in place ? [place.at] : []))),
  series: new Set(LAYOUT.series.flatMap((place) => ('at' in place ? [place.at] : []))),
  instance: new Set(LAYOUT.instance.flatMap((place) => ('at' in place ? [place.at] : []))),
};
/** True where a level's own answer has the attribute whole, without being asked for it. */
export const isAlwaysAnswered = (level: Level, at: string): boolean => ALWAYS[level].has(at) && at !== REQUEST_ATTRIBUTES;

/** True for attributes that a match of this level may give: its own and those above it (10.6.3.3). */
export const isOfLevel = (level: Level, at: string): boolean => RANK[levelOf(at)] <= RANK[level];

/** Which study, series and instance an answer is about. */
export interface AnsweredUids {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
}

/** The DICOM JSON text a search answers with, made once at ingest, with gaps for addresses, counts and what is inherited. */
export function answerText(level: Level, dataset: DicomJson, uids: AnsweredUids): string {
  const path = [
    `/studies/${uids.studyInstanceUID}`,
    ...(level === 'study' ? [] : [`/series/${uids.seriesInstanceUID}`]),
    ...(level === 'instance' ? [`/instances/${uids.sopInstanceUID}`] : []),
  ].join('');
  const known: DicomJson = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] }, // what is sent is UTF-8
    '00080016': { vr: 'UI', Value: [uids.sopClassUID] },
    '00080018': { vr: 'UI', Value: [uids.sopInstanceUID] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00083002': { vr: 'UI', Value: [uids.transferSyntaxUID] },
    '0020000D': { vr: 'UI', Value: [uids.studyInstanceUID] },
    '0020000E': { vr: 'UI', Value: [uids.seriesInstanceUID] },
  };
  const parts = LAYOUT[level].map((place): string => {
    if ('inherited' in place) return GAP;
    const { at, required } = place;
    if (at === MODALITIES_IN_STUDY) return `,"${at}":{"vr":"CS"${GAP}}`;
    if (at === RETRIEVE_URL) return `,"${at}":{"vr":"UR","Value":["${GAP}${path}"]}`;
    if (at in COUNTED) return `,"${at}":{"vr":"IS","Value":[${GAP}]}`;
    const element = known[at] ?? asAnswered(at, dataset[at]) ?? (required ? { vr: vrOf(at) } : undefined);
    return element === undefined ? '' : elementText(at, element);
  });
  return `{${parts.join('').slice(1)}}`; // the first attribute (0008,0005) is always there
}

/** An attribute with the comma that parts it from the one before. */
const elementText = (at: string, element: DicomElement): string => `,${dicomJsonText({ [at]: element }).slice(1, -1)}`;

/** An attribute as an answer repeats it: never bulk data, and of a request only what identifies it. */
function asAnswered(at: string, element: DicomElement | undefined): DicomElement | undefined {
  if (element === undefined || element.BulkDataURI !== undefined) return undefined;
  if (at !== REQUEST_ATTRIBUTES || element.Value === undefined) return element;
  return {
    vr: element.vr,
    Value: element.Value.map((item) =>
      Object.fromEntries(Object.entries(item ?? {}).filter(([at]) => OF_A_REQUEST.some((one) => one === at))),
    ),
  };
}

/** What the index counts of a study or series; modalities as JSON text. */
export interface Counts {
  readonly modalities?: string;
  readonly seriesCount?: number;
  readonly instanceCount?: number;
}

/**
 * What fills the gaps of a level's answers, in their order.
 * @param service  the address of the DICOMweb service as the caller reaches it, with no slash at the end
 * @param above  the study (and series) that the matches also tell of; empty where they do not
 */
export function fillings(level: Level, service: string, counts: Counts, above: DicomJson): string[] {
  return LAYOUT[level].flatMap((place): string[] => {
    if ('inherited' in place) return [place.inherited.map((at) => (above[at] === undefined ? '' : elementText(at, above[at]))).join('')];
    if (place.at === RETRIEVE_URL) return [service];
    if (place.at === MODALITIES_IN_STUDY) return [counts.modalities === '[]' ? '' : `,"Value":${counts.modalities}`];
    return place.at in COUNTED ? [String(counts[COUNTED[place.at as keyof typeof COUNTED]])] : []; // it is a key of it
  });
}

/** An answer with its gaps filled. */
export function filledAnswer(answer: string, filling: readonly string[]): string {
  const pieces = answer.split(GAP);
  let text = pieces[0];
  for (let i = 0; i < filling.length; i++) text += filling[i] + pieces[i + 1];
  return text;
}
