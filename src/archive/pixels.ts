import { describePixels, lutBulkDataURIs, type ImagePixels } from '../dicom/image-pixels.js';
import type { DecodedFrame } from '../pixels/decoded-frame.js';
import type { RenderedImage } from '../pixels/pixel-job.js';
import type { PixelPool } from '../pixels/pixel-pool.js';
import type { FrameBytes } from './frame-bytes.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { Retrieve } from './retrieve.js';
import { storedDataset } from './studies.js';

/** How a frame is shown. */
export interface RenderRequest {
  readonly frameNumber: number;
  readonly format: 'png' | 'jpeg' | 'raw';
  readonly quality?: number;
  readonly viewport?: { readonly columns: number; readonly rows: number };
}

/** Decodes and renders stored frames, off the server's thread. */
export class Pixels {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pool: PixelPool,
  ) {}

  /** A frame's native samples, little endian, colour by pixel. Throws NotInArchive, the faults of pixel descriptions and the pixels room's faults. */
  async decode(instance: PixelInstanceRow, frameNumber: number): Promise<{ pixels: ImagePixels; frame: DecodedFrame }> {
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    return { pixels, frame: await this.pool.decode({ pixels, frame: bytes, bitOffset }) };
  }

  /** A frame as an image for the eye: Modality, VOI and Presentation LUT applied (PS3.4 N.2). */
  async render(instance: PixelInstanceRow, { frameNumber, ...form }: RenderRequest): Promise<RenderedImage> {
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    return this.pool.render({ pixels, frame: bytes, bitOffset, ...form });
  }

  /** A frame that is not there is absent (404), whatever the description says; an instance without frames says why itself. */
  private async stored(instance: PixelInstanceRow, frameNumber: number): Promise<{ pixels: ImagePixels } & FrameBytes> {
    if (instance.frameTable !== null) this.retrieve.requireFrame(instance, frameNumber);
    const pixels = await this.describe(instance, frameNumber);
    return { pixels, ...(await this.retrieve.frame(instance, frameNumber)) };
  }

  private async describe(instance: PixelInstanceRow, frameNumber: number): Promise<ImagePixels> {
    const dataset = storedDataset(instance.metadata);
    const bulk = new Map<string, Uint8Array>();
    for (const uri of lutBulkDataURIs(dataset)) bulk.set(uri, await this.retrieve.bulkData(instance, uri.replace(/^bulkdata\//, '')));
    return describePixels(dataset, instance.transferSyntaxUID, frameNumber, (uri) => bulk.get(uri));
  }
}
