import { FigureError } from '../figure-error.js';

/** Markup whose text is escaped already. */
export type Svg = string & { readonly is: 'Svg' };

export type Attributes = Readonly<Record<string, string | number>>;

/** What XML 1.0 (2.2) lets no document hold, not even as a reference. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[\t\n\r]/g, ' ') // a line's end is another one to each parser
    .replace(/[&<>"']/g, (character) => ESCAPES[character]);

/** Text as an element's content. */
export const content = (text: string): Svg => escaped(text) as Svg;

/**
 * Numbers are px: two decimals, a 50th of what an eye tells apart, so that a last bit of a double moves no byte.
 * @throws E_NON_FINITE
 */
export function element(name: string, attributes: Attributes, ...inside: readonly Svg[]): Svg {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === 'number' ? px(value) : escaped(value)}"`);
  const start = `<${name}${written.join('')}`;
  return (inside.length === 0 ? `${start}/>` : `${start}>${inside.join('')}</${name}>`) as Svg;
}

/** @throws E_NON_FINITE */
export function px(value: number): string {
  if (!Number.isFinite(value)) throw new FigureError('E_NON_FINITE');
  return String(Math.round(value * 100) / 100 + 0); // + 0: there is no minus zero on paper
}

export const group = (attributes: Attributes, ...inside: readonly Svg[]): Svg => element('g', attributes, ...inside);

export const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes): Svg =>
  element('line', { x1, y1, x2, y2, ...attributes });

export const rectangle = (x: number, y: number, width: number, height: number, attributes: Attributes): Svg =>
  element('rect', { x, y, width, height, ...attributes });

export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** the figure in words, with its main numbers */
  readonly description: string;
}

/**
 * A whole drawing (SVG 1.1; accessible name and description by SVG-AAM 1.0: title and desc as first children). No ids, styles,
 * scripts or references: it may stand in a page beside others, under any content security policy.
 */
export function svgDocument({ width, height, title, description }: Sheet, ...body: readonly Svg[]): string {
  const box = { width: Math.ceil(width), height: Math.ceil(height) };
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    ...box,
    viewBox: `0 0 ${box.width} ${box.height}`,
    role: 'img',
    'font-family': 'sans-serif',
  };
  const parts = [
    element('title', {}, content(title)),
    element('desc', {}, content(description)),
    rectangle(0, 0, box.width, box.height, { fill: '#ffffff' }),
    ...body,
  ];
  return `${element('svg', root, ...parts.map((part) => `\n${part}` as Svg), '\n' as Svg)}\n`;
}
