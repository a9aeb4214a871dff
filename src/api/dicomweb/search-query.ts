import { levelOf, RANK, type Level } from '../../archive/attribute-levels.js';
import { BadSearchKey, type SearchKey } from '../../archive/search-keys.js';
import type { SearchRequest } from '../../archive/search.js';
import { isPrivateCreator, tagOf, vrOf } from '../../dicom/data-dictionary.js';
import { Fault } from '../../faults.js';

export const MAXIMUM_LIMIT = 5_000;
const DEFAULT_LIMIT = 1_000;
/** A sequence key deeper than this is no question about images. */
const MAXIMUM_DEPTH = 8;

/** `limit` or `offset` is not a number in range. */
export class BadPaging extends Fault {
  readonly code = 'bad-paging';
  readonly status = 400;

  constructor(name: string) {
    super(`The query parameter ${name} must be a whole number, 0 or more.`);
  }
}

/** A parameter that chooses between two ways has neither as its value. */
export class BadSwitch extends Fault {
  readonly code = 'bad-switch';
  readonly status = 400;

  constructor(name: string) {
    super(`The query parameter ${name} must be true or false.`);
  }
}

/** Parameters of a search that are no matching keys (PS3.18 8.3.4, and 8.3.3 for every resource). */
const CONTROLS = new Set([
  'accept',
  'charset',
  'emptyvaluematching',
  'fuzzymatching',
  'includefield',
  'limit',
  'multiplevaluematching',
  'offset',
]);
const TIMEZONE_OFFSET = '00080201';

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A QIDO query string (PS3.18 8.3.4) as a search. The path's own UIDs are keys like the others.
 * @throws BadSearchKey, BadPaging, BadSwitch
 */
export function searchQuery(
  level: Level,
  query: Query,
  path: Readonly<Partial<Record<'study' | 'series', string>>>,
): Omit<SearchRequest, 'service'> {
  const controls = new Map<string, string[]>();
  const named: { tags: string[]; value: string }[] = [];
  for (const [name, given] of Object.entries(query)) {
    const values = given === undefined ? [] : typeof given === 'string' ? [given] : [...given];
    if (CONTROLS.has(name.toLowerCase())) controls.set(name.toLowerCase(), values);
    else named.push(...values.map((value) => ({ tags: attributePath(name), value })));
  }
  const creators = new Map(
    named.filter(({ tags: [at], value }) => isPrivateCreator(at) && value !== '').map(({ tags: [at], value }) => [at, value]),
  );
  const keys = named.map(({ tags, value }) => keyOf(level, tags, value, creators));
  if (path.study !== undefined) keys.push(keyOf(level, ['0020000D'], path.study, creators));
  if (path.series !== undefined) keys.push(keyOf(level, ['0020000E'], path.series, creators));
  const included = (controls.get('includefield') ?? []).flatMap((list) => list.split(',')).map((field) => field.trim());
  const all = included.some((field) => field.toLowerCase() === 'all');
  const timezoneOffset = keys.find(({ tag, value }) => tag === TIMEZONE_OFFSET && value !== '')?.value;
  return {
    level,
    within: path.series !== undefined ? 'series' : path.study !== undefined ? 'study' : 'all',
    keys: keys.map((key) => (key.tag === TIMEZONE_OFFSET ? { ...key, value: '' } : key)),
    matching: {
      fuzzy: isOn(controls, 'fuzzymatching'),
      emptyValues: isOn(controls, 'emptyvaluematching'),
      multipleValues: isOn(controls, 'multiplevaluematching'),
      timezoneOffset: timezoneOffset === undefined ? undefined : offsetOf(timezoneOffset),
    },
    include: { tags: all ? 'all' : new Set(included.filter((field) => field !== '').map((field) => attributePath(field)[0])), creators },
    limit: Math.min(wholeNumber(controls, 'limit', DEFAULT_LIMIT), MAXIMUM_LIMIT),
    offset: wholeNumber(controls, 'offset', 0),
  };
}

function keyOf(level: Level, tags: readonly string[], value: string, creators: ReadonlyMap<string, string>): SearchKey {
  const at = tags[tags.length - 1];
  const keyLevel = levelOf(tags[0]);
  if (RANK[keyLevel] > RANK[level]) throw new BadSearchKey(at, `is no key of the ${level} level`);
  if (value.includes('\0')) throw new BadSearchKey(at, 'has a character that no value has'); // Postgres text cannot hold it
  // A private attribute is found where its creator's block is; the creator alone asks that there is such a block.
  const creator = creators.get(isPrivateCreator(at) ? at : `${at.slice(0, 4)}00${at.slice(4, 6)}`);
  return {
    tag: at,
    vr: vrOf(at),
    level: keyLevel,
    value,
    ...(tags.length > 1 ? { within: tags.slice(0, -1) } : {}),
    ...(creator === undefined || Number.parseInt(at.slice(0, 4), 16) % 2 === 0 ? {} : { creator }),
  };
}

/** `PatientID`, `00100020`, or a path into sequences, `00400275.00080050` (PS3.18 8.3.4.1), as tags. */
function attributePath(name: string): string[] {
  const tags = name.split('.', MAXIMUM_DEPTH + 1).map(tagNamed);
  const outer = tags.slice(0, -1).find((at) => !['SQ', 'UN'].includes(vrOf(at)));
  if (outer !== undefined) throw new BadSearchKey(outer, 'is no sequence');
  if (tags.length > MAXIMUM_DEPTH) throw new BadSearchKey(tags[0], 'is nested too deep');
  return tags;
}

function tagNamed(name: string): string {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return name.toUpperCase();
  const found = tagOf(name);
  if (found === undefined) throw new BadSearchKey('of this name', 'is not known');
  return found;
}

/** Hours and minutes from UTC (PS3.3 C.12.1.1.8). A plus sign in a query string reads as a space. */
function offsetOf(value: string): string {
  const offset = value.replace(/^ /, '+');
  if (!/^[+-](0\d|1[0-4])[0-5]\d$/.test(offset)) throw new BadSearchKey(TIMEZONE_OFFSET, 'is no offset from UTC');
  return offset;
}

function isOn(controls: ReadonlyMap<string, readonly string[]>, name: string): boolean {
  const text = controls.get(name)?.[0] ?? 'false';
  if (text !== 'true' && text !== 'false') throw new BadSwitch(name);
  return text === 'true';
}

function wholeNumber(controls: ReadonlyMap<string, readonly string[]>, name: string, otherwise: number): number {
  const text = controls.get(name)?.[0];
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new BadPaging(name);
  return Number(text);
}
