import { spanOf } from '../../records/search/dates.js';
import { BadSearchParameter, SearchTooLarge } from '../../records/search/faults.js';
import { subtypeSystem, typeSystem } from './codings.js';

const DEFAULT_COUNT = 20;
const MOST_COUNT = 1_000;
const MOST_PARAMETERS = 50;
const MOST_VALUES = 100;

type Pairs = readonly (readonly [name: string, value: string])[];

/** What a search of records asks; all of a list must hold. */
export type AuditCondition =
  | { readonly kind: 'ids'; readonly any: readonly number[] }
  | { readonly kind: 'time'; readonly from: number; readonly before: number; readonly not: boolean }
  /** The agent's reference, or what the ledger calls the actor. */
  | { readonly kind: 'agent'; readonly references: readonly string[]; readonly actors: readonly string[] }
  | { readonly kind: 'patients'; readonly any: readonly string[] }
  | { readonly kind: 'entity'; readonly any: readonly { readonly type: string | undefined; readonly id: string }[] }
  | {
      readonly kind: 'code';
      readonly column: 'action' | 'type' | 'subtype' | 'outcome';
      readonly any: readonly string[];
      readonly not: boolean;
    }
  | { readonly kind: 'about-people'; readonly isSo: boolean }
  /** Members of the event's own text, which no index has: records are read for them. Texts match by how they begin, whatever the case. */
  | { readonly kind: 'network' | 'name'; readonly starts: readonly string[] }
  | { readonly kind: 'roles' | 'token'; readonly any: readonly string[] }
  | { readonly kind: 'query'; readonly isSo: boolean }
  | { readonly kind: 'nothing' };

export interface AuditCursor {
  /** ISO 8601 */
  readonly at: string;
  readonly id: number;
}

export interface AuditSearch {
  readonly conditions: readonly AuditCondition[];
  /** Records a page; 0: how many there are is all that is asked. */
  readonly count: number;
  readonly order: 'newest first' | 'oldest first';
  readonly cursor: AuditCursor | undefined;
  readonly total: 'none' | 'accurate';
}

/** A search with what its Bundle says of it. */
export interface ParsedAuditSearch {
  readonly search: AuditSearch;
  readonly used: Pairs;
  readonly ignored: readonly string[];
}

/** Words about the form of the answer: those who write it look at them. */
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set(['_format', '_pretty']);
/** Parameters of which each alternative is one of a column's codes. */
const SYSTEM_OF: Readonly<Record<'action' | 'type' | 'subtype' | 'outcome', (code: string) => string>> = {
  action: () => 'http://hl7.org/fhir/audit-event-action',
  outcome: () => 'http://hl7.org/fhir/audit-event-outcome',
  type: typeSystem,
  subtype: subtypeSystem,
};

const EVERY: AuditCondition = { kind: 'time', from: -Infinity, before: Infinity, not: false };

/** What the parameters ask of the records' columns (R4 auditevent.html#search). */
const CONDITIONS: Readonly<Record<string, (value: string, base: string, not: boolean) => AuditCondition>> = {
  _id: (value) => ({ kind: 'ids', any: split(value).flatMap((one) => (/^[1-9]\d{0,14}$/.test(one) ? [Number(one)] : [])) }),
  date: (value) => timeOf('date', value),
  _lastUpdated: (value) => timeOf('_lastUpdated', value),
  agent: (value, base) => {
    const found = split(value).map((one) => relative(one, base));
    return {
      kind: 'agent',
      references: found.flatMap((one) => (one.includes('/') ? [one] : AGENT_TYPES.map((type) => `${type}/${one}`))),
      actors: found,
    };
  },
  altid: (value) => ({ kind: 'agent', references: [], actors: split(value).map((one) => one.replace(/^[^|]*\|/, '')) }),
  patient: (value, base) => ({ kind: 'patients', any: split(value).map((one) => relative(one, base).replace(/^Patient\//, '')) }),
  entity: (value, base) => ({
    kind: 'entity',
    any: split(value).map((one) => {
      const [type, id] = relative(one, base).split('/');
      return id === undefined ? { type: undefined, id: type } : { type, id };
    }),
  }),
  'entity-type': (value) => {
    const codes = new Set(split(value).map((one) => one.replace(/^[^|]*\|/, '')));
    if (codes.has('2')) return EVERY; // each has a system object
    return codes.has('1') ? { kind: 'about-people', isSo: true } : { kind: 'nothing' };
  },
  'entity-role': (value) => {
    const codes = new Set(codesIn(value, 'http://terminology.hl7.org/CodeSystem/object-role'));
    if (codes.has('4') && codes.has('24')) return EVERY; // each is about data or asks for some
    const [isData, isQuery] = [codes.has('4'), codes.has('24')];
    if (isData || isQuery) return codes.has('1') ? EVERY : { kind: 'query', isSo: isQuery };
    return codes.has('1') ? { kind: 'about-people', isSo: true } : { kind: 'nothing' };
  },
  // Of every record one agent is the server itself, at its own address.
  address: (value, base) => {
    const starts = split(value);
    return starts.some((one) => base.replace(/\/fhir$/, '').startsWith(one)) ? EVERY : { kind: 'network', starts };
  },
  'agent-name': (value) => ({ kind: 'name', starts: split(value) }),
  'agent-role': (value) => ({ kind: 'roles', any: codesIn(value, 'urn:wetread:role') }),
  policy: (value) => ({ kind: 'token', any: split(value) }),
  // One server keeps this record: itself.
  source: (value) => (split(value).some((one) => one.replace(/^[^|]*\|/, '') === 'wetread') ? EVERY : { kind: 'nothing' }),
  action: (value, _base, not) => codesOf('action', value, not),
  outcome: (value, _base, not) => codesOf('outcome', value, not),
  type: (value, _base, not) => codesOf('type', value, not),
  subtype: (value, _base, not) => codesOf('subtype', value, not),
};

/** What the CapabilityStatement says of them. */
export const AUDIT_PARAMETERS: readonly string[] = Object.keys(CONDITIONS);

const AGENT_TYPES = ['Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson', 'Person', 'Device', 'Organization'];

/** @param base  the server's own FHIR address, which a reference may begin with. @throws BadSearchParameter, SearchTooLarge */
export function parseAuditSearch(pairs: Pairs, { base, lenient }: { readonly base: string; readonly lenient: boolean }): ParsedAuditSearch {
  if (pairs.length > MOST_PARAMETERS) throw new SearchTooLarge(`more than ${MOST_PARAMETERS} parameters`);
  const conditions: AuditCondition[] = [];
  const used: (readonly [string, string])[] = [];
  const ignored: string[] = [];
  let search: Omit<AuditSearch, 'conditions'> = { count: DEFAULT_COUNT, order: 'newest first', cursor: undefined, total: 'none' };
  for (const [name, value] of pairs) {
    if (value === '' || value.includes('\0')) throw new BadSearchParameter(name, 'has a value that it cannot have');
    const [plain, modifier] = name.split(':');
    const form = formOf(name, value);
    const read = Object.hasOwn(CONDITIONS, plain) ? CONDITIONS[plain] : undefined;
    if (form !== undefined) search = { ...search, ...form };
    else if (read !== undefined && (modifier === undefined || (modifier === 'not' && plain in SYSTEM_OF) || modifier === 'Patient'))
      conditions.push(read(value, base, modifier === 'not'));
    else if (lenient) ignored.push(name);
    else if (!ABOUT_THE_ANSWER.has(name)) throw new BadSearchParameter(name, "is not one of AuditEvent's here");
    if (name !== '_cursor' && !ignored.includes(name)) used.push([name, value]);
  }
  return { search: { ...search, conditions }, used, ignored };
}

/** What is said of the page, and not of the records. */
function formOf(name: string, value: string): Partial<AuditSearch> | undefined {
  switch (name) {
    case '_count':
      if (!/^\d{1,9}$/.test(value)) throw new BadSearchParameter(name, 'must be a whole number');
      return { count: Math.min(Number(value), MOST_COUNT) };
    case '_sort':
      if (!/^-?(?:date|_lastUpdated)$/.test(value)) throw new BadSearchParameter(name, 'must be date or -date');
      return { order: value.startsWith('-') ? 'newest first' : 'oldest first' };
    case '_total':
      if (!/^(?:none|estimate|accurate)$/.test(value)) throw new BadSearchParameter(name, 'must be none, estimate or accurate');
      return { total: value === 'accurate' ? 'accurate' : 'none' };
    case '_summary':
      if (value !== 'count' && value !== 'false') throw new BadSearchParameter(name, 'must be count or false');
      return value === 'count' ? { count: 0, total: 'accurate' } : {};
    case '_cursor':
      return { cursor: cursorFrom(value) };
    default:
      return undefined;
  }
}

function split(value: string): string[] {
  const values = value.split(',');
  if (values.length > MOST_VALUES) throw new SearchTooLarge(`more than ${MOST_VALUES} values of a parameter`);
  return values;
}

/** A reference relative to the server, with or without whose address it is written. */
const relative = (reference: string, base: string): string =>
  reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;

/** The codes of tokens that name no other system. */
const codesIn = (value: string, system: string): string[] =>
  split(value).flatMap((one) => {
    const [of, code] = one.includes('|') ? one.split('|') : [undefined, one];
    return of === undefined || of === system ? [code] : [];
  });

function codesOf(column: keyof typeof SYSTEM_OF, value: string, not: boolean): AuditCondition {
  const any = split(value).flatMap((one) => {
    const [system, code] = one.includes('|') ? one.split('|') : [undefined, one];
    return system === undefined || system === SYSTEM_OF[column](code) ? [code] : [];
  });
  return { kind: 'code', column, any, not };
}

/** A record is of one moment (R4 search.html#date). */
function timeOf(name: string, value: string): AuditCondition {
  const [, prefix = 'eq', text] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/s.exec(value) ?? [];
  const span = spanOf(text.replace(' ', '+'));
  if (span === undefined) throw new BadSearchParameter(name, 'must be a date, with or without a prefix');
  const { low, high } = span;
  switch (prefix) {
    case 'gt':
    case 'sa':
      return { kind: 'time', from: high, before: Infinity, not: false };
    case 'ge':
      return { kind: 'time', from: low, before: Infinity, not: false };
    case 'lt':
    case 'eb':
      return { kind: 'time', from: -Infinity, before: low, not: false };
    case 'le':
      return { kind: 'time', from: -Infinity, before: high, not: false };
    case 'ap': {
      const near = Math.abs(Date.now() - low) / 10;
      return { kind: 'time', from: low - near, before: high + near, not: false };
    }
    default:
      return { kind: 'time', from: low, before: high, not: prefix === 'ne' };
  }
}

/** Where a page ended, as the next link carries it. */
export const auditCursorText = ({ at, id }: AuditCursor): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** Whether it is a time as `Date` writes it, and not only of its form. */
const isTime = (text: string): boolean => /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

function cursorFrom(text: string): AuditCursor {
  try {
    const [at, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof at === 'string' && isTime(at) && Number.isSafeInteger(id)) return { at, id: id as number };
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new BadSearchParameter('_cursor', 'is not one this server gave');
}
