import type { Condition } from './condition.js';
import type { SearchType } from './search-parameters.js';

/** A search of one type, or of several where it is asked of the whole server (R4 search.html). */
export interface Search {
  readonly types: readonly string[];
  readonly conditions: readonly Condition[];
  readonly sort: readonly SortKey[];
  /** Matches a page; 0: how many there are is all that is asked. */
  readonly count: number;
  readonly cursor: Cursor | undefined;
  /** Matches that are passed over; a cursor goes on without them. */
  readonly offset?: number;
  readonly total: 'none' | 'estimate' | 'accurate' | undefined;
  readonly includes: readonly Include[];
}

/** `_id` and `_lastUpdated` are columns and have no parameter's number. */
export interface SortKey {
  readonly by: 'id' | 'updated' | { readonly type: SearchType; readonly parameters: readonly number[] };
  readonly descending: boolean;
}

/** Where a page ended: the last match's place in the order. A null is a resource that has no such value. */
export interface Cursor {
  readonly values: readonly (string | null)[];
  readonly no: number;
}

/** `_include` follows references of the source, `_revinclude` looks for sources that refer to what is there. */
export interface Include {
  readonly reverse: boolean;
  readonly iterate: boolean;
  /** Numbers of reference parameters, each of which is one type's own. */
  readonly parameters: readonly number[];
  /** Undefined: whatever type it refers to. */
  readonly target: string | undefined;
}
