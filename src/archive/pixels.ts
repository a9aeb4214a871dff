import { EXPLICIT_VR_LITTLE_ENDIAN } from '../dicom/transfer-syntaxes.js';
import type { ImagePixels } from '../dicom/image-pixels.js';
import type { DecodedFrame } from '../pixels/decoded-frame.js';
import type { RenderedImage } from '../pixels/pixel-job.js';
import type { PixelPool } from '../pixels/pixel-pool.js';
import type { FrameBytes } from './frame-bytes.js';
import type { PixelDescriptions } from './pixel-descriptions.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { Retrieve } from './retrieve.js';

/** How a frame is shown. */
export interface RenderRequest {
  readonly frameNumber: number;
  readonly format: 'png' | 'jpeg' | 'raw';
  readonly quality?: number;
  readonly viewport?: { readonly columns: number; readonly rows: number };
}

/** Decodes, transcodes and renders stored frames, off the server's thread. */
export class Pixels {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pool: PixelPool,
    private readonly descriptions: PixelDescriptions,
  ) {}

  /** A frame's native samples, little endian, colour by pixel. Throws NotInArchive, the faults of pixel descriptions and the pixels room's faults. */
  async decode(instance: PixelInstanceRow, frameNumber: number): Promise<{ pixels: ImagePixels; frame: DecodedFrame }> {
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    return { pixels, frame: await this.pool.decode({ pixels, frame: bytes, bitOffset }) };
  }

  /**
   * A frame's bytes in a transfer syntax, as frames/{list} gives them (PS3.18 10.4.1.1.6): the stored ones where it is the
   * instance's own and encapsulated. JPEG Baseline is lossy, and made of 8-bit samples only.
   * @throws as decode does; UnsupportedTransferSyntax, UnsupportedPixels  cannot be written so
   */
  async transcodeFrame(instance: PixelInstanceRow, frameNumber: number, transferSyntaxUID: string): Promise<Uint8Array> {
    const asStored = transferSyntaxUID === instance.transferSyntaxUID && instance.frameTable?.kind === 'encapsulated';
    if (asStored) return (await this.retrieve.frame(instance, frameNumber)).bytes;
    if (transferSyntaxUID === EXPLICIT_VR_LITTLE_ENDIAN) return (await this.decode(instance, frameNumber)).frame.bytes;
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    return (await this.pool.transcode({ pixels, frame: bytes, bitOffset, targetTransferSyntaxUID: transferSyntaxUID })).bytes;
  }

  /** A frame as an image for the eye: Modality, VOI and Presentation LUT applied (PS3.4 N.2). */
  async render(instance: PixelInstanceRow, { frameNumber, ...form }: RenderRequest): Promise<RenderedImage> {
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    return this.pool.render({ pixels, frame: bytes, bitOffset, ...form });
  }

  /** A frame that is not there is absent (404), whatever the description says; an instance without frames says why itself. */
  private async stored(instance: PixelInstanceRow, frameNumber: number): Promise<{ pixels: ImagePixels } & FrameBytes> {
    if (instance.frameTable !== null) this.retrieve.requireFrame(instance, frameNumber);
    const pixels = await this.descriptions.of(instance, frameNumber);
    return { pixels, ...(await this.retrieve.frame(instance, frameNumber)) };
  }
}
