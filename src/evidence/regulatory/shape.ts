import type { JsonPlace } from '../../json-place.js';

/** JSON Schema (2020-12) of a value: what an app builds a form from. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a value must be: told as a schema, and held to by the same words. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** @throws what the place refuses by */
  readonly read: (place: JsonPlace) => T;
}

const LONGEST_TEXT = 10_000;
const LONGEST_LIST = 1_000;

/** The same shape, with words for whoever fills it in. */
export const told = <T>(description: string, { schema, read }: Shape<T>): Shape<T> => ({ schema: { ...schema, description }, read });

/** Words: not empty, without control characters but line breaks and tabs, of whole characters (RFC 8785 3.2.2.2 has no other). */
export function words(maxLength = LONGEST_TEXT): Shape<string> {
  return {
    schema: { type: 'string', minLength: 1, maxLength },
    read: (place) => {
      const text = place.text();
      if (text.length > maxLength) place.refuse(`must have ${maxLength} characters at most`);
      if (!text.isWellFormed() || NO_WORDS.test(text)) place.refuse('must be text without control characters');
      return text;
    },
  };
}
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NO_WORDS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** @param meaning  of the form, in words: `64 lower-case hex digits` */
export const formed = (form: RegExp, meaning: string): Shape<string> => ({
  schema: { type: 'string', pattern: form.source, description: meaning },
  read: (place) => place.text(form, meaning),
});

export const oneOf = <T extends string>(allowed: readonly T[]): Shape<T> => ({
  schema: { type: 'string', enum: allowed },
  read: (place) => place.oneOf(allowed),
});

export const truth: Shape<boolean> = { schema: { type: 'boolean' }, read: (place) => place.truth() };

/** Both ends included. */
export const whole = (minimum: number, maximum: number): Shape<number> => ({
  schema: { type: 'integer', minimum, maximum },
  read: (place) => place.whole(minimum, maximum),
});

/** @param least  how many it must have */
export const listOf = <T>(one: Shape<T>, least: 0 | 1 = 0): Shape<T[]> => ({
  schema: { type: 'array', items: one.schema, minItems: least, maxItems: LONGEST_LIST },
  read: (place) => {
    const list = place.list(one.read);
    if (list.length < least) place.refuse('must name at least one');
    if (list.length > LONGEST_LIST) place.refuse(`must have ${LONGEST_LIST} entries at most`);
    return list;
  },
});

export const orNull = <T>(one: Shape<T>): Shape<T | null> => ({
  schema: { anyOf: [one.schema, { type: 'null' }] },
  read: (place) => (place.isNull() ? null : one.read(place)),
});

type Members<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };
type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** An object of these members and no others. @param mayLack  those that may be absent */
export function objectOf<T>(members: Members<T>, mayLack: readonly OptionalKeys<T>[] = []): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members);
  const readers = Object.fromEntries(shapes.map(([name, { read }]) => [name, read]));
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(shapes.map(([name, { schema }]) => [name, schema])),
      required: shapes.map(([name]) => name).filter((name) => !mayLack.some((one) => one === name)),
      additionalProperties: false,
    },
    read: (place) => place.object<T>(readers as Parameters<typeof place.object<T>>[0], mayLack), // a reader for each member, of its type
  };
}

export const sha256: Shape<string> = formed(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
