import { Fault } from '../faults.js';
import type { Level } from './attribute-levels.js';

/** A key that cannot be matched, or a value that its attribute cannot have. */
export class BadSearchKey extends Fault {
  readonly code = 'bad-search-key';
  readonly status = 400;

  constructor(
    readonly tag: string,
    why: string,
  ) {
    super(`The search key ${tag} ${why}.`);
  }
}

/** One matching key of a search: the attribute, its VR, the level it belongs to, and the value asked for. */
export interface SearchKey {
  readonly tag: string;
  readonly vr: string;
  readonly level: Level;
  readonly value: string;
  /** The sequences it lies in, outermost first (PS3.4 C.2.2.2.6). */
  readonly within?: readonly string[];
  /** Of a private attribute: who reserved its block; the block it then stands in does not matter (PS3.5 7.8.1). */
  readonly creator?: string;
}

/** How keys are matched, as the request chooses (PS3.18 8.3.4). */
export interface Matching {
  /** Person names by sound and beginning rather than by letter (8.3.4.2). */
  readonly fuzzy: boolean;
  /** `""` asks for what has no value (8.3.4.5; PS3.4 C.2.2.2.7). */
  readonly emptyValues: boolean;
  /** Of `A\B` each must be among the values (8.3.4.6; PS3.4 C.2.2.2.8). */
  readonly multipleValues: boolean;
  /** The offset that the dates and times of the request are in, such as `+0100` (8.3.4.1.1). */
  readonly timezoneOffset?: string;
}

/** Binds a value and answers its place in the statement ($1, $2 …). */
export type Bind = (value: unknown) => string;

/** What a key of no value matches: everything (PS3.4 C.2.2.2.3). A lone asterisk is the same (C.2.2.2.4). */
export const isUniversal = ({ value, vr }: SearchKey): boolean => value === '' || (value === '*' && vr !== 'UI');

/** True where the key asks for what has no value (PS3.4 C.2.2.2.7). */
export const asksForNone = ({ value }: SearchKey, { emptyValues }: Matching): boolean => emptyValues && value === '""';
