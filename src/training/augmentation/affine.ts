import type { Random } from '../random.js';
import type { AugmentationSettings } from './settings.js';

/** Where a pixel (x, y) is taken from: (xx · x + xy · y + x0, yx · x + yy · y + y0), pixel centres at whole numbers. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

export interface Movement {
  /** Degrees, counter-clockwise as the picture is seen. */
  readonly degrees: number;
  readonly zoom: number;
  /** Factor by which the width grows against the height; the area stays. */
  readonly stretch: number;
  /** Pixels to the right and down. */
  readonly right: number;
  readonly down: number;
  readonly flipped: boolean;
}

/** Flip, zoom, stretch and rotation about the picture's centre, then the shift, as one map back from the new picture to the old. */
export function affineOf({ degrees, zoom, stretch, right, down, flipped }: Movement, rows: number, columns: number): Affine {
  const angle = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [wider, higher] = [zoom * Math.sqrt(stretch), zoom / Math.sqrt(stretch)];
  const side = flipped ? -1 : 1;
  const [centreX, centreY] = [(columns - 1) / 2, (rows - 1) / 2];
  const [xx, xy, yx, yy] = [(side * cosine) / wider, (side * -sine) / wider, sine / higher, cosine / higher];
  const [awayX, awayY] = [centreX + right, centreY + down];
  return { xx, xy, x0: centreX - xx * awayX - xy * awayY, yx, yy, y0: centreY - yx * awayX - yy * awayY };
}

/** Draws a movement; undefined where nothing moves. With the same settings, always draws as many numbers. */
export function drawMovement(
  { rotation, flip, zoom, shift, stretch }: AugmentationSettings,
  rows: number,
  columns: number,
  random: Random,
): Movement | undefined {
  const [turned, flipped, zoomed, shifted] = [rotation, flip, zoom, shift].map(({ probability }) => random.chance(probability));
  const [degrees, factor] = [random.between(-rotation.degrees, rotation.degrees), random.between(zoom.least, zoom.most)];
  const [right, down] = [random.between(-shift.share, shift.share) * columns, random.between(-shift.share, shift.share) * rows];
  const stretched = stretch.probability > 0 && random.chance(stretch.probability);
  const ratio = stretch.probability > 0 ? random.between(Math.log(stretch.least), Math.log(stretch.most)) : 0;
  if (!turned && !flipped && !zoomed && !shifted && !stretched) return undefined;
  return {
    degrees: turned ? degrees : 0,
    zoom: zoomed ? factor : 1,
    stretch: stretched ? Math.exp(ratio) : 1,
    right: shifted ? right : 0,
    down: shifted ? down : 0,
    flipped,
  };
}
