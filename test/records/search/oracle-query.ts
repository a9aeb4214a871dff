import written from '../../../src/records/search/search-parameters.json' with { type: 'json' };
import type { SearchParameter } from '../../../src/records/search/search-parameters.js';

/** What the oracle's parts share. */
export type Values = readonly unknown[];
export type Members = Readonly<Record<string, unknown>>;
export type Resource = Members & { readonly resourceType: string; readonly id: string };

export interface Query {
  readonly name: string;
  readonly value: string;
  readonly matches: (values: Values) => boolean;
  /** What tells it from others of its name, where its value does not. */
  readonly kind?: string;
}

/** Queries of one kind: of the same name, prefix and form. */
export const kindOf = ({ name, value, kind = '' }: Query): string =>
  `${name} ${/^(?:eq|ne|lt|gt|le|ge|sa|eb|ap)?(?=[\d-])/.exec(value)?.[0] ?? ''} ${/^\||\|\||\||$/.exec(value)?.[0]} ${kind}`;

export const escaped = (text: string): string => text.replace(/[\\,|$]/g, (one) => `\\${one}`);
export const text = (given: unknown): string => (typeof given === 'string' ? given : '');
export const objects = (given: unknown): Members[] =>
  [given ?? []].flat().filter((one): one is Members => typeof one === 'object' && one !== null);

type Parts = readonly (readonly [name: string, expression: string])[];

/** The components of a composite parameter, each with its FHIRPath at the places that the whole begins at. */
export const partsOf = ({ resourceType, name }: SearchParameter): Parts =>
  (written.parameters as unknown as Record<string, Record<string, readonly [unknown, unknown, unknown, Parts] | undefined>>)[resourceType][
    name
  ]?.[3] ?? [];
