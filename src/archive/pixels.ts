import { EXPLICIT_VR_LITTLE_ENDIAN } from '../dicom/transfer-syntaxes.js';
import type { ImagePixels } from '../dicom/image-pixels.js';
import { byPlane } from '../pixels/native-frame.js';
import type { DecodedFrame } from '../pixels/decoded-frame.js';
import { NotWanted, UnsupportedPixels } from '../pixels/faults.js';
import type { DecodeJob, ImageForm, RenderedImage } from '../pixels/pixel-job.js';
import type { PixelPool } from '../pixels/pixel-pool.js';
import type { FrameBytes } from './frame-bytes.js';
import { lutData, type PixelDescriptions } from './pixel-descriptions.js';
import { presentedMarks } from './presented-marks.js';
import { presented, presentedGraphics, presentedViewport, viewportOf, type AppliedState, type RenderRequest } from './render-request.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { Retrieve } from './retrieve.js';

/** How a frame is shown; `text` is drawn into it. */
export interface FrameRequest extends RenderRequest {
  readonly frameNumber: number;
  readonly text?: readonly string[];
  readonly applied?: AppliedState;
}

/** A frame shown, through a state or by itself; `undrawn` says in words what the state asks for and is not drawn. */
export interface PresentedImage extends RenderedImage {
  readonly undrawn: readonly string[];
}

/** How frames 1 to `frames` are shown as one animation. */
export interface AnimationRequest extends RenderRequest {
  readonly frames: number;
  readonly text?: readonly string[];
  readonly mostSamples: number;
  readonly isWanted: () => boolean;
}

const formOf = (pixels: ImagePixels, { format, quality, viewport, iccProfile }: RenderRequest): ImageForm => ({
  format,
  ...(quality !== undefined && { quality }),
  ...(viewport !== undefined && { viewport: viewportOf(pixels, viewport) }),
  ...(iccProfile !== undefined && { iccProfile }),
});

const withoutViewport = ({ viewport: _viewport, ...request }: RenderRequest): RenderRequest => request;

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
    if (transferSyntaxUID === EXPLICIT_VR_LITTLE_ENDIAN) return this.nativeFrame(instance, frameNumber);
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    return (await this.pool.transcode({ pixels, frame: bytes, bitOffset, targetTransferSyntaxUID: transferSyntaxUID })).bytes;
  }

  /** Bits of one native frame; frames follow each other without a gap (PS3.5 8.1.1). @throws the faults of pixel descriptions */
  async frameBits(instance: PixelInstanceRow): Promise<number> {
    const { rows, columns, samplesPerPixel, bitsAllocated } = await this.descriptions.of(instance, 1);
    return rows * columns * samplesPerPixel * bitsAllocated;
  }

  /** Native samples as the instance's own attributes describe them: by plane where its Planar Configuration says so. */
  private async nativeFrame(instance: PixelInstanceRow, frameNumber: number): Promise<Uint8Array> {
    const { pixels, frame } = await this.decode(instance, frameNumber);
    const isWhole = frame.bytes.length === (frame.rows * frame.columns * frame.samplesPerPixel * frame.bitsAllocated) / 8;
    return pixels.planarConfiguration === 1 && isWhole ? byPlane(frame.bytes, frame) : frame.bytes;
  }

  /** LUT data that an instance leaves as bulk data, by BulkDataURI. Throws what Retrieve.bulkData does. */
  lutData(instance: PixelInstanceRow, uris: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    return lutData(this.retrieve, instance, uris);
  }

  /** A frame as an image for the eye: Modality, VOI and Presentation LUT applied (PS3.4 N.2), or a state with its marks. */
  async render(instance: PixelInstanceRow, { frameNumber, text, applied, ...request }: FrameRequest): Promise<PresentedImage> {
    const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
    const job = { pixels: presented(pixels, request, applied), frame: bytes, bitOffset, ...(text && { text }) };
    if (applied === undefined) return { ...(await this.pool.render({ ...job, ...formOf(pixels, request) })), undrawn: [] };
    const { covering, graphics, undrawn } = await presentedMarks(this.retrieve, instance, applied);
    const image = await this.pool.render({
      ...job,
      ...formOf(pixels, withoutViewport(request)),
      viewport: presentedViewport(pixels, request.viewport, applied),
      covering,
      graphics: presentedGraphics(pixels, graphics, applied),
    });
    return { ...image, undrawn };
  }

  /**
   * Frames as an animated GIF, drawn as `render` draws one.
   * @param frameMilliseconds  from a frame to the next
   * @throws as render does; NotWanted; UnsupportedPixels  together they have more samples than may be held
   */
  async animate(
    instance: PixelInstanceRow,
    { text, frames, mostSamples, isWanted, ...request }: AnimationRequest,
    frameMilliseconds: number,
  ) {
    const pixels = await this.descriptions.of(instance, 1);
    const { format: _, ...form } = formOf(pixels, request);
    const { columns, rows } = form.viewport ?? pixels;
    if (columns * rows * (pixels.samplesPerPixel === 1 ? 1 : 3) * frames > mostSamples)
      throw new UnsupportedPixels('an animation of so many frames of this size; a smaller viewport may do');
    const jobs = this.jobs(instance, frames, request, isWanted);
    return this.pool.animate(jobs, { ...form, ...(text && { text }) }, frameMilliseconds);
  }

  private async *jobs(instance: PixelInstanceRow, frames: number, request: RenderRequest, isWanted: () => boolean) {
    for (let frameNumber = 1; frameNumber <= frames; frameNumber++) {
      if (!isWanted()) throw new NotWanted();
      const { pixels, bytes, bitOffset } = await this.stored(instance, frameNumber);
      yield { pixels: presented(pixels, request, undefined), frame: bytes, bitOffset } satisfies DecodeJob;
    }
  }

  /** A frame that is not there is absent (404), whatever the description says; an instance without frames says why itself. */
  private async stored(instance: PixelInstanceRow, frameNumber: number): Promise<{ pixels: ImagePixels } & FrameBytes> {
    if (instance.frameTable !== null) this.retrieve.requireFrame(instance, frameNumber);
    const pixels = await this.descriptions.of(instance, frameNumber);
    return { pixels, ...(await this.retrieve.frame(instance, frameNumber)) };
  }
}
