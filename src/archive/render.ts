import { createHash } from 'node:crypto';
import { annotationLines } from '../dicom/annotation-text.js';
import { frameMilliseconds } from '../dicom/frame-time.js';
import type { Database } from '../database/database.js';
import { NoPixelData } from '../dicom/pixel-faults.js';
import { presentedImages, stateLutURIs } from '../dicom/presentation-state.js';
import { UnsupportedPixels } from '../pixels/faults.js';
import { contentVersion } from './content-version.js';
import { ByteCache } from './byte-cache.js';
import { NotInArchive } from './faults.js';
import type { Pixels } from './pixels.js';
import { imageAt, imagesByUid, imagesOf, middleImageOf, type ImageRow } from './render.sql.js';
import type { AppliedState, RenderRequest } from './render-request.js';
import { levelOf, pixelInstances, stateAt, type ArchivePath, type PixelInstanceRow } from './retrieve.sql.js';
import { storedDataset } from './studies.js';

const MOST_ANIMATED_SAMPLES = 256 * 2 ** 20;
/** Some minutes of a cine loop. */
const MOST_ANIMATED_FRAMES = 4_096;

/** A rendered image, ready to be sent. */
export interface RenderedAnswer {
  readonly body: Uint8Array;
  readonly mediaType: string;
  /** what the state that it is shown through asks for, and is not drawn: in words, without values */
  readonly undrawn: readonly string[];
  /** of what the bytes are made from: the same for the same bytes */
  readonly version: string;
  /** memory held, for the cache */
  readonly bytes: number;
}

/** A frame to be shown through a presentation state. */
export interface PresentedFrame {
  readonly image: ImageRow;
  readonly frame: number;
  /** `version` is the same for the same state */
  readonly through: AppliedState & { readonly version: string };
}

/** An image that a state is for; all of its frames unless some are named. */
interface NamedFrames {
  readonly image: ImageRow;
  readonly frames: readonly number[];
}

/** Images for the eye (PS3.18 10.4.1.1.3, 10.4.1.1.4): made once, kept in memory as long as there is room. */
export class Render {
  /** By file, revision, frame and request: an edited attribute makes another key. */
  private readonly kept: ByteCache<RenderedAnswer>;

  constructor(
    private readonly database: Database,
    private readonly pixels: Pixels,
    limits: { readonly cacheBytes: number },
  ) {
    this.kept = new ByteCache(limits.cacheBytes);
  }

  /** One instance, image or not. @throws NotInArchive */
  async instance(path: Required<ArchivePath>): Promise<ImageRow> {
    const found = await this.database.statement((tx) => imageAt(tx, path));
    if (found === undefined) throw new NotInArchive('instance');
    return found;
  }

  /** The images of a study or series. @throws NotInArchive; NoPixelData  it has none */
  async images(path: ArchivePath): Promise<ImageRow[]> {
    const found = await this.database.statement((tx) => imagesOf(tx, path));
    const images = found.filter(({ frames }) => frames > 0);
    return images.length > 0 ? images : this.nothingToShow(path);
  }

  /** The image that shows best what a study or series is of. @throws NotInArchive; NoPixelData  it has no image */
  async representative(path: ArchivePath): Promise<ImageRow> {
    const found = await this.database.statement((tx) => middleImageOf(tx, path));
    return found ?? this.nothingToShow(path);
  }

  /**
   * One frame.
   * @throws NotInArchive  no such frame; NoPixelData  no image; the faults of pixel descriptions and of the pixels room
   */
  frame(image: ImageRow, frameNumber: number, request: RenderRequest, applied?: PresentedFrame['through']): Promise<RenderedAnswer> {
    const through = applied === undefined ? '' : ` shown through ${applied.version}`;
    return this.made(image, `frame ${frameNumber}${through}`, request, (instance) =>
      this.pixels.render(instance, { frameNumber, ...request, text: textOf(instance, request), ...(applied && { applied }) }),
    );
  }

  /**
   * The frames that a presentation state is for, and are here, to be shown through it (PS3.18 10.4.1.1.3), and their images.
   * @throws NoPixelData  none of its images is here; UnsupportedPixels  what it asks for cannot be drawn
   */
  async presented(study: string, row: ImageRow): Promise<{ frames: Iterable<PresentedFrame>; images: readonly ImageRow[] }> {
    const [instance] = await this.database.statement((tx) => pixelInstances(tx, [row.id]));
    if (instance === undefined) throw new NotInArchive('instance');
    const state = storedDataset(instance.metadata);
    const wanted = presentedImages(state);
    const uids = wanted.map(({ sopInstanceUID }) => sopInstanceUID);
    const here = new Map((await this.database.statement((tx) => imagesByUid(tx, study, uids))).map((one) => [one.sopInstanceUID, one]));
    const found = wanted.flatMap(({ sopInstanceUID, frames }): NamedFrames[] => {
      const image = here.get(sopInstanceUID);
      return image === undefined || image.frames === 0 ? [] : [{ image, frames }];
    });
    if (found.length === 0) throw new NoPixelData();
    const luts = await this.pixels.lutData(instance, stateLutURIs(state));
    return {
      frames: framesThrough(found, { state, instance, luts, version: contentVersion(row) }),
      images: found.map(({ image }) => image),
    };
  }

  /**
   * All frames as an animated GIF, at the instance's own pace.
   * @param isWanted  asked before each frame: whoever asked for them may have gone
   * @throws UnsupportedPixels  too many samples or frames; NotWanted; else as frame does
   */
  animation(image: ImageRow, request: RenderRequest, isWanted: () => boolean): Promise<RenderedAnswer> {
    if (image.frames > MOST_ANIMATED_FRAMES)
      throw new UnsupportedPixels(`an animation of more than ${MOST_ANIMATED_FRAMES} frames; single frames may do`);
    return this.made(image, 'animation', request, async (instance) => {
      const text = textOf(instance, request);
      const pace = frameMilliseconds(storedDataset(instance.metadata));
      return this.pixels.animate(instance, { ...request, text, frames: image.frames, mostSamples: MOST_ANIMATED_SAMPLES, isWanted }, pace);
    });
  }

  private async nothingToShow(path: ArchivePath): Promise<never> {
    const state = await this.database.statement((tx) => stateAt(tx, path));
    throw state === undefined ? new NotInArchive(levelOf(path)) : new NoPixelData();
  }

  private async made(
    image: ImageRow,
    what: string,
    request: RenderRequest,
    make: (instance: PixelInstanceRow) => Promise<{ bytes: Uint8Array; mediaType: string; undrawn?: readonly string[] }>,
  ): Promise<RenderedAnswer> {
    const version = createHash('sha1')
      .update(JSON.stringify([contentVersion(image), what, request]))
      .digest('hex');
    const kept = this.kept.get(version);
    if (kept !== undefined) return kept;
    const [instance] = await this.database.statement((tx) => pixelInstances(tx, [image.id]));
    if (instance === undefined) throw new NotInArchive('instance');
    if (instance.frameTable?.kind === 'video') throw new UnsupportedPixels('video is given as it is, not frame by frame');
    if (instance.frameTable === null) throw new NoPixelData();
    const { bytes: body, mediaType, undrawn = [] } = await make(instance);
    const answer = { body, mediaType, undrawn, version, bytes: body.length };
    this.kept.set(version, answer);
    return answer;
  }
}

/** One by one: a file of a few megabytes may have millions of frames, and a state may name it many times. */
function* framesThrough(named: readonly NamedFrames[], through: Omit<PresentedFrame['through'], 'shown'>): Generator<PresentedFrame> {
  for (const { image, frames } of named) {
    const { sopInstanceUID } = image;
    for (const frame of frames.length > 0 ? frames : upTo(image.frames))
      yield { image, frame, through: { ...through, shown: { sopInstanceUID, frame } } };
  }
}

function* upTo(last: number): Generator<number> {
  for (let frame = 1; frame <= last; frame++) yield frame;
}

const textOf = (instance: PixelInstanceRow, { annotation }: RenderRequest): string[] =>
  annotation === undefined ? [] : annotationLines(storedDataset(instance.metadata), annotation);
