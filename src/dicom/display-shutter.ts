import { allNumbers, allTexts, firstNumber, tag, type DicomJson } from './dicom-json.js';
import { displayColour, type DisplayColour } from './display-colour.js';

/** What a shutter leaves to be seen, in pixels of the image; the upper left one is 1, 1 (PS3.3 C.7.6.11). */
export type ShutterShape =
  | { readonly kind: 'rectangle'; readonly left: number; readonly right: number; readonly upper: number; readonly lower: number }
  | { readonly kind: 'circle'; readonly row: number; readonly column: number; readonly radiusRows: number; readonly radiusColumns: number }
  | { readonly kind: 'polygon'; readonly vertices: readonly { readonly row: number; readonly column: number }[] };

/** Shapes that all apply: of the image is seen what is inside each of them. */
export interface DisplayShutter {
  readonly shapes: readonly ShutterShape[];
  readonly colour: DisplayColour;
  /** group of the overlay that covers the image where it is set (PS3.3 C.7.6.15) */
  readonly overlayGroup?: number;
  /** names a shape that cannot be read */
  readonly malformed: boolean;
}

const SHAPE = tag(0x0018, 0x1600);
const LEFT = tag(0x0018, 0x1602);
const RIGHT = tag(0x0018, 0x1604);
const UPPER = tag(0x0018, 0x1606);
const LOWER = tag(0x0018, 0x1608);
const CENTER = tag(0x0018, 0x1610);
const RADIUS = tag(0x0018, 0x1612);
const VERTICES = tag(0x0018, 0x1620);
const PRESENTATION_VALUE = tag(0x0018, 0x1622);
const OVERLAY_GROUP = tag(0x0018, 0x1623);
const PRESENTATION_COLOR = tag(0x0018, 0x1624);

/**
 * The Display Shutter or Bitmap Display Shutter of a state (PS3.3 C.7.6.11, C.7.6.15, C.11.12); black where it names no value.
 * @param pixelAspect  height of a pixel by its width: the radius of a circle counts pixels along a row
 */
export function displayShutter(state: DicomJson, pixelAspect: number): DisplayShutter | undefined {
  const names = allTexts(state, SHAPE).map((name) => name.trim());
  if (names.length === 0) return undefined;
  const shapes = names.filter((name) => name !== 'BITMAP').map((name) => shapeOf(state, name, pixelAspect));
  const overlayGroup = names.includes('BITMAP') ? (firstNumber(state, OVERLAY_GROUP) ?? NaN) : undefined;
  return {
    shapes: shapes.filter((shape) => shape !== undefined),
    colour: displayColour(state, PRESENTATION_VALUE, PRESENTATION_COLOR, 0),
    ...(overlayGroup !== undefined && { overlayGroup }),
    malformed: shapes.includes(undefined),
  };
}

function shapeOf(state: DicomJson, name: string, pixelAspect: number): ShutterShape | undefined {
  switch (name) {
    case 'RECTANGULAR': {
      const [left, right, upper, lower] = [LEFT, RIGHT, UPPER, LOWER].map((at) => firstNumber(state, at));
      if (left === undefined || right === undefined || upper === undefined || lower === undefined) return undefined;
      return { kind: 'rectangle', left, right, upper, lower };
    }
    case 'CIRCULAR': {
      const [row, column] = allNumbers(state, CENTER);
      const radius = firstNumber(state, RADIUS);
      if (column === undefined || radius === undefined) return undefined;
      return { kind: 'circle', row, column, radiusColumns: radius, radiusRows: radius / pixelAspect };
    }
    case 'POLYGONAL': {
      const numbers = allNumbers(state, VERTICES);
      if (numbers.length < 6 || numbers.length % 2 !== 0) return undefined;
      return {
        kind: 'polygon',
        vertices: Array.from({ length: numbers.length / 2 }, (_, i) => ({ row: numbers[2 * i], column: numbers[2 * i + 1] })),
      };
    }
    default:
      return undefined;
  }
}
