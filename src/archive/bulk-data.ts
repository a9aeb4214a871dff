import type { Caller } from '../access/caller.js';
import { isPixelData } from '../dicom/bulk-data.js';
import type { Tag } from '../dicom/dicom-json.js';
import type { FrameTable } from '../dicom/frame-table.js';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../dicom/transfer-syntaxes.js';
import { Fault } from '../faults.js';
import { littleEndianRange } from './bulk-values.js';
import { NotInArchive } from './faults.js';
import { nativeSamples } from './native-samples.js';
import { onwards } from './onwards.js';
import type { Pixels } from './pixels.js';
import type { Retrieve } from './retrieve.js';
import type { ArchivePath, PixelInstanceRow } from './retrieve.sql.js';
import type { ObjectReader, Segment } from './stored-bytes.js';

/** A bulk value as it is given out: little endian, Pixel Data as native samples unless asked for as stored. */
export interface GivenValue {
  readonly instance: PixelInstanceRow;
  /** Where it stands: tags and item numbers, `00081140/1/00081155`. */
  readonly path: string;
  /** Of pixel data; undefined of other values. */
  readonly transferSyntaxUID?: string;
  /** Where it is other than octets. */
  readonly mediaType?: string;
  /** Ranges of the file, where it can go out as it lies there. */
  readonly segments?: readonly Segment[];
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** A value whose bytes may have to be made first. */
interface Planned extends Omit<GivenValue, 'open'> {
  readonly open: (ahead: 'first' | 'all') => GivenValue['open'] | Promise<GivenValue['open']>;
  /** The same as it is stored, for when it cannot be made. */
  readonly stored?: readonly GivenValue[];
}

/** How values are asked for. */
export interface ValueForm {
  /** Compressed pixel data as they lie in the file. */
  readonly asStored: boolean;
  /** The media type in which stored pixel data may stand in for samples that cannot be made; undefined where they may not. */
  readonly standIn: (transferSyntaxUID: string) => string | undefined;
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

  /** One value by the path that its BulkDataURI ends with, its first frame made; on record. Throws NotInArchive and the faults of that frame. */
  async one(caller: Caller, at: Required<ArchivePath>, path: string, asStored: boolean): Promise<GivenValue> {
    const instance = await this.retrieve.pixelInstance(caller, at);
    const [value] = this.valuesOf(instance, (one) => one === path, asStored);
    if (!value) throw new NotInArchive('bulk data');
    return { ...value, open: await value.open('first') };
  }

  /**
   * All values of a path, or its pixel data alone, instance by instance; on record. The first is made when this returns.
   * Of several, one whose samples cannot be made is given as stored where that may be, and left out otherwise.
   * @throws NotInArchive  there is none; the fault of the first where none could be given
   */
  async all(caller: Caller, at: ArchivePath, which: 'bulk data' | 'pixel data', form: ValueForm): Promise<AsyncIterable<GivenValue>> {
    const chosen = which === 'bulk data' ? () => true : (path: string) => isPixelData(path as Tag); // a path of one step is a tag
    const planned = this.valuesAt(await this.retrieve.pixelInstancesAt(caller, at, which), chosen, form.asStored);
    const [one, another] = [await planned.next(), await planned.next()];
    if (one.done) throw new NotInArchive('bulk data');
    if (another.done) return onwards([{ ...one.value, open: await one.value.open('first') }], []);
    const values = made(onwards([one.value, another.value], planned), form);
    const { value: first, done } = await values.next();
    if (done) throw new NotInArchive('bulk data');
    return onwards([first], values);
  }

  private async *valuesAt(
    instances: AsyncIterable<PixelInstanceRow>,
    chosen: (path: string) => boolean,
    asStored: boolean,
  ): AsyncGenerator<Planned, undefined> {
    for await (const instance of instances) yield* this.valuesOf(instance, chosen, asStored);
  }

  private *valuesOf(instance: PixelInstanceRow, chosen: (path: string) => boolean, asStored: boolean): Generator<Planned> {
    const { sha256, frameTable } = instance;
    const syntax = transferSyntax(instance.transferSyntaxUID);
    for (const { path, vr, offset, length } of instance.bulkData) {
      if (!chosen(path)) continue;
      const isPixels = isPixelData(path as Tag); // see above
      const plain = syntax?.deflated !== true && instance.transferSyntaxUID !== EXPLICIT_VR_BIG_ENDIAN;
      if (isPixels && syntax?.encapsulated === true && frameTable !== null) yield* this.compressed(instance, path, frameTable, asStored);
      else
        yield {
          instance,
          path,
          ...(isPixels ? { transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN } : {}),
          ...(plain ? { segments: [{ sha256, offset, length }] } : {}),
          open: () => () => littleEndianRange(this.storage, instance, { vr, offset, length }),
        };
    }
  }

  /** Compressed pixel data: a value for each codestream as stored, or one of native samples. Video comes as it is stored only. */
  private *compressed(instance: PixelInstanceRow, path: string, table: FrameTable, asStored: boolean): Generator<Planned> {
    const { sha256, transferSyntaxUID } = instance;
    const codestreams = table.kind === 'video' ? [table.fragments] : table.kind === 'encapsulated' ? table.frames : [];
    const stored = codestreams.map((ranges): GivenValue => {
      const segments = ranges.map(([offset, length]) => ({ sha256, offset, length }));
      return { instance, path, transferSyntaxUID, segments, open: () => this.retrieve.stream(segments) };
    });
    if (asStored || table.kind === 'video') for (const value of stored) yield { ...value, open: () => value.open };
    else {
      const open = (ahead: 'first' | 'all') => nativeSamples(this.pixels, instance, codestreams.length, ahead);
      yield { instance, path, transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN, open, stored };
    }
  }
}

/** The values in order, each made when its turn comes. Throws the first one's fault where none can be given. */
async function* made(planned: AsyncIterable<Planned>, { standIn }: ValueForm): AsyncGenerator<GivenValue, undefined> {
  let refused: Fault | undefined;
  let given = 0;
  for await (const { stored = [], ...value } of planned) {
    const open = await Promise.resolve(value.open('all')).catch(ofThePixels);
    const mediaType = open instanceof Fault ? standIn(value.instance.transferSyntaxUID) : undefined;
    if (open instanceof Fault) refused ??= open;
    const values = !(open instanceof Fault)
      ? [{ ...value, open }]
      : mediaType === undefined
        ? []
        : stored.map((one) => ({ ...one, mediaType }));
    given += values.length;
    yield* values;
  }
  if (given === 0 && refused) throw refused;
}

function ofThePixels(error: unknown): Fault {
  if (error instanceof Fault && OF_THE_PIXELS.has(error.status)) return error;
  throw error;
}
