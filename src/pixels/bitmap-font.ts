/** Glyphs of 5 columns and 7 rows: a row is five bits, the leftmost the highest. Letters are capitals. */
const GLYPHS: Readonly<Record<string, string>> = {
  A: '0E11111F111111',
  B: '1E11111E11111E',
  C: '0E11101010110E',
  D: '1E11111111111E',
  E: '1F10101E10101F',
  F: '1F10101E101010',
  G: '0E11101711110F',
  H: '1111111F111111',
  I: '0E04040404040E',
  J: '0702020202120C',
  K: '11121418141211',
  L: '1010101010101F',
  M: '111B1515111111',
  N: '11111915131111',
  O: '0E11111111110E',
  P: '1E11111E101010',
  Q: '0E11111115120D',
  R: '1E11111E141211',
  S: '0F10100E01011E',
  T: '1F040404040404',
  U: '1111111111110E',
  V: '11111111110A04',
  W: '11111115151B11',
  X: '11110A040A1111',
  Y: '11110A04040404',
  Z: '1F01020408101F',
  '0': '0E11131519110E',
  '1': '040C040404040E',
  '2': '0E11010204081F',
  '3': '1F02040201110E',
  '4': '02060A121F0202',
  '5': '1F101E0101110E',
  '6': '0608101E11110E',
  '7': '1F010204080808',
  '8': '0E11110E11110E',
  '9': '0E11110F01020C',
  ' ': '00000000000000',
  '.': '00000000000C0C',
  ',': '000000000C0408',
  ':': '000C0C000C0C00',
  '-': '0000001F000000',
  '/': '00010204081000',
  '(': '02040808080402',
  ')': '08040202020408',
  '+': '0004041F040400',
  '=': '00001F001F0000',
  '%': '18190204081303',
  '?': '0E110102040004',
  "'": '0C040800000000',
  _: '0000000000001F',
  '#': '0A0A1F0A1F0A0A',
  '*': '0004150E150400',
  '<': '02040810080402',
  '>': '08040201020408',
  '[': '0E08080808080E',
  ']': '0E02020202020E',
  '!': '04040404040004',
  '"': '0A0A0A00000000',
  '&': '0C12140815120D',
  ';': '000C0C000C0408',
  '~': '00000815020000',
  '@': '0E11010D15150E',
  '±': '04041F0404001F',
  '°': '06090906000000',
  '²': '0C02040E000000',
  '³': '0C020C020C0000',
  '\u039c': '00111111191610', // the capital of both micro signs
};

export const GLYPH_COLUMNS = 5;
export const GLYPH_ROWS = 7;

const plainOf = (character: string): string => character.normalize('NFD').charAt(0).toUpperCase();

/** Whether the font has a letter of its own for a character. */
export const hasGlyph = (character: string): boolean => Object.hasOwn(GLYPHS, plainOf(character));

/** The rows of a character's glyph; marks over letters are dropped, what the font does not have is a question mark. */
export function glyphOf(character: string): readonly number[] {
  const hex = hasGlyph(character) ? GLYPHS[plainOf(character)] : GLYPHS['?'];
  return Array.from({ length: GLYPH_ROWS }, (_, row) => Number.parseInt(hex.slice(2 * row, 2 * row + 2), 16));
}
