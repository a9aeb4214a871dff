import { create, type Font } from 'fontkit';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Roboto (Apache-2.0): Latin, Greek, Cyrillic and Vietnamese. Embedded, so that the report looks alike everywhere. */
const FILES = {
  regular: 'roboto-fontface/fonts/roboto/Roboto-Regular.woff',
  bold: 'roboto-fontface/fonts/roboto/Roboto-Bold.woff',
} as const;

export type Weight = keyof typeof FILES;

const { resolve } = createRequire(import.meta.url);
let loaded: Readonly<Record<Weight, Buffer>> | undefined;
let regular: Font | undefined;

/** The bytes of both weights, read once. */
export const fontBytes = (): Readonly<Record<Weight, Buffer>> =>
  (loaded ??= { regular: readFileSync(resolve(FILES.regular)), bold: readFileSync(resolve(FILES.bold)) });

const isDrawn = (codePoint: number): boolean => {
  regular ??= create(fontBytes().regular) as Font; // one font, no collection
  return regular.hasGlyphForCodePoint(codePoint);
};

/** Text as the font can draw it: a character that it lacks by its code point, `[U+4E2D]`, so that nothing is lost and nothing is guessed. */
export function drawable(text: string): string {
  const spoken = text.toWellFormed().normalize('NFC').replace(/\s+/g, ' ');
  let written = '';
  let lacking: string[] = [];
  const flush = (): void => {
    if (lacking.length > 0) written += `[${lacking.join(' ')}]`;
    lacking = [];
  };
  for (const character of spoken) {
    const codePoint = character.codePointAt(0)!;
    if (codePoint >= 0x20 && isDrawn(codePoint)) {
      flush();
      written += character;
    } else lacking.push(`U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`);
  }
  flush();
  return written;
}
