import type { Annotation } from '../dicom/annotation-text.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import type { ImagePixels } from '../dicom/image-pixels.js';
import { presentedArea, throughState, type ReferencedFrame } from '../dicom/presentation-state.js';
import type { VoiLutFunction, Window } from '../dicom/voi-lut.js';
import { RegionOutside } from '../pixels/faults.js';
import type { DrawnGraphics, ImageForm, Viewport } from '../pixels/pixel-job.js';
import type { PixelInstanceRow } from './retrieve.sql.js';

/** A viewport as it is asked for (PS3.18 8.3.5.1.3): what is left open is the image's own. */
export interface AskedViewport {
  readonly columns: number;
  readonly rows: number;
  /** pixels of the image; a negative width or height mirrors what it spans */
  readonly left?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
}

/** How an image is to be shown (PS3.18 8.3.5). */
export interface RenderRequest {
  readonly format: ImageForm['format'];
  readonly quality?: number;
  readonly viewport?: AskedViewport;
  readonly window?: Window & { readonly voiLutFunction: VoiLutFunction };
  readonly annotation?: readonly Annotation[];
  readonly iccProfile?: ImageForm['iccProfile'];
}

/** A presentation state that a frame is shown through. */
export interface AppliedState {
  readonly state: DicomJson;
  /** where the state is stored: what it leaves as bulk data is there */
  readonly instance: PixelInstanceRow;
  /** LUT data of the state by BulkDataURI */
  readonly luts: ReadonlyMap<string, Uint8Array>;
  readonly shown: ReferencedFrame;
}

/** The pixels as a presentation state wants them, if one is applied, then as the request does. */
export function presented(pixels: ImagePixels, request: RenderRequest, applied: AppliedState | undefined): ImagePixels {
  if (applied === undefined) return throughWindow(pixels, request);
  const { state, shown, instance, luts } = applied;
  const lutsOf = { transferSyntaxUID: instance.transferSyntaxUID, bulk: (uri: string) => luts.get(uri) };
  return throughWindow(throughState(pixels, state, shown, lutsOf), request);
}

/**
 * The viewport of an image shown through a presentation state: its displayed area, turned; of the request only the size.
 * @throws RegionOutside  the request names a region of its own (PS3.18 8.3.5.1.3 has none for presentation states)
 */
export function presentedViewport(pixels: ImagePixels, asked: AskedViewport | undefined, { state, shown }: AppliedState): Viewport {
  if (asked !== undefined && Object.keys(asked).length > 2) throw new RegionOutside();
  const { specified: _, ...area } = presentedArea(pixels, state, shown);
  const { width, height } = area.region ?? { width: pixels.columns, height: pixels.rows };
  const own = area.rotation % 180 === 0 ? { columns: width, rows: height } : { columns: height, rows: width };
  return { ...area, ...(asked ?? own) };
}

/** Graphics of a presentation state, with what places them on the picture. */
export function presentedGraphics(pixels: ImagePixels, graphics: DrawnGraphics['graphics'], { state, shown }: AppliedState): DrawnGraphics {
  const { region, specified } = presentedArea(pixels, state, shown);
  const whole = { left: 0, top: 0, width: pixels.columns, height: pixels.rows };
  return { graphics, shown: region ?? whole, specified: specified ?? whole };
}

/** The pixels with the window asked for in place of their own; colour has none (PS3.18 8.3.5.1.4). */
function throughWindow(pixels: ImagePixels, { window }: RenderRequest): ImagePixels {
  if (window === undefined) return pixels;
  const { voiLutFunction, ...one } = window;
  return { ...pixels, voi: { windows: [one], voiLutFunction, tables: [] } };
}

/** @throws RegionOutside  the region holds no pixel of the image */
export function viewportOf({ rows, columns }: ImagePixels, asked: AskedViewport): Viewport {
  const { left = 0, top = 0, width = columns - left, height = rows - top } = asked;
  const viewport = { columns: asked.columns, rows: asked.rows };
  if (asked.left === undefined && asked.top === undefined && asked.width === undefined && asked.height === undefined) return viewport;
  const region = { left: Math.round(left), top: Math.round(top), width: Math.round(Math.abs(width)), height: Math.round(Math.abs(height)) };
  if (region.width < 1 || region.height < 1) throw new RegionOutside();
  const flips = [...(width < 0 ? (['horizontal'] as const) : []), ...(height < 0 ? (['vertical'] as const) : [])];
  const isWhole = region.left === 0 && region.top === 0 && region.width === columns && region.height === rows;
  return { ...viewport, ...(isWhole ? {} : { region }), flips }; // the whole image is what no region is
}
