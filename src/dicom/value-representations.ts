/**
 * What PS3.5 Table 6.2-1 and section 7.1.2 say of each VR.
 * `text`: characters; `numbers`: fixed-size binary numbers; `binary`: bytes whose meaning other elements give.
 */
export interface ValueRepresentation {
  readonly kind: 'text' | 'numbers' | 'binary' | 'tags' | 'items';
  /** Explicit VR: two reserved bytes and a 32-bit length (PS3.5 Table 7.1-1); else a 16-bit length. */
  readonly longLength: boolean;
  /** Bytes of one number or word; 1 otherwise. Big endian swaps by it. */
  readonly unit: 1 | 2 | 4 | 8;
  /** Text only: backslash separates values. */
  readonly multiple: boolean;
  /** Text only: spaces before a value mean nothing. */
  readonly trimStart: boolean;
}

type Form = Partial<ValueRepresentation>;
const text = (form: Form = {}): ValueRepresentation => of('text', { multiple: true, ...form });
const numbers = (unit: 2 | 4 | 8, form: Form = {}): ValueRepresentation => of('numbers', { unit, ...form });
const binary = (unit: 1 | 2 | 4 | 8): ValueRepresentation => of('binary', { unit, longLength: true });

function of(kind: ValueRepresentation['kind'], form: Form): ValueRepresentation {
  return { kind, longLength: false, unit: 1, multiple: false, trimStart: false, ...form };
}

const VRS: ReadonlyMap<string, ValueRepresentation> = new Map([
  ['AE', text({ trimStart: true })],
  ['AS', text()],
  ['AT', of('tags', { unit: 2 })],
  ['CS', text({ trimStart: true })],
  ['DA', text()],
  ['DS', text({ trimStart: true })],
  ['DT', text()],
  ['FD', numbers(8)],
  ['FL', numbers(4)],
  ['IS', text({ trimStart: true })],
  ['LO', text({ trimStart: true })],
  ['LT', text({ multiple: false })],
  ['OB', binary(1)],
  ['OD', binary(8)],
  ['OF', binary(4)],
  ['OL', binary(4)],
  ['OV', binary(8)],
  ['OW', binary(2)],
  ['PN', text()],
  ['SH', text({ trimStart: true })],
  ['SL', numbers(4)],
  ['SQ', of('items', { longLength: true })],
  ['SS', numbers(2)],
  ['ST', text({ multiple: false })],
  ['SV', numbers(8, { longLength: true })],
  ['TM', text()],
  ['UC', text({ longLength: true })],
  ['UI', text()],
  ['UL', numbers(4)],
  ['UN', binary(1)],
  ['UR', text({ longLength: true, multiple: false })],
  ['US', numbers(2)],
  ['UT', text({ longLength: true, multiple: false })],
  ['UV', numbers(8, { longLength: true })],
]);

const UNKNOWN = binary(1);
const BY_LETTERS = new Map([...VRS.keys()].map((vr) => [vr.charCodeAt(0) * 256 + vr.charCodeAt(1), vr]));

export const isKnownVr = (vr: string): boolean => VRS.has(vr);

/** The VR of two bytes as they stand in a file; undefined where PS3.5 knows none. */
export const vrOfLetters = (first: number, second: number): string | undefined => BY_LETTERS.get(first * 256 + second);

/** What PS3.5 says of a VR; one that it does not know is bytes, as UN. */
export const valueRepresentation = (vr: string): ValueRepresentation => VRS.get(vr) ?? UNKNOWN;
