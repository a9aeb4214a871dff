import type { ImagePixels } from '../dicom/image-pixels.js';
import type { DecodedFrame } from './decoded-frame.js';
import type { EncodedFrame } from './encoded-frame.js';
import type { DecodingFault } from './faults.js';

/** One frame to decode. */
export interface DecodeJob {
  readonly pixels: ImagePixels;
  /** the bytes of exactly this frame, its fragments joined; their memory is handed over: afterwards the array is empty */
  readonly frame: Uint8Array;
  /** 0 to 7: where in the first byte a native frame of 1-bit pixels starts */
  readonly bitOffset?: number;
}

export type ImageFormat = 'png' | 'jpeg' | 'raw';

/** One frame to render (PS3.18 8.7.5, 10.4.1.1.4). */
export interface RenderJob extends DecodeJob {
  /** raw: 8-bit samples, grey or RGB, row by row */
  readonly format: ImageFormat;
  /** JPEG quality, 1 to 100 */
  readonly quality?: number;
  /** the image is scaled to fit inside, its aspect kept (PS3.18 8.3.5.1.3); 1 to 16,384 each */
  readonly viewport?: { readonly columns: number; readonly rows: number };
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
  readonly mediaType: 'image/png' | 'image/jpeg' | 'application/octet-stream';
}

/** One frame to write in another transfer syntax. */
export interface TranscodeJob extends DecodeJob {
  readonly targetTransferSyntaxUID: string;
}

/** What the pool asks of a worker, one at a time. */
export type WorkerRequest =
  { readonly kind: 'decode' | 'display'; readonly job: DecodeJob } | { readonly kind: 'transcode'; readonly job: TranscodeJob };

/** What a worker answers: a frame, or the fault that decodingFault makes anew. */
export type WorkerAnswer =
  | { readonly kind: 'decode'; readonly frame: DecodedFrame }
  | { readonly kind: 'display'; readonly frame: DisplayFrame }
  | { readonly kind: 'transcode'; readonly frame: EncodedFrame }
  | { readonly kind: 'fault'; readonly code: DecodingFault['code']; readonly reason: string };
