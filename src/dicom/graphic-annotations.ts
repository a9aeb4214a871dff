import { allNumbers, firstNumber, firstText, items, tag, type DicomJson, type Tag } from './dicom-json.js';
import type { DisplayColour } from './display-colour.js';
import { GRAPHIC_LAYER, graphicLayers, type GraphicLayer } from './graphic-layers.js';
import { isFor, type ReferencedFrame } from './presentation-state.js';

/**
 * PIXEL: pixels of the image, its upper left corner 0, 0, that of the next pixel right and down 1, 1.
 * DISPLAY: fractions of the displayed area as it lies on the screen, its upper left corner 0, 0 (PS3.3 C.10.5).
 */
export type GraphicUnits = 'PIXEL' | 'DISPLAY';

export interface GraphicPoint {
  readonly x: number;
  readonly y: number;
}

/** How many points a Graphic Type has, at least (PS3.3 C.10.5.1.2). */
const POINTS = { POINT: 1, POLYLINE: 2, INTERPOLATED: 2, CIRCLE: 2, ELLIPSE: 4 } as const;

export interface GraphicShape {
  readonly kind: 'shape';
  readonly type: keyof typeof POINTS;
  readonly isFilled: boolean;
  readonly units: GraphicUnits;
  readonly points: readonly GraphicPoint[];
  readonly colour: DisplayColour;
}

/** Text runs from one corner of its box to the opposite one; without a box it stands at its anchor. */
export interface GraphicText {
  readonly kind: 'text';
  readonly lines: readonly string[];
  readonly box?: {
    readonly units: GraphicUnits;
    readonly from: GraphicPoint;
    readonly to: GraphicPoint;
    readonly justification: 'LEFT' | 'CENTER' | 'RIGHT';
  };
  readonly anchor?: { readonly units: GraphicUnits; readonly at: GraphicPoint; readonly isMarked: boolean };
  readonly colour: DisplayColour;
}

export type Graphic = GraphicShape | GraphicText;

/** What a state draws on a frame, in the order to draw it; `undrawn` says in words, without values, what is left out. */
export interface GraphicAnnotations {
  readonly graphics: readonly Graphic[];
  /** of the first layer that has any */
  readonly lowestOrder: number;
  readonly undrawn: readonly string[];
}

const ANNOTATIONS = tag(0x0070, 0x0001);
const BOX_UNITS = tag(0x0070, 0x0003);
const ANCHOR_UNITS = tag(0x0070, 0x0004);
const GRAPHIC_UNITS = tag(0x0070, 0x0005);
const TEXT = tag(0x0070, 0x0006);
const TEXT_OBJECTS = tag(0x0070, 0x0008);
const GRAPHIC_OBJECTS = tag(0x0070, 0x0009);
const BOX_FROM = tag(0x0070, 0x0010);
const BOX_TO = tag(0x0070, 0x0011);
const JUSTIFICATION = tag(0x0070, 0x0012);
const ANCHOR = tag(0x0070, 0x0014);
const ANCHOR_VISIBLE = tag(0x0070, 0x0015);
const GRAPHIC_DATA = tag(0x0070, 0x0022);
const GRAPHIC_TYPE = tag(0x0070, 0x0023);
const FILLED = tag(0x0070, 0x0024);
const DIMENSIONS = tag(0x0070, 0x0020);
const COMPOUND_GRAPHICS = tag(0x0070, 0x0209);
/** Text Style, Line Style and Fill Style Sequence (PS3.3 C.10.5.1.3, C.10.5.1.4, C.10.5.1.5). */
const STYLES = [tag(0x0070, 0x0231), tag(0x0070, 0x0232), tag(0x0070, 0x0233)];
const MATRIX = 'graphics placed in the total pixel matrix';
const MALFORMED = 'graphics whose data are malformed';

/** What one picture may have drawn on it: beyond any reading, below what keeps a server busy. */
const MOST_POINTS = 20_000;
/** What a point of a curve counts for: it is drawn as so many short lines. */
const POINTS_OF_A_CURVE = 10;
const MOST_CHARACTERS = 10_000;
/** An inside is found in a time that grows with the crossings of its outline, at worst with its points squared. */
const MOST_FILLED_POINTS = 1_000;

/** The Graphic Annotations of a state for one frame (PS3.3 C.10.5), by layer. */
export function graphicAnnotations(state: DicomJson, shown: ReferencedFrame): GraphicAnnotations {
  const layerOf = graphicLayers(state);
  const undrawn = new Set<string>();
  const groups = items(state, ANNOTATIONS)
    .filter((item) => isFor(item, shown))
    .map((item) => ({ item, layer: layerOf(firstText(item, GRAPHIC_LAYER)) }))
    .sort((one, other) => (one.layer.order === other.layer.order ? 0 : one.layer.order - other.layer.order));
  const read = groups.flatMap(({ item, layer }) => {
    if (items(item, COMPOUND_GRAPHICS).length > 0) undrawn.add('compound graphics');
    const objects = [...items(item, GRAPHIC_OBJECTS), ...items(item, TEXT_OBJECTS)];
    if (objects.some((object) => STYLES.some((at) => object[at] !== undefined))) undrawn.add('line, fill and text styles');
    const shapes = items(item, GRAPHIC_OBJECTS).map((object) => shapeOf(object, layer));
    const texts = items(item, TEXT_OBJECTS).map((object) => textOf(object, layer));
    return [...shapes, ...texts].map((graphic) => ({ graphic, layer }));
  });
  const drawn = read.flatMap(({ graphic, layer }) => {
    if (typeof graphic !== 'string') return [{ graphic, layer }];
    undrawn.add(graphic);
    return [];
  });
  const kept = withinLimits(drawn);
  if (kept.length < drawn.length) undrawn.add('graphics of more points or characters than are drawn');
  const graphics = filledWithinLimits(kept.map(({ graphic }) => graphic));
  if (graphics.some((graphic, i) => graphic !== kept[i].graphic)) undrawn.add('the inside of graphics of so many points');
  return { graphics, lowestOrder: kept[0]?.layer.order ?? Infinity, undrawn: [...undrawn] };
}

/** One graphic object, or why it is none. */
function shapeOf(object: DicomJson, { colour }: GraphicLayer): GraphicShape | string {
  const units = unitsOf(object, GRAPHIC_UNITS);
  const type = firstText(object, GRAPHIC_TYPE)?.trim() ?? '';
  const numbers = allNumbers(object, GRAPHIC_DATA);
  if (units === undefined) return MATRIX;
  const isWhole = numbers.length % 2 === 0 && numbers.length === object[GRAPHIC_DATA]?.Value?.length; // what is no number shifts the pairs
  if (!isGraphicType(type) || !isWhole || (firstNumber(object, DIMENSIONS) ?? 2) !== 2) return MALFORMED;
  const points = Array.from({ length: numbers.length / 2 }, (_, i) => ({ x: numbers[2 * i], y: numbers[2 * i + 1] }));
  if (points.length < POINTS[type]) return MALFORMED;
  return { kind: 'shape', type, isFilled: firstText(object, FILLED)?.trim() === 'Y', units, points, colour };
}

/** One text object, or why it is none. */
function textOf(object: DicomJson, { colour }: GraphicLayer): GraphicText | string {
  const [boxUnits, anchorUnits] = [unitsOf(object, BOX_UNITS), unitsOf(object, ANCHOR_UNITS)];
  const [from, to, at] = [BOX_FROM, BOX_TO, ANCHOR].map((corner) => pointOf(object, corner));
  const boxed = from !== undefined && to !== undefined;
  if (!boxed && at === undefined) return MALFORMED;
  if ((boxed && boxUnits === undefined) || (at !== undefined && anchorUnits === undefined)) return MATRIX;
  const named = firstText(object, JUSTIFICATION)?.trim();
  const justification = named === 'CENTER' || named === 'RIGHT' ? named : 'LEFT';
  return {
    kind: 'text',
    lines: (firstText(object, TEXT) ?? '').trimEnd().split(/\r\n|\r|\n/),
    ...(boxed && boxUnits && { box: { units: boxUnits, from, to, justification } }),
    ...(at && anchorUnits && { anchor: { units: anchorUnits, at, isMarked: firstText(object, ANCHOR_VISIBLE)?.trim() === 'Y' } }),
    colour,
  };
}

const isGraphicType = (name: string): name is GraphicShape['type'] => Object.hasOwn(POINTS, name);

function unitsOf(object: DicomJson, at: Tag): GraphicUnits | undefined {
  const units = firstText(object, at)?.trim();
  return units === 'PIXEL' || units === 'DISPLAY' ? units : undefined;
}

function pointOf(object: DicomJson, at: Tag): GraphicPoint | undefined {
  const [x, y] = allNumbers(object, at);
  return y === undefined ? undefined : { x, y };
}

const drawnPoints = ({ type, points }: GraphicShape): number => points.length * (type === 'INTERPOLATED' ? POINTS_OF_A_CURVE : 1);

function withinLimits<T extends { readonly graphic: Graphic }>(drawn: readonly T[]): T[] {
  let [points, characters] = [0, 0];
  return drawn.filter(({ graphic }) => {
    if (graphic.kind === 'shape') points += drawnPoints(graphic);
    else characters += graphic.lines.reduce((sum, line) => sum + line.length + 1, 0);
    return points <= MOST_POINTS && characters <= MOST_CHARACTERS;
  });
}

/** Beyond the limit outlines are left. */
function filledWithinLimits(graphics: readonly Graphic[]): Graphic[] {
  let points = 0;
  return graphics.map((graphic) => {
    if (graphic.kind === 'text' || !graphic.isFilled) return graphic;
    points += drawnPoints(graphic);
    return points <= MOST_FILLED_POINTS ? graphic : { ...graphic, isFilled: false };
  });
}
