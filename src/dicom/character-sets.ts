import { decodeIso2022 } from './iso-2022.js';
import type { ReadingNotes } from './reading-notes.js';

/** How the bytes of one data set's text become characters: the effect of Specific Character Set (PS3.5 6.1). */
export interface CharacterSet {
  /** @returns Unicode without lone surrogates; what the set does not hold is U+FFFD, with a warning */
  decode(bytes: Buffer, vr: string, notes: ReadingNotes): string;
}

/** Defined terms without code extensions (PS3.3 Table C.12-2, C.12-4, C.12-5) → label of the WHATWG Encoding Standard. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['ISO_IR 101', 'iso-8859-2'],
  ['ISO_IR 109', 'iso-8859-3'],
  ['ISO_IR 110', 'iso-8859-4'],
  ['ISO_IR 144', 'iso-8859-5'],
  ['ISO_IR 127', 'iso-8859-6'],
  ['ISO_IR 126', 'iso-8859-7'],
  ['ISO_IR 138', 'iso-8859-8'],
  ['ISO_IR 148', 'windows-1254'], // ISO 8859-9 in A0…FF
  ['ISO_IR 203', 'iso-8859-15'],
  ['ISO_IR 166', 'windows-874'], // TIS 620 in A0…FF
  ['ISO_IR 192', 'utf-8'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/** Text as one code of the Encoding Standard. Bytes 80…9F of single-byte codes are controls, which no value may hold. */
function encoded(label: string): CharacterSet {
  const decoder = new TextDecoder(label);
  return { decode: (bytes, _vr, notes) => reported(decoder.decode(bytes), notes) };
}

function reported(text: string, notes: ReadingNotes): string {
  if (text.includes('\uFFFD')) notes.warn('text-not-in-character-set');
  return text;
}

/** ISO_IR 6: seven bits. A byte above has no meaning that could be known, so it becomes U+FFFD rather than a guess. */
export const DEFAULT_CHARACTER_SET: CharacterSet = {
  decode: (bytes, _vr, notes) => reported(bytes.toString('latin1').replace(/[\x80-\xff]/g, '\uFFFD'), notes),
};

/** ISO 8859-1 is the first 256 characters of Unicode; TextDecoder's "latin1" is windows-1252. */
const LATIN_1: CharacterSet = { decode: (bytes) => bytes.toString('latin1') };

/** JIS X 0201: half-width katakana in A1…DF. Its yen sign and overline stay backslash and tilde: they are delimiters here. */
const JIS_X_0201: CharacterSet = {
  decode: (bytes, _vr, notes) =>
    reported(
      bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => {
        const code = byte.charCodeAt(0);
        return code >= 0xa1 && code <= 0xdf ? String.fromCharCode(code - 0xa1 + 0xff61) : '\uFFFD';
      }),
      notes,
    ),
};

const SETS = new Map<string, CharacterSet>([
  ['', DEFAULT_CHARACTER_SET],
  ['ISO_IR 6', DEFAULT_CHARACTER_SET],
  ['ISO_IR 100', LATIN_1],
  ['ISO_IR 13', JIS_X_0201],
]);

function single(term: string): CharacterSet | undefined {
  const known = SETS.get(term);
  const label = LABELS.get(term);
  if (known !== undefined || label === undefined) return known;
  const set = encoded(label);
  SETS.set(term, set);
  return set;
}

/**
 * The character set that the values of (0008,0005) name. One term without code extensions is that code; more than one,
 * or an "ISO 2022" term, means ISO/IEC 2022 escape sequences, starting in the first value's code.
 * Terms misspelt as they are in the wild ("ISO-IR 100") are understood; an unknown one leaves ISO_IR 6, with a warning.
 */
export function characterSet(values: readonly string[], notes: ReadingNotes): CharacterSet {
  const terms = values.map((value) => value.trim().replace(/^ISO[-_ ]?(2022[-_ ]?)?IR[-_ ]?(\d+)$/i, termOf));
  const first = terms[0] ?? '';
  if (terms.length <= 1 && !first.startsWith('ISO 2022')) {
    const set = single(first);
    if (set === undefined) notes.warn('character-set-unknown');
    return set ?? DEFAULT_CHARACTER_SET;
  }
  const alone = ['ISO_IR 192', 'GB18030', 'GBK'].find((term) => term === first); // PS3.3 C.12.1.1.2: never with others
  if (alone !== undefined) {
    notes.warn('character-set-combination');
    return single(alone) ?? DEFAULT_CHARACTER_SET;
  }
  const initial = first.replace('ISO 2022 IR', 'ISO_IR');
  if (terms.some((term) => term !== '' && !/^ISO(_| 2022 )IR \d+$/.test(term))) notes.warn('character-set-unknown');
  return { decode: (bytes, vr, of) => reported(decodeIso2022(bytes, initial, vr === 'PN'), of) };
}

const termOf = (_all: string, extended: string | undefined, number: string): string =>
  extended === undefined ? `ISO_IR ${number}` : `ISO 2022 IR ${number}`;

/** Begins a code extension (PS3.5 6.1.2.5). */
const ESCAPE = '\x1b';

/** Bytes of one element's value as characters: the common case, seven bits and no escape, needs no character set. */
export function decodeText(bytes: Buffer, vr: string, set: CharacterSet, notes: ReadingNotes): string {
  const plain = bytes.toString('latin1');
  const isPlain = !/[\x80-\xff]/.test(plain) && !plain.includes(ESCAPE);
  return isPlain ? plain : set.decode(bytes, vr, notes);
}
