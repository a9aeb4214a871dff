import { allNumbers, firstNumber, firstText, tag, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';

/** One plane of bits over an image (PS3.3 C.9.2). */
export interface OverlayPlane {
  readonly rows: number;
  readonly columns: number;
  /** of its first bit, in pixels of the image from 0; may lie outside */
  readonly top: number;
  readonly left: number;
  /** row by row, the first bit of a byte the lowest */
  readonly bits: Uint8Array;
  /** where in `bits` the plane begins */
  readonly bitOffset: number;
}

/** Bytes of all planes of a group that are held: no display has more. */
export const MOST_OVERLAY_BYTES = 16 * 2 ** 20;
const FIRST_GROUP = 0x6000;
const GROUPS = 16;

/** Groups of overlays that a state activates, with the layer of each (PS3.3 C.11.7). */
export const activatedOverlays = (state: DicomJson): { readonly group: number; readonly layer: string }[] =>
  Array.from({ length: GROUPS }, (_, i) => FIRST_GROUP + 2 * i).flatMap((group) => {
    const layer = firstText(state, tag(group, 0x1001))?.trim();
    return layer === undefined || layer === '' ? [] : [{ group, layer }];
  });

/** The Overlay Data of a group; undefined where there are none, as where the bits lie in unused bits of the Pixel Data (retired). */
export const overlayData = (dataset: DicomJson, group: number): DicomElement | undefined => dataset[tag(group, 0x3000)];

/** Whether a data set has an overlay of a group, wherever its bits are. */
export const hasOverlay = (dataset: DicomJson, group: number): boolean => dataset[tag(group, 0x0010)] !== undefined;

/**
 * How many bytes the planes of a group have.
 * @returns undefined where the attributes cannot be used, or are of more than may be held
 */
export function overlayBytes(dataset: DicomJson, group: number): number | undefined {
  const shape = shapeOf(dataset, group);
  const bytes = shape && Math.ceil((shape.rows * shape.columns * shape.frames) / 8);
  return bytes !== undefined && bytes <= MOST_OVERLAY_BYTES ? bytes : undefined;
}

/**
 * The plane of a group that lies over a frame.
 * @param bits  of all planes, at least as many as overlayBytes says
 * @returns undefined where none lies over this frame (Image Frame Origin), or the attributes cannot be used
 */
export function overlayPlane(dataset: DicomJson, group: number, frame: number, bits: Uint8Array): OverlayPlane | undefined {
  const shape = shapeOf(dataset, group);
  const [top = 1, left = 1] = allNumbers(dataset, tag(group, 0x0050));
  if (shape === undefined) return undefined;
  const { rows, columns, frames, isOfFrames } = shape;
  const plane = isOfFrames ? frame - (firstNumber(dataset, tag(group, 0x0051)) ?? 1) : 0;
  if (plane < 0 || plane >= frames) return undefined;
  return { rows, columns, top: Math.round(top) - 1, left: Math.round(left) - 1, bits, bitOffset: plane * rows * columns };
}

function shapeOf(dataset: DicomJson, group: number) {
  const at = (element: number): Tag => tag(group, element);
  const [rows, columns] = [firstNumber(dataset, at(0x0010)) ?? 0, firstNumber(dataset, at(0x0011)) ?? 0];
  const framesGiven = firstNumber(dataset, at(0x0015));
  const frames = framesGiven ?? 1;
  const isBits = (firstNumber(dataset, at(0x0100)) ?? 1) === 1 && (firstNumber(dataset, at(0x0102)) ?? 0) === 0;
  const whole = [rows, columns, frames].every((count) => Number.isInteger(count) && count > 0);
  return isBits && whole ? { rows, columns, frames, isOfFrames: framesGiven !== undefined } : undefined;
}
