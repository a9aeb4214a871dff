import written from '../../../src/records/search/search-parameters.json' with { type: 'json' };
import type { SearchParameter } from '../../../src/records/search/search-parameters.js';

/** What the oracle's parts share. */
export type Values = readonly unknown[];
export type Members = Readonly<Record<string, unknown>>;
export type Resource = Members & { readonly resourceType: string; readonly id: string };

/** The server's own FHIR address: what is below it is the same as what is written without it. */
export const BASE = 'http://here/fhir';

export interface Query {
  readonly name: string;
  readonly value: string;
  readonly matches: (values: Values) => boolean;
  /** What tells it from others of its name, where its value does not. */
  readonly kind?: string;
}

export const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
export const prefixOf = (value: string): string => PREFIXES.find((one) => value.startsWith(one) && /^..[\d-]/.test(value)) ?? '';

/** Queries of one kind: of the same name, prefix and form. */
export const kindOf = ({ name, value, kind = '' }: Query): string =>
  `${name} ${prefixOf(value)} ${/^\||\|\||\||$/.exec(value)?.[0]} ${kind}`;

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
