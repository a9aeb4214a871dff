import type { GraphicPoint, GraphicUnits } from '../dicom/graphic-annotations.js';
import type { DisplayFrame, DrawnGraphics, Viewport } from './pixel-job.js';

export type Size = Pick<DisplayFrame, 'rows' | 'columns'>;
/** From what a state says to a place on the picture: pixels, from its upper left corner. */
export type Placing = (point: GraphicPoint, units: GraphicUnits) => GraphicPoint;

/** Farther out nothing of a line is seen, and SVG's numbers end. */
const FARTHEST = 1e6;

/** Where points of the image and of the displayed area are on a picture that was turned clockwise, then flipped, then scaled. */
export function placing(
  { shown, specified }: DrawnGraphics,
  { rotation = 0, flips = [] }: Pick<Viewport, 'rotation' | 'flips'>,
  picture: Size,
): Placing {
  const { width, height } = shown;
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
  const onPicture = (point: GraphicPoint): GraphicPoint => {
    const [x, y] = [point.x - shown.left, point.y - shown.top];
    const [turnedX, turnedY] = { 0: [x, y], 90: [height - y, x], 180: [width - x, height - y], 270: [y, width - x] }[rotation];
    const [flippedX, flippedY] = [
      flips.includes('horizontal') ? across - turnedX : turnedX,
      flips.includes('vertical') ? down - turnedY : turnedY,
    ];
    return { x: (flippedX * picture.columns) / across, y: (flippedY * picture.rows) / down };
  };
  const corner = onPicture({ x: specified.left, y: specified.top });
  const opposite = onPicture({ x: specified.left + specified.width, y: specified.top + specified.height });
  const inArea = (fraction: number, one: number, other: number) => Math.min(one, other) + fraction * Math.abs(other - one);
  return (point, units) => {
    const { x, y } =
      units === 'PIXEL' ? onPicture(point) : { x: inArea(point.x, corner.x, opposite.x), y: inArea(point.y, corner.y, opposite.y) };
    return { x: bounded(x), y: bounded(y) };
  };
}

const bounded = (value: number): number => Math.max(-FARTHEST, Math.min(FARTHEST, value));

/** Numbers as SVG has them. */
export const number = (value: number): string => String(Math.round(value * 1000) / 1000);
export const written = ({ x, y }: GraphicPoint): string => `${number(x)},${number(y)}`;
