import type { DisplayColour } from '../dicom/display-colour.js';
import { letterScale } from './burn-text.js';
import { fillOf, shapeMarkup, strokeOf } from './draw-shape.js';
import { Glyphs, textMarkup } from './draw-text.js';
import type { DisplayFrame, DrawnGraphics, Viewport } from './pixel-job.js';
import { placing } from './placing.js';

/**
 * The graphics of a state as an SVG of the picture's size (PS3.3 C.10.5), which libvips draws on its own threads. Text has
 * our own letters: a server may have no fonts.
 */
export function graphicsSvg(
  drawn: DrawnGraphics,
  turn: Pick<Viewport, 'rotation' | 'flips'>,
  picture: Omit<DisplayFrame, 'bytes'>,
): string {
  const place = placing(drawn, turn, picture);
  const scale = letterScale(picture);
  const glyphs = new Glyphs();
  const marks = drawn.graphics.map((graphic) => {
    const colour = cssColour(graphic.colour, picture.channels);
    return graphic.kind === 'shape'
      ? `<g ${strokeOf(colour, scale)} ${fillOf(graphic, colour)}>${shapeMarkup(graphic, place, scale)}</g>`
      : textMarkup(graphic, { place, picture, scale, glyphs, colour, stroke: strokeOf(colour, scale) });
  });
  const { columns, rows } = picture;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${columns}" height="${rows}"><defs>${glyphs.markup()}</defs>${marks.join('')}</svg>`;
}

const cssColour = ({ grey, rgb }: DisplayColour, channels: DisplayFrame['channels']): string =>
  `rgb(${(channels === 1 ? [grey, grey, grey] : rgb).join(',')})`;
