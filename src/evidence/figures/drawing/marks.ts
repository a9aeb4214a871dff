import { curveLinear, curveLinearClosed, line as lineOf, symbol, type SymbolType } from 'd3-shape';
import { element, group, line, px, type Attributes, type Svg } from './svg.js';
import { thinned, type Path } from './thin-path.js';

/** Colours of Okabe and Ito (2008), told apart by the colour-blind; nothing is said by colour alone. */
export const BLUE = '#0072b2';
export const VERMILLION = '#d55e00';
export const INK = '#1a1a1a';
export const GREY = '#6b6b6b';
export const PALE = '#d9d9d9';
export const PALE_BLUE = '#cfe3f1';

export const DASHED = '6 4';
export const DOTTED = '2 3';

const written = lineOf<readonly [number, number]>().digits(2);
const pointsOf = ({ x, y }: Path): [number, number][] => Array.from(x, (one, i) => [one, y[i]]);

/** A line through the points, thinned. */
export const curve = (path: Path, attributes: Attributes): Svg =>
  element('path', {
    d: written.curve(curveLinear)(pointsOf(thinned(path))) ?? '',
    fill: 'none',
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    ...attributes,
  });

/** The area between two lines of the same direction, each thinned. */
export const areaBetween = (upper: Path, lower: Path, attributes: Attributes): Svg =>
  element('path', {
    d: written.curve(curveLinearClosed)([...pointsOf(thinned(upper)), ...pointsOf(thinned(lower)).reverse()]) ?? '',
    ...attributes,
  });

/** A symbol with its centre at the point; `area` in px². */
export const mark = (x: number, y: number, type: SymbolType, attributes: Attributes, area = 64): Svg =>
  element('path', { d: symbol(type, area).digits(2)() ?? '', transform: placed(x, y), ...attributes });

const placed = (x: number, y: number): string => `translate(${px(x)} ${px(y)})`;

/** Moves a drawing made at the origin. */
export const at = (x: number, y: number, ...inside: readonly Svg[]): Svg => group({ transform: placed(x, y) }, ...inside);

/** The limits of an interval as a line with end bars. */
export function whisker(from: readonly [x: number, y: number], to: readonly [x: number, y: number], attributes: Attributes): Svg {
  const [dx, dy] = from[0] === to[0] ? [4, 0] : [0, 4];
  return group(
    { 'stroke-width': 1.5, ...attributes },
    line(...from, ...to, {}),
    ...[from, to].map(([x, y]) => line(x - dx, y - dy, x + dx, y + dy, {})),
  );
}
