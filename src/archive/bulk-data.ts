import { isPixelData } from '../dicom/bulk-data.js';
import type { Tag } from '../dicom/dicom-json.js';
import type { ByteRange } from '../dicom/frame-table.js';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../dicom/transfer-syntaxes.js';
import { Fault } from '../faults.js';
import { littleEndianRange } from './bulk-values.js';
import { NotInArchive } from './faults.js';
import { madeFrames } from './made-frames.js';
import { onwards } from './onwards.js';
import type { Pixels } from './pixels.js';
import type { Retrieve, Seen } from './retrieve.js';
import type { ArchivePath, FoundInstanceRow, PixelInstanceRow } from './retrieve.sql.js';
import type { ObjectReader, Segment } from './stored-bytes.js';
import { joinedBits } from './transcoded-pixel-data.js';

/** A form that a value can be given in. */
export interface BulkForm {
  readonly mediaType: string;
  /** Of pixel data; undefined of other values. */
  readonly transferSyntaxUID: string | undefined;
  /** In one piece: not of several frames, unless as native samples. */
  readonly alone: boolean;
}

/** How values are asked for. */
export interface BulkRequest {
  /** The forms accepted, best first, of pixel data that lie in a transfer syntax, or of what is no pixel data (undefined). */
  readonly forms: (lyingAs: string | undefined) => readonly BulkForm[];
  /** What is thrown where a value has none of them. */
  readonly refusal: Fault;
  /** Whether whoever asked is still there. */
  readonly isWanted: () => boolean;
}

/** A bulk value, or one frame of it, as it is given out: little endian. */
export interface GivenValue {
  readonly instance: PixelInstanceRow;
  /** Where it stands: tags and item numbers, `00081140/1/00081155`. */
  readonly path: string;
  readonly form: BulkForm;
  /** Ranges of the file, where it can go out as it lies there. */
  readonly segments?: readonly Segment[];
  /** Bytes. */
  readonly length: number;
  readonly open: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

type Given = AsyncIterable<GivenValue> | readonly GivenValue[];

/** A value as it lies in the archive. */
interface LyingValue {
  readonly instance: PixelInstanceRow;
  readonly place: PixelInstanceRow['bulkData'][number];
  /** Of pixel data: compressed ones have their own, native ones that of any native file; undefined of other values. */
  readonly lyingAs: string | undefined;
}

/** What stands against these pixels and will again: absent, not in this form, not decodable. */
const OF_THE_PIXELS: ReadonlySet<number> = new Set([404, 406, 422]);

/** Bulk data and pixel data of a study, series or instance (PS3.18 10.4.1.1.5). */
export class BulkData {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pixels: Pixels,
    private readonly storage: ObjectReader,
  ) {}

  /**
   * One value by the path that its BulkDataURI ends with, its frames made. Whoever gives it puts what is seen on record. Throws
   * NotInArchive and the faults of the frames.
   */
  async one(at: Required<ArchivePath>, path: string, asked: BulkRequest): Promise<{ given: Given; seen: Seen }> {
    const instance = await this.retrieve.pixelInstance(at);
    const [value] = valuesOf(instance, (one) => one === path);
    if (value === undefined) throw new NotInArchive('bulk data');
    const given = await this.given(value, asked, 'alone');
    const { studyRow, whose, id } = instance;
    return { given, seen: { studyRow, whose, what: 'pixels', instances: [id] } };
  }

  /**
   * All values of the instances that were found at a path, or their pixel data alone, instance by instance. The first is made when this
   * returns; whoever gives them puts what is seen on record.
   * Of several, one whose samples cannot be made is given as stored where that may be, and left out otherwise.
   * @throws NotInArchive  there is none; the fault of the first where none could be given
   */
  all(found: readonly FoundInstanceRow[], which: 'bulk data' | 'pixel data', asked: BulkRequest): Promise<Given> {
    const chosen = which === 'bulk data' ? () => true : (path: string) => isPixelData(path as Tag); // a path of one step is a tag
    return this.chosen(valuesAt(this.retrieve.pixelInstancesOf(found), chosen), asked);
  }

  /** Values of several instances, the first of them made. Throws as `all` does. */
  private async chosen(lying: AsyncGenerator<LyingValue, undefined>, asked: BulkRequest): Promise<Given> {
    const [one, another] = [await lying.next(), await lying.next()];
    if (one.done) throw new NotInArchive('bulk data');
    if (another.done) return this.given(one.value, asked, 'alone');
    const values = this.each(onwards([one.value, another.value], lying), asked);
    const { value: first, done } = await values.next();
    if (done) throw new NotInArchive('bulk data');
    return onwards([first], values);
  }

  /** The values in order, each made when its turn comes. Throws the first one's fault where none can be given. */
  private async *each(lying: AsyncIterable<LyingValue>, asked: BulkRequest): AsyncGenerator<GivenValue, undefined> {
    let refused: Fault | undefined;
    let given = false;
    for await (const value of lying) {
      const found = await this.given(value, asked, 'among others').catch(ofThePixels);
      // What stands against pixels says more than that another value is not of the kind.
      if (found instanceof Fault) refused = refused === undefined || refused === asked.refusal ? found : refused;
      else {
        given = true;
        yield* found;
      }
    }
    if (!given && refused) throw refused;
  }

  /**
   * A value in the best form that it can have. Among others, what cannot be decoded may still be as it is stored.
   * @throws the fault of the best form; the request's refusal where none is of its kind
   */
  private async given(value: LyingValue, asked: BulkRequest, standing: 'alone' | 'among others'): Promise<Given> {
    let refused: Fault | undefined;
    let isDecodable = true;
    for (const form of asked.forms(value.lyingAs)) {
      if (!isDecodable && form.transferSyntaxUID !== value.lyingAs) continue;
      const found = await this.givenAs(form, value, asked).catch(ofThePixels);
      if (!(found instanceof Fault)) return found;
      if (standing === 'alone' && found.status === 422) throw found;
      isDecodable &&= found.status !== 422;
      refused ??= found;
    }
    throw refused ?? asked.refusal;
  }

  private async givenAs(form: BulkForm, value: LyingValue, { refusal, isWanted }: BulkRequest): Promise<Given> {
    const { instance, place, lyingAs } = value;
    const { transferSyntaxUID } = form;
    const { frameTable: table } = instance;
    const isNative = lyingAs === EXPLICIT_VR_LITTLE_ENDIAN;
    const asItLies = transferSyntaxUID === lyingAs;
    if (transferSyntaxUID === undefined || (asItLies && isNative)) return [this.whole(form, value)];
    const about = { instance, path: place.path, form };
    const pieces = table?.kind === 'video' ? [table.fragments] : table?.kind === 'encapsulated' ? table.frames : [];
    const frames = table?.kind === 'native' ? table.frames : pieces.length;
    if (frames === 0) throw new NotInArchive('frame');
    if (form.alone && frames > 1 && transferSyntaxUID !== EXPLICIT_VR_LITTLE_ENDIAN) throw refusal;
    if (asItLies)
      return pieces.map((ranges) => {
        const segments = ranges.map(([offset, length]) => ({ sha256: instance.sha256, offset, length }));
        return { ...about, segments, length: lengthOf(ranges), open: () => this.retrieve.stream(segments) };
      });
    const made = await madeFrames(frames, (place) => this.pixels.transcodeFrame(instance, place + 1, transferSyntaxUID), isWanted);
    if (transferSyntaxUID !== EXPLICIT_VR_LITTLE_ENDIAN) return eachFrame(made.open(), about);
    const frameBits = await this.pixels.frameBits(instance);
    if (frameBits % 8 === 0) return [{ ...about, ...made }];
    return [{ ...about, length: Math.ceil((frames * frameBits) / 8), open: () => joinedBits(made.open(), frameBits) }];
  }

  /** A value as one range of the file, or of its inflated data set. */
  private whole(form: BulkForm, { instance, place }: LyingValue): GivenValue {
    const { sha256, transferSyntaxUID } = instance;
    const { path, offset, length } = place;
    const plain = transferSyntax(transferSyntaxUID)?.deflated !== true && transferSyntaxUID !== EXPLICIT_VR_BIG_ENDIAN;
    const segments = plain ? { segments: [{ sha256, offset, length }] } : {};
    return { instance, path, form, ...segments, length, open: () => littleEndianRange(this.storage, instance, place) };
  }
}

const lengthOf = (ranges: readonly ByteRange[]): number => ranges.reduce((sum, [, length]) => sum + length, 0);

async function* valuesAt(
  instances: AsyncIterable<PixelInstanceRow>,
  chosen: (path: string) => boolean,
): AsyncGenerator<LyingValue, undefined> {
  for await (const instance of instances) yield* valuesOf(instance, chosen);
}

function* valuesOf(instance: PixelInstanceRow, chosen: (path: string) => boolean): Generator<LyingValue> {
  const isCompressed = transferSyntax(instance.transferSyntaxUID)?.encapsulated === true && instance.frameTable !== null;
  const ofPixels = isCompressed ? instance.transferSyntaxUID : EXPLICIT_VR_LITTLE_ENDIAN;
  for (const place of instance.bulkData)
    if (chosen(place.path)) yield { instance, place, lyingAs: isPixelData(place.path as Tag) ? ofPixels : undefined };
}

async function* eachFrame(
  frames: AsyncIterable<Uint8Array>,
  about: Pick<GivenValue, 'instance' | 'path' | 'form'>,
): AsyncGenerator<GivenValue> {
  for await (const frame of frames) yield { ...about, length: frame.length, open: () => [frame] };
}

function ofThePixels(error: unknown): Fault {
  if (error instanceof Fault && OF_THE_PIXELS.has(error.status)) return error;
  throw error;
}
