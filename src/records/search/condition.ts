import type { Words } from './words.js';

/** What a search asks of a resource; all of a list must hold. Numbers are those that the index knows parameters by (ParameterNumbers). */
export type Condition =
  | { readonly kind: 'ids'; readonly ids: readonly string[]; readonly not: boolean }
  | { readonly kind: 'type'; readonly type: string }
  /** The server itself made it, and nobody else may write it. */
  | { readonly kind: 'own' }
  | { readonly kind: 'updated'; readonly any: readonly DateTest[] }
  | { readonly kind: 'token'; readonly parameters: readonly number[]; readonly any: readonly TokenTest[]; readonly not: boolean }
  | { readonly kind: 'reference'; readonly parameters: readonly number[]; readonly any: readonly ReferenceTest[]; readonly not: boolean }
  /** What refers to a resource by any of the parameters, and the resource itself. */
  | { readonly kind: 'compartment'; readonly parameters: readonly number[]; readonly of: { readonly type: string; readonly id: string } }
  | { readonly kind: 'date'; readonly parameters: readonly number[]; readonly any: readonly DateTest[] }
  | { readonly kind: 'string'; readonly parameters: readonly number[]; readonly any: readonly StringTest[] }
  | { readonly kind: 'quantity'; readonly parameters: readonly number[]; readonly any: readonly QuantityTest[] }
  | { readonly kind: 'missing'; readonly parameters: readonly number[]; readonly table: IndexTable; readonly missing: boolean }
  /** It is about no Patient but this one, by these parameters and by what it says itself, and `through` others of nothing that is another's. */
  | { readonly kind: 'noOther'; readonly parameters: readonly number[]; readonly patient: string; readonly through: readonly number[] }
  /** It is about no Patient. */
  | { readonly kind: 'noOther'; readonly parameters: readonly number[]; readonly patient: undefined }
  /** Words in its narrative, or anywhere in it: any of the alternatives. */
  | { readonly kind: 'words'; readonly within: 'narrative' | 'whole'; readonly any: readonly Words[] }
  /** Each alternative: a condition for each component, all at one place. */
  | { readonly kind: 'composite'; readonly any: readonly (readonly ComponentCondition[])[] }
  /** What it refers to by the parameter is one of these types and holds the conditions. */
  | { readonly kind: 'chain'; readonly parameter: number; readonly any: readonly ChainLink[] }
  /** Something of the type refers to it by the parameter and holds the condition. */
  | { readonly kind: 'has'; readonly type: string; readonly parameter: number; readonly where: Condition }
  | { readonly kind: 'any'; readonly any: readonly (readonly Condition[])[] };

export type ComponentCondition = Extract<Condition, { kind: 'token' | 'reference' | 'date' | 'string' | 'quantity' }>;

export type IndexTable = 'search_token' | 'search_reference' | 'search_date' | 'search_string' | 'search_quantity';

/** An undefined part matches anything; `prefix`: values that begin so. */
export interface TokenTest {
  readonly system: string | undefined;
  readonly value: string | undefined;
  readonly prefix?: boolean;
}

export interface ReferenceTest {
  /** '' for an address. */
  readonly type: string;
  readonly id: string;
  readonly prefix?: boolean;
}

export type Comparison = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/** Times in milliseconds since 1970. */
export interface DateTest {
  readonly comparison: Comparison;
  readonly low: number;
  readonly high: number;
}

export interface StringTest {
  readonly form: 'starts' | 'contains' | 'exact';
  readonly text: string;
}

/** Decimal texts: the number itself, and the span that its digits leave open (R4 search.html#number). */
export interface QuantityTest {
  readonly comparison: Comparison;
  readonly value: string;
  readonly low: string;
  readonly high: string;
  readonly system: string | undefined;
  /** Also matched with the unit as people write it, where no system is given. */
  readonly code: string | undefined;
}

export interface ChainLink {
  readonly type: string;
  readonly where: Condition;
}
