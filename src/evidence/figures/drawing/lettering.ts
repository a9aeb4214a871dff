import { cutToWidth, wrapped, type Font } from './text-width.js';
import { content, element, type Attributes, type Svg } from './svg.js';
import { at, INK } from './marks.js';

/** px from one line of text to the next, by the font's size. */
const LEADING = 1.35;

/** One line of text with its baseline at y. */
export const lettering = (text: string, x: number, y: number, { size, bold = false }: Font, attributes: Attributes = {}): Svg =>
  element('text', { x, y, 'font-size': size, ...(bold ? { 'font-weight': 'bold' } : {}), fill: INK, ...attributes }, content(text));

/** Text cut to a width; the whole of it is its tooltip then. */
export function cutLettering(text: string, x: number, y: number, width: number, font: Font, attributes: Attributes = {}): Svg {
  const shown = cutToWidth(text, width, font);
  const drawn = { x, y, 'font-size': font.size, ...(font.bold === true ? { 'font-weight': 'bold' } : {}), fill: INK, ...attributes };
  const whole = shown === text ? [] : [element('title', {}, content(text))];
  return element('text', drawn, content(shown), ...whole);
}

export interface Block {
  readonly svg: readonly Svg[];
  readonly height: number;
}

/** Lines of text from y down. */
export function block(lines: readonly string[], x: number, y: number, font: Font, attributes: Attributes = {}): Block {
  const step = font.size * LEADING;
  return {
    svg: lines.map((one, i) => lettering(one, x, y + font.size + i * step, font, attributes)),
    height: lines.length * step,
  };
}

/** The title above a figure, in two lines at most. */
export const headline = (title: string, width: number): Block => {
  const font = { size: 15, bold: true };
  const { svg, height } = block(wrapped(title, width - 32, font, 2), 16, 14, font);
  return { svg, height: 14 + height + 14 };
};

export interface LegendItem {
  /** drawn around y = 0 from x = 0 to x = 32 */
  readonly sample: readonly Svg[];
  readonly text: string;
}

/** What each mark means, one below the other. */
export function legend(items: readonly LegendItem[], x: number, y: number, width: number): Block {
  const font = { size: 12 };
  const svg: Svg[] = [];
  let height = 0;
  for (const { sample, text } of items) {
    const lines = block(wrapped(text, width - 42, font, 3), x + 42, y + height, font);
    svg.push(at(x, y + height + 8, ...sample), ...lines.svg);
    height += lines.height + 4;
  }
  return { svg, height };
}
