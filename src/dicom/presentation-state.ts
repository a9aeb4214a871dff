import { allNumbers, allTexts, firstNumber, firstText, items, tag, type DicomJson } from './dicom-json.js';
import { modalityTransform, voiOf } from './frame-transforms.js';
import { littleEndianLuts, lutBulkDataURIs, type ImagePixels } from './image-pixels.js';
import { LUT_DATA, LUT_DESCRIPTOR, readLookupTable, type BulkBytes } from './lookup-table.js';

const REFERENCED_SERIES = tag(0x0008, 0x1115);
const REFERENCED_IMAGES = tag(0x0008, 0x1140);
const REFERENCED_SOP_INSTANCE_UID = tag(0x0008, 0x1155);
const REFERENCED_FRAME_NUMBER = tag(0x0008, 0x1160);
const SOFTCOPY_VOI_LUT = tag(0x0028, 0x3110);
const MODALITY_LUT_SEQUENCE = tag(0x0028, 0x3000);
const RESCALE_SLOPE = tag(0x0028, 0x1053);
const DISPLAYED_AREAS = tag(0x0070, 0x005a);
const TOP_LEFT = tag(0x0070, 0x0052);
const BOTTOM_RIGHT = tag(0x0070, 0x0053);
const PIXEL_SPACING = tag(0x0070, 0x0101);
const PIXEL_ASPECT_RATIO = tag(0x0070, 0x0102);
const MASK_SUBTRACTION = tag(0x0028, 0x6100);
const HORIZONTAL_FLIP = tag(0x0070, 0x0041);
const ROTATION = tag(0x0070, 0x0042);
const PRESENTATION_LUT_SEQUENCE = tag(0x2050, 0x0010);
const PRESENTATION_LUT_SHAPE = tag(0x2050, 0x0020);

const STATES: ReadonlySet<string> = new Set(['1.2.840.10008.5.1.4.1.1.11.1', '1.2.840.10008.5.1.4.1.1.11.2']);

/** Whether a SOP Class is a Grayscale or Color Softcopy Presentation State (PS3.3 A.33.1, A.33.2). */
export const isPresentationState = (sopClassUID: string): boolean => STATES.has(sopClassUID);

/** One frame of an image, from 1: what the items of a state are for or not. */
export interface ReferencedFrame {
  readonly sopInstanceUID: string;
  readonly frame: number;
}

/** An image that a state is for; all of its frames unless some are named. */
export interface PresentedImage {
  readonly sopInstanceUID: string;
  readonly frames: readonly number[];
}

/** Pixels of an image, from 0. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where and how an image lies on the screen (PS3.3 C.10.4, C.10.6). */
export interface PresentedArea {
  /** what is shown of it; all unless given */
  readonly region?: Region;
  /** the Specified Displayed Area, which may reach beyond the image; the image unless given */
  readonly specified?: Region;
  readonly rotation: 0 | 90 | 180 | 270;
  readonly flips: readonly 'horizontal'[];
}

/** The images that a presentation state is for, in its order (PS3.3 C.11.11). */
export const presentedImages = (state: DicomJson): PresentedImage[] =>
  items(state, REFERENCED_SERIES)
    .flatMap((series) => items(series, REFERENCED_IMAGES))
    .flatMap((image) => {
      const sopInstanceUID = firstText(image, REFERENCED_SOP_INSTANCE_UID);
      return sopInstanceUID === undefined ? [] : [{ sopInstanceUID, frames: allNumbers(image, REFERENCED_FRAME_NUMBER) }];
    });

/** Whether the state subtracts a mask from frames (PS3.3 C.7.6.10, C.11.13). */
export const hasMask = (state: DicomJson): boolean => items(state, MASK_SUBTRACTION).length > 0;

/**
 * An image's pixels as a presentation state wants them seen (PS3.4 N.2.1): its Modality LUT, Softcopy VOI LUT and
 * Presentation LUT or its Shape take the place of the image's own; polarity is theirs alone.
 * @param bulk  LUT data of the state, in the byte order of its transfer syntax; which ones, stateLutURIs tells
 * @throws InvalidPixelDescription  a LUT Sequence that cannot be read
 */
export function throughState(
  pixels: ImagePixels,
  state: DicomJson,
  shown: ReferencedFrame,
  { transferSyntaxUID, bulk }: { readonly transferSyntaxUID: string; readonly bulk: BulkBytes },
): ImagePixels {
  if (!pixels.photometricInterpretation.startsWith('MONOCHROME')) return pixels;
  const voi = items(state, SOFTCOPY_VOI_LUT).find((item) => isFor(item, shown));
  const hasModality = state[MODALITY_LUT_SEQUENCE] !== undefined || firstNumber(state, RESCALE_SLOPE) !== undefined;
  const [table] = items(state, PRESENTATION_LUT_SEQUENCE);
  const lutBytes = littleEndianLuts(transferSyntaxUID, bulk);
  return {
    ...pixels,
    photometricInterpretation: 'MONOCHROME2',
    ...(hasModality && { modality: modalityTransform(state, 1, true, lutBytes) }),
    voi: voi === undefined ? { windows: [], voiLutFunction: 'LINEAR', tables: [] } : voiOf(voi, 1, true, lutBytes),
    ...(table && { presentationLut: readLookupTable(table, LUT_DESCRIPTOR, LUT_DATA, false, lutBytes) }),
    presentationLutShape: firstText(state, PRESENTATION_LUT_SHAPE)?.trim() === 'INVERSE' ? 'INVERSE' : 'IDENTITY',
  };
}

/** The BulkDataURIs of a state's LUT data. */
export const stateLutURIs = (state: DicomJson): string[] => [state, ...items(state, SOFTCOPY_VOI_LUT)].flatMap(lutBulkDataURIs);

/** The displayed area of a frame, cut to what the image has, its rotation and flip. */
export function presentedArea({ rows, columns }: ImagePixels, state: DicomJson, shown: ReferencedFrame): PresentedArea {
  const rotation = [90, 180, 270].find((degrees) => degrees === firstNumber(state, ROTATION)) as PresentedArea['rotation'] | undefined;
  const flips = firstText(state, HORIZONTAL_FLIP)?.trim() === 'Y' ? (['horizontal'] as const) : [];
  const area = areaItem(state, shown);
  const turned = { rotation: rotation ?? 0, flips };
  if (area === undefined) return turned;
  const [[left, top], [right, bottom]] = [allNumbers(area, TOP_LEFT), allNumbers(area, BOTTOM_RIGHT)];
  const between = (first: number, last: number) => ({ at: Math.min(first, last) - 1, length: Math.abs(last - first) + 1 }); // either corner may be the first after a turn
  const within = ({ at, length }: ReturnType<typeof between>, size: number) => {
    const [low, high] = [Math.max(0, at), Math.min(size, at + length)];
    return high > low ? { at: low, length: high - low } : undefined;
  };
  const regionOf = (x: ReturnType<typeof between>, y: typeof x): Region => ({ left: x.at, top: y.at, width: x.length, height: y.length });
  const [across, down] = [between(left, right), between(top, bottom)];
  const [shownAcross, shownDown] = [within(across, columns), within(down, rows)];
  if (shownAcross === undefined || shownDown === undefined) return turned;
  return { ...turned, region: regionOf(shownAcross, shownDown), specified: regionOf(across, down) };
}

/** The height of a pixel by its width, as the state has it on the screen (PS3.3 C.10.4); 1 unless it says otherwise. */
export function presentedPixelAspect(state: DicomJson, shown: ReferencedFrame): number {
  const area = areaItem(state, shown) ?? {};
  const [height, width] = [PIXEL_SPACING, PIXEL_ASPECT_RATIO].map((at) => allNumbers(area, at)).find(({ length }) => length === 2) ?? [
    1, 1,
  ];
  return height > 0 && width > 0 ? height / width : 1;
}

const areaItem = (state: DicomJson, shown: ReferencedFrame): DicomJson | undefined =>
  items(state, DISPLAYED_AREAS).find((item) => isFor(item, shown));

/**
 * Whether an item of a state is for a frame (PS3.3 C.10.4, C.10.5, C.11.8): it names no image, or this one with no frame
 * or this frame among others (Image SOP Instance Reference Macro, table 10-3).
 */
export function isFor(item: DicomJson, { sopInstanceUID, frame }: ReferencedFrame): boolean {
  const images = items(item, REFERENCED_IMAGES);
  return (
    images.length === 0 ||
    images.some((image) => {
      const frames = allNumbers(image, REFERENCED_FRAME_NUMBER);
      return allTexts(image, REFERENCED_SOP_INSTANCE_UID).includes(sopInstanceUID) && (frames.length === 0 || frames.includes(frame));
    })
  );
}
