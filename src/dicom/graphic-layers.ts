import { firstNumber, firstText, items, tag, type DicomJson } from './dicom-json.js';
import { displayColour, type DisplayColour } from './display-colour.js';

/** Where graphics and overlays are drawn, how: lower orders first (PS3.3 C.10.7). */
export interface GraphicLayer {
  readonly order: number;
  readonly colour: DisplayColour;
}

export const GRAPHIC_LAYER = tag(0x0070, 0x0002);
const LAYERS = tag(0x0070, 0x0060);
const ORDER = tag(0x0070, 0x0062);
const GREY = tag(0x0070, 0x0066);
const CIELAB = tag(0x0070, 0x0401);
const WHITE = 255;

/** The layers of a state by name; one that it does not describe is the last, and white. */
export function graphicLayers(state: DicomJson): (name: string | undefined) => GraphicLayer {
  const layers = new Map(
    items(state, LAYERS).map((item) => [
      firstText(item, GRAPHIC_LAYER)?.trim(),
      { order: firstNumber(item, ORDER) ?? Infinity, colour: displayColour(item, GREY, CIELAB, WHITE) },
    ]),
  );
  const other = { order: Infinity, colour: displayColour({}, GREY, CIELAB, WHITE) };
  return (name) => layers.get(name?.trim()) ?? other;
}
