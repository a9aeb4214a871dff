/** What the JSON of a primitive must be (R4 json.html#primitive). */
type JsonType = 'string' | 'number' | 'boolean';

interface Primitive {
  readonly json: JsonType;
  readonly isValid: (value: never) => boolean;
  /** What it should have been, in words. */
  readonly form: string;
}

const MOST_TEXT = 1024 * 1024; // R4 datatypes.html#string
const text = (form: string, pattern: RegExp): Primitive => ({
  json: 'string',
  isValid: (value: string) => value.length <= MOST_TEXT && pattern.test(value) && isCharacters(value),
  form,
});
/**
 * No control characters but tab and line ends (R4 datatypes.html#string), nothing that XML cannot hold (XML 1.0 2.2), no half of a pair:
 * neither Postgres nor a reader of XML takes them.
 */
// oxlint-disable-next-line no-control-regex
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const isCharacters = (value: string): boolean => !NO_CHARACTER.test(value) && value.isWellFormed();

const whole = (form: string, least: number): Primitive => ({
  json: 'number',
  isValid: (value: number) => Number.isInteger(value) && value >= least && value <= 2 ** 31 - 1,
  form,
});

const DATE = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?/;
const TIME = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?`;
const ZONE = String.raw`(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))`;
const DATE_ONLY = new RegExp(`${DATE.source}$`);
const DATE_TIME = new RegExp(String.raw`^\d{4}(-\d\d(-\d\d(T${TIME}${ZONE})?)?)?$`);
const INSTANT = new RegExp(String.raw`^\d{4}-\d\d-\d\dT${TIME}${ZONE}$`);

/** A date that there is: not the 30th of February. */
function isDay(value: string): boolean {
  const [whole_, year, month, day] = DATE.exec(value) ?? [];
  if (whole_ === undefined || year === '0000') return false;
  if (day === undefined) return true;
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

const dated = (form: string, pattern: RegExp): Primitive => ({
  json: 'string',
  isValid: (value: string) => pattern.test(value) && isDay(value),
  form,
});

const isBase64 = (value: string): boolean => {
  const packed = value.replace(/\s+/g, ''); // blanks are allowed
  return packed.length > 0 && packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed);
};

/** Text of any kind: something. */
const ANY_TEXT = /^[^]+$/;
const URI = text('a URI: not empty, without blanks', /^\S+$/);

/** R4 datatypes.html#primitive, by type. */
const PRIMITIVES: Readonly<Record<string, Primitive>> = {
  boolean: { json: 'boolean', isValid: () => true, form: 'true or false' },
  integer: whole('a whole number of 32 bits', -(2 ** 31)),
  unsignedInt: whole('a whole number, 0 or more', 0),
  positiveInt: whole('a whole number above 0', 1),
  decimal: { json: 'number', isValid: () => true, form: 'a number' },
  string: text('text that is not empty', ANY_TEXT),
  markdown: text('text that is not empty', ANY_TEXT),
  code: text('a code: no blanks but single ones between words', /^[^ \t\r\n]+( [^ \t\r\n]+)*$/), // XML Schema's white space: a no-break space is none
  id: text('an id: letters, digits, hyphens and dots, 64 at most', /^[A-Za-z0-9.-]{1,64}$/),
  uri: URI,
  url: URI,
  canonical: URI,
  oid: text('an OID as urn:oid:…', /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/),
  uuid: text('a UUID as urn:uuid:…', /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  date: dated('a date that there is: YYYY, YYYY-MM or YYYY-MM-DD', DATE_ONLY),
  dateTime: dated('a date that there is, with time and zone or without time', DATE_TIME),
  instant: dated('a date that there is, with time to the second and zone', INSTANT),
  time: text('a time: hh:mm:ss', new RegExp(`^${TIME}$`)),
  base64Binary: { json: 'string', isValid: isBase64, form: 'base64' },
  xhtml: { json: 'string', isValid: (value: string) => value !== '' && isCharacters(value), form: 'XHTML' }, // of any length, unlike a string
};

/** Why a value is not one of a primitive type, in words; undefined where it is one. */
export function primitiveFault(type: string, value: unknown): string | undefined {
  const primitive = PRIMITIVES[type];
  if (typeof value !== primitive.json) return `must be a JSON ${primitive.json}: ${primitive.form}`;
  return primitive.isValid(value as never) ? undefined : `must be ${primitive.form}`; // of the type just compared
}

export const isPrimitive = (type: string): boolean => Object.hasOwn(PRIMITIVES, type);
