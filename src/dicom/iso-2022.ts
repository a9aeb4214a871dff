/** A graphic set that an escape sequence designates (PS3.3 Table C.12-3 and C.12-4). */
interface GraphicSet {
  readonly bytesPerCharacter: 1 | 2;
  /** GL bytes 21…7E or GR bytes A1…FE of whole characters → text. */
  readonly decode: (bytes: readonly number[]) => string;
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function decodeAs(label: string, bytes: readonly number[]): string {
  let decoder = decoders.get(label);
  if (decoder === undefined) decoders.set(label, (decoder = new TextDecoder(label)));
  return decoder.decode(Uint8Array.from(bytes));
}

const high = (byte: number): number => byte | 0x80;
const oneByte = (label: string): GraphicSet => ({
  bytesPerCharacter: 1,
  decode: (bytes) => decodeAs(label, bytes.map(high)),
});
const twoBytes = (label: string): GraphicSet => ({
  bytesPerCharacter: 2,
  decode: (bytes) => decodeAs(label, bytes.map(high)),
});

const ASCII: GraphicSet = { bytesPerCharacter: 1, decode: (bytes) => String.fromCharCode(...bytes) };
const LATIN_1: GraphicSet = { bytesPerCharacter: 1, decode: (bytes) => String.fromCharCode(...bytes.map(high)) };
const KATAKANA: GraphicSet = {
  bytesPerCharacter: 1,
  decode: (bytes) => String.fromCharCode(...bytes.map((byte) => (high(byte) <= 0xdf ? high(byte) - 0xa1 + 0xff61 : 0xfffd))),
};
const KANJI = twoBytes('euc-jp');
/** JIS X 0212 has the prefix 8F in EUC-JP. */
const SUPPLEMENTARY_KANJI: GraphicSet = {
  bytesPerCharacter: 2,
  decode: (bytes) =>
    decodeAs(
      'euc-jp',
      bytes.flatMap((byte, i) => (i % 2 === 0 ? [0x8f, high(byte)] : [high(byte)])),
    ),
};

/** What follows ESC → which code element it fills with what. */
const ESCAPES: readonly [sequence: string, element: 'g0' | 'g1', set: GraphicSet][] = [
  ['(B', 'g0', ASCII],
  ['(J', 'g0', ASCII], // ISO-IR 14: yen sign and overline stay backslash and tilde
  ['$B', 'g0', KANJI],
  ['$@', 'g0', KANJI], // the 1978 edition, not in DICOM, met in old Japanese files
  ['$(D', 'g0', SUPPLEMENTARY_KANJI],
  [')I', 'g1', KATAKANA],
  ['$)C', 'g1', twoBytes('euc-kr')],
  ['$)A', 'g1', twoBytes('gbk')],
  ['-A', 'g1', LATIN_1],
  ['-B', 'g1', oneByte('iso-8859-2')],
  ['-C', 'g1', oneByte('iso-8859-3')],
  ['-D', 'g1', oneByte('iso-8859-4')],
  ['-L', 'g1', oneByte('iso-8859-5')],
  ['-G', 'g1', oneByte('iso-8859-6')],
  ['-F', 'g1', oneByte('iso-8859-7')],
  ['-H', 'g1', oneByte('iso-8859-8')],
  ['-M', 'g1', oneByte('windows-1254')],
  ['-T', 'g1', oneByte('windows-874')],
  ['-b', 'g1', oneByte('iso-8859-15')],
];

/** The G1 that a first value of Specific Character Set stands for; G0 is always ASCII or near it. */
const INITIAL_G1: Readonly<Record<string, string>> = {
  'ISO_IR 100': '-A',
  'ISO_IR 101': '-B',
  'ISO_IR 109': '-C',
  'ISO_IR 110': '-D',
  'ISO_IR 144': '-L',
  'ISO_IR 127': '-G',
  'ISO_IR 126': '-F',
  'ISO_IR 138': '-H',
  'ISO_IR 148': '-M',
  'ISO_IR 166': '-T',
  'ISO_IR 203': '-b',
  'ISO_IR 13': ')I',
  'ISO_IR 149': '$)C',
  'ISO_IR 58': '$)A',
};

const ESC = 0x1b;
const isSpaceOrControl = (byte: number): boolean => byte <= 0x20 || byte === 0x7f;

/** PS3.5 6.1.2.5.3: where the initial code is in force again: control characters, backslash, in a PN also ^ and =. */
const resets = (byte: number, personName: boolean): boolean =>
  byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x5c || (personName && (byte === 0x5e || byte === 0x3d));

/**
 * Text with ISO/IEC 2022 code extensions (PS3.5 6.1.2.5). Delimiters count only while G0 is a single-byte set: within
 * kanji the byte 5C is half a character.
 * @param initial  first value of Specific Character Set, written "ISO_IR n"
 * @returns Unicode; U+FFFD for escape sequences and bytes that are not defined
 */
export function decodeIso2022(bytes: Buffer, initial: string, personName: boolean): string {
  const initialG1 = ESCAPES.find(([sequence]) => sequence === INITIAL_G1[initial])?.[2];
  let g0 = ASCII;
  let g1 = initialG1;
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i];
    if (byte === ESC) {
      const escape = ESCAPES.find(([sequence]) => bytes.toString('latin1', i + 1, i + 1 + sequence.length) === sequence);
      if (escape?.[1] === 'g0') g0 = escape[2];
      if (escape?.[1] === 'g1') g1 = escape[2];
      if (escape === undefined) text += '\uFFFD';
      i += 1 + (escape?.[0].length ?? 0);
      continue;
    }
    const set = byte >= 0x80 ? g1 : g0;
    if (set === undefined || (byte >= 0x80 && byte <= 0xa0)) {
      text += '\uFFFD';
      i += 1;
    } else if (isSpaceOrControl(byte) || (set === ASCII && resets(byte, personName))) {
      if (resets(byte, personName)) [g0, g1] = [ASCII, initialG1];
      text += String.fromCharCode(byte);
      i += 1;
    } else {
      text += set.decode([...bytes.subarray(i, i + set.bytesPerCharacter)]);
      i += set.bytesPerCharacter;
    }
  }
  return text;
}
