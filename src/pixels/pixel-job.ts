import type { DisplayColour } from '../dicom/display-colour.js';
import type { DisplayShutter } from '../dicom/display-shutter.js';
import type { Graphic } from '../dicom/graphic-annotations.js';
import type { ImagePixels } from '../dicom/image-pixels.js';
import type { OverlayPlane } from '../dicom/overlay-plane.js';
import type { Region } from '../dicom/presentation-state.js';
import type { DecodedFrame } from './decoded-frame.js';
import type { EncodedFrame } from './encoded-frame.js';
import type { DecodingFault } from './faults.js';

/** One frame to decode. */
export interface DecodeJob {
  readonly pixels: ImagePixels;
  /** the bytes of exactly this frame, its fragments joined; their memory is handed over: afterwards the array is empty */
  readonly frame: Uint8Array;
  /** where in the first byte, or the first big-endian word, a native frame starts: 0 to 15 */
  readonly bitOffset?: number;
}

export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp' | 'jp2' | 'raw';

/** Which part of an image is shown, how large (PS3.18 8.3.5.1.3). */
export interface Viewport {
  /** the image is scaled to fit inside, its aspect kept; 1 to 16,384 each */
  readonly columns: number;
  readonly rows: number;
  /** pixels of the image; all of it unless given */
  readonly region?: Region;
  readonly flips?: readonly ('horizontal' | 'vertical')[];
  /** degrees clockwise, before the flips */
  readonly rotation?: 0 | 90 | 180 | 270;
}

/** What covers pixels of the image itself, before it is turned and scaled: the shutter, then overlays in their order. */
export interface Covering {
  readonly shutter?: Pick<DisplayShutter, 'shapes' | 'colour'>;
  readonly overlays: readonly { readonly plane: OverlayPlane; readonly colour: DisplayColour }[];
}

/** What is drawn on the picture as it is seen, turned and scaled. */
export interface DrawnGraphics {
  readonly graphics: readonly Graphic[];
  /** of the image, what the picture shows of it, and the area that fractions are of; both before the turn */
  readonly shown: Region;
  readonly specified: Region;
}

/** The form of a rendered image (PS3.18 8.3.5, 8.7.4). */
export interface ImageForm {
  /** raw: 8-bit samples, grey or RGB, row by row */
  readonly format: ImageFormat;
  /** of JPEG and WebP, 1 to 100 */
  readonly quality?: number;
  readonly viewport?: Viewport;
  readonly graphics?: DrawnGraphics;
  /** lines of text drawn into the image */
  readonly text?: readonly string[];
  /** the colour space that samples are converted to, and whose ICC profile goes with them; none unless given */
  readonly iccProfile?: 'srgb' | 'p3';
}

/** One frame to render. */
export interface RenderJob extends DecodeJob, ImageForm {
  readonly covering?: Covering;
}

/** 8-bit samples ready to show, row by row; RGB by pixel. */
export interface DisplayFrame {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
}

/** A rendered frame in the format asked for. */
export interface RenderedImage extends DisplayFrame {
  readonly mediaType: string;
}

/** One frame to show; `fitInto` tells how small it may come back. */
export interface DisplayJob extends DecodeJob {
  readonly covering?: Covering;
  readonly fitInto?: { readonly columns: number; readonly rows: number };
}

/** One frame to write in another transfer syntax. */
export interface TranscodeJob extends DecodeJob {
  readonly targetTransferSyntaxUID: string;
}

/** What the pool asks of a worker, one at a time. */
export type WorkerRequest =
  | { readonly kind: 'decode'; readonly job: DecodeJob }
  | { readonly kind: 'display'; readonly job: DisplayJob }
  | { readonly kind: 'transcode'; readonly job: TranscodeJob };

/** What a worker answers: a frame, or the fault that decodingFault makes anew. */
export type WorkerAnswer =
  | { readonly kind: 'decode'; readonly frame: DecodedFrame }
  | { readonly kind: 'display'; readonly frame: DisplayFrame }
  | { readonly kind: 'transcode'; readonly frame: EncodedFrame }
  | { readonly kind: 'fault'; readonly code: DecodingFault['code']; readonly reason: string };
