import type { GraphicPoint, GraphicShape } from '../dicom/graphic-annotations.js';
import { number, written, type Placing } from './placing.js';

/** How lines are drawn; `width` in pixels. */
export const strokeOf = (colour: string, width: number): string =>
  `stroke="${colour}" stroke-width="${width}" stroke-linecap="square" stroke-linejoin="round"`;

/** Only what is closed has an inside (PS3.3 C.10.5, Graphic Filled). */
export function fillOf({ isFilled, type, points }: GraphicShape, colour: string): string {
  const isClosed = type === 'CIRCLE' || type === 'ELLIPSE' || samePoint(points[0], points[points.length - 1]);
  return `fill="${isFilled && isClosed ? colour : 'none'}"`;
}

const samePoint = (one: GraphicPoint, other: GraphicPoint): boolean => one.x === other.x && one.y === other.y;

/** How far it is, and in which direction, degrees. */
const distance = (from: GraphicPoint, to: GraphicPoint): number => Math.hypot(to.x - from.x, to.y - from.y);
const direction = (from: GraphicPoint, to: GraphicPoint): number => (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;

/** A graphic by its type (PS3.3 C.10.5.1.2). */
export function shapeMarkup({ type, points: given, units }: GraphicShape, place: Placing, scale: number): string {
  const points = given.map((point) => place(point, units));
  const [first, second, third, fourth] = points;
  switch (type) {
    case 'POINT':
      return dotMarkup(first, scale);
    case 'POLYLINE':
      return pathMarkup(
        points,
        points.slice(1).map((point) => `L${written(point)}`),
      );
    case 'INTERPOLATED':
      return pathMarkup(points, curve(points));
    case 'CIRCLE':
      return `<circle cx="${number(first.x)}" cy="${number(first.y)}" r="${number(distance(first, second))}"/>`;
    case 'ELLIPSE': {
      const centre = written({ x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 });
      const turned = `translate(${centre}) rotate(${number(direction(first, second))})`;
      return `<ellipse rx="${number(distance(first, second) / 2)}" ry="${number(distance(third, fourth) / 2)}" transform="${turned}"/>`;
    }
  }
}

/** A point, large enough to be seen. */
export const dotMarkup = ({ x, y }: GraphicPoint, scale: number): string =>
  `<path stroke-linecap="round" stroke-width="${3 * scale}" d="M${written({ x, y })}h0.001"/>`;

/** Pieces of a line that are stroked together: a stroke is painted in a time that grows with the crossings in it. */
const STROKED_TOGETHER = 16;

/** A line of pieces, each from a point to the next: its inside, then its outline. */
function pathMarkup(points: readonly GraphicPoint[], pieces: readonly string[]): string {
  const whole = `M${written(points[0])}${pieces.join('')}`;
  const isClosed = samePoint(points[0], points[points.length - 1]);
  const inside = isClosed ? `<path stroke="none" d="${whole}Z"/>` : '';
  if (pieces.length <= STROKED_TOGETHER) return `${inside}<path fill="none" d="${whole}${isClosed ? 'Z' : ''}"/>`;
  const runs = Array.from({ length: Math.ceil(pieces.length / STROKED_TOGETHER) }, (_, run) => {
    const at = run * STROKED_TOGETHER;
    return `<path d="M${written(points[at])}${pieces.slice(at, at + STROKED_TOGETHER).join('')}"/>`;
  });
  return `${inside}<g fill="none" stroke-linecap="round">${runs.join('')}</g>`;
}

/** A smooth line through all points: Catmull and Rom's, each piece a cubic Bézier curve; round where the ends meet. */
function curve(points: readonly GraphicPoint[]): string[] {
  const last = points.length - 1;
  const isClosed = last > 1 && samePoint(points[0], points[last]);
  const at = (i: number): GraphicPoint => {
    if (isClosed) return points[(i + last) % last];
    return points[Math.max(0, Math.min(last, i))];
  };
  const towards = (from: GraphicPoint, before: GraphicPoint, after: GraphicPoint, sixth: 1 | -1) =>
    written({ x: from.x + (sixth * (after.x - before.x)) / 6, y: from.y + (sixth * (after.y - before.y)) / 6 });
  return Array.from(
    { length: last },
    (_, i) => `C${towards(at(i), at(i - 1), at(i + 1), 1)} ${towards(at(i + 1), at(i), at(i + 2), -1)} ${written(at(i + 1))}`,
  );
}
