import { vrOf } from '../dicom/data-dictionary.js';
import type { DicomElement, DicomJson } from '../dicom/dicom-json.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import { levelOf, RANK, type Level } from './attribute-levels.js';

/**
 * What a match always holds (PS3.18 tables 10.6.3-3, -4 and -5), by level; `!` where it is there without a value too.
 * A series also tells of its study, an instance of both (10.6.3.3.2, 10.6.3.3.3).
 */
const TABLES: Readonly<Record<Level, string>> = {
  study: `00080005! 00080020! 00080030! 00080050! 00080056! 00080061! 00080090! 00080201 00081030 00081190! 00100010! 00100020!
          00100030! 00100040! 0020000D! 00200010! 00201206! 00201208!`,
  series: '00080060! 0008103E 0020000E! 00200011! 00201209! 00400244 00400245 00400275',
  instance: '00080016! 00080018! 00083002! 00200013! 00280008 00280010 00280011 00280100',
};
const MODALITIES_IN_STUDY = '00080061';
const RETRIEVE_URL = '00081190';
const COUNTS = ['00201206', '00201208', '00201209'];
/** What stays of the items of the Request Attributes Sequence (tables 10.6.3-4): requested procedure, scheduled step, accession. */
const OF_A_REQUEST = new Set(['00080050', '00400009', '00401001']);

/** Stands in an answer where a count, a modality or the address goes. JSON text never holds it: it writes it as \u0001. */
const GAP = '\u0001';

interface Place {
  readonly at: string;
  readonly required: boolean;
}

/** The attributes of a level's answer with their duty to be there, by rising tag. */
const layoutOf = (...levels: readonly Level[]): readonly Place[] =>
  levels
    .flatMap((level) => TABLES[level].split(/\s+/))
    .map((entry) => ({ at: entry.slice(0, 8), required: entry.endsWith('!') }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
const LAYOUT: Readonly<Record<Level, readonly Place[]>> = {
  study: layoutOf('study'),
  series: layoutOf('study', 'series'),
  instance: layoutOf('study', 'series', 'instance'),
};
const ALWAYS: Readonly<Record<Level, ReadonlySet<string>>> = {
  study: new Set(LAYOUT.study.map(({ at }) => at)),
  series: new Set(LAYOUT.series.map(({ at }) => at)),
  instance: new Set(LAYOUT.instance.map(({ at }) => at)),
};
/** True where a level's answer has the attribute whole, without being asked for it. */
export const isAlwaysAnswered = (level: Level, at: string): boolean => ALWAYS[level].has(at) && at !== '00400275';

/** Which study, series and instance an answer is about. */
export interface AnsweredUids {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
}

/**
 * The DICOM JSON text a search answers with (PS3.18 F.2.2: by rising tag), made once at ingest. Four pieces, with a GAP
 * between them: the modalities of the study, the server's address, and the counts are filled in by `filledAnswer`.
 */
export function answerText(level: Level, dataset: DicomJson, uids: AnsweredUids): string {
  const path = [
    `/studies/${uids.studyInstanceUID}`,
    ...(level === 'study' ? [] : [`/series/${uids.seriesInstanceUID}`]),
    ...(level === 'instance' ? [`/instances/${uids.sopInstanceUID}`] : []),
  ].join('');
  const own: DicomJson = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] }, // what is sent is UTF-8
    '00080016': { vr: 'UI', Value: [uids.sopClassUID] },
    '00080018': { vr: 'UI', Value: [uids.sopInstanceUID] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
    '00083002': { vr: 'UI', Value: [uids.transferSyntaxUID] },
    '0020000D': { vr: 'UI', Value: [uids.studyInstanceUID] },
    '0020000E': { vr: 'UI', Value: [uids.seriesInstanceUID] },
  };
  const parts = LAYOUT[level].flatMap(({ at, required }): string[] => {
    if (at === MODALITIES_IN_STUDY) return [`"${at}":{"vr":"CS"${GAP}}`];
    if (at === RETRIEVE_URL) return [`"${at}":{"vr":"UR","Value":["${GAP}${path}"]}`];
    if (COUNTS.includes(at)) return at === COUNTS[0] ? [GAP] : []; // one gap for all of them
    const element = own[at] ?? asAnswered(at, dataset[at]) ?? (required ? { vr: vrOf(at) } : undefined);
    return element === undefined ? [] : [dicomJsonText({ [at]: element }).slice(1, -1)];
  });
  return `{${parts.join(',')}}`;
}

/** An attribute as an answer repeats it: never bulk data, and of a request only what identifies it. */
function asAnswered(at: string, element: DicomElement | undefined): DicomElement | undefined {
  if (element === undefined || element.BulkDataURI !== undefined) return undefined;
  if (at !== '00400275' || element.Value === undefined) return element;
  return {
    vr: element.vr,
    Value: element.Value.map((item) => Object.fromEntries(Object.entries(item ?? {}).filter(([tag]) => OF_A_REQUEST.has(tag)))),
  };
}

/** A row of the index as an answer is filled from it. */
export interface AnswerRow {
  readonly answer: string;
  /** JSON text of the study's modalities. */
  readonly modalities: string;
  readonly seriesCount: number;
  readonly instanceCount: number;
  /** Instances of the series; absent at study level. */
  readonly inSeries?: number;
}

/** The answer with its gaps filled. `service` is the address of the DICOMweb service, as the caller reaches it, with no slash at the end. */
export function filledAnswer(row: AnswerRow, service: string): string {
  const [begin, beforeUrl, beforeCounts, end] = row.answer.split(GAP);
  const modalities = row.modalities === '[]' ? '' : `,"Value":${row.modalities}`;
  const inSeries = row.inSeries === undefined ? '' : `,"00201209":{"vr":"IS","Value":[${row.inSeries}]}`;
  const counts = `"00201206":{"vr":"IS","Value":[${row.seriesCount}]},"00201208":{"vr":"IS","Value":[${row.instanceCount}]}${inSeries}`;
  return begin + modalities + beforeUrl + service + beforeCounts + counts + end;
}

/** True for attributes that a match of this level may give: its own and those above it (10.6.3.3). */
export const isOfLevel = (level: Level, at: string): boolean => RANK[levelOf(at)] <= RANK[level];
