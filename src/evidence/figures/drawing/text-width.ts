/**
 * Widths of U+0020 to U+007E in hundredths of the font's size, as the widest of the common sans-serif fonts has them (DejaVu
 * Sans, Verdana): what is laid out by them fits in any.
 */
const ASCII = [
  32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69,
  69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55,
  64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
const OTHER = 85;
const WIDE = 130;

/** Marks on the letter before, joiners and direction signs take no room. */
const WITHOUT_WIDTH = /^[\p{M}\p{Cf}]$/u;
/** East Asian letters, full-width forms and pictures. */
const IS_WIDE = /^[\u1100-\u115F\u2E80-\uA4CF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1B000}-\u{3FFFF}]$/u;

function hundredths(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code <= 0x7e) return ASCII[code - 0x20];
  if (WITHOUT_WIDTH.test(character)) return 0;
  return IS_WIDE.test(character) ? WIDE : OTHER;
}

/** A bold letter may be a quarter wider than a plain one. */
const BOLDER = 1.27;

export interface Font {
  /** px */
  readonly size: number;
  readonly bold?: boolean;
}

/** About how wide a text is drawn, in px; rather too wide than too narrow. */
export function textWidth(text: string, { size, bold = false }: Font): number {
  let sum = 0;
  for (const character of text) sum += hundredths(character);
  return (sum * size * (bold ? BOLDER : 1)) / 100;
}

/** The text if it fits, else its beginning and an ellipsis. */
export function cutToWidth(text: string, width: number, font: Font): string {
  if (textWidth(text, font) <= width) return text;
  let kept = '';
  let room = width - textWidth('…', font);
  for (const character of text) {
    room -= textWidth(character, font);
    if (room < 0) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** The text in lines that fit, broken at spaces, else within a word; what is left over after the last line is cut. */
export function wrapped(text: string, width: number, font: Font, most: number): string[] {
  const lines: string[] = [];
  let rest = text.replace(/\s+/g, ' ').trim();
  while (lines.length + 1 < most && textWidth(rest, font) > width) {
    const fits = beginning(rest, width, font);
    const space = rest[fits.length] === ' ' ? fits.length : fits.lastIndexOf(' ');
    const taken = space > 0 ? rest.slice(0, space) : fits;
    lines.push(taken);
    rest = rest.slice(taken.length).trimStart();
  }
  return [...lines, cutToWidth(rest, width, font)];
}

/** As much as fits, one character at least. */
function beginning(text: string, width: number, font: Font): string {
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += textWidth(character, font);
    if (used > width && kept !== '') break;
    kept += character;
  }
  return kept;
}
