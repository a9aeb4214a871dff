import type { Caller } from '../access/caller.js';
import { isPixelData } from '../dicom/bulk-data.js';
import type { Tag } from '../dicom/dicom-json.js';
import type { FrameTable } from '../dicom/frame-table.js';
import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../dicom/transfer-syntaxes.js';
import { littleEndianRange } from './bulk-values.js';
import { NotInArchive } from './faults.js';
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
  /** Ranges of the file, where it can go out as it lies there. */
  readonly segments?: readonly Segment[];
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Bulk data and pixel data of a study, series or instance (PS3.18 10.4.1.1.5). */
export class BulkData {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pixels: Pixels,
    private readonly storage: ObjectReader,
  ) {}

  /** One value by the path that its BulkDataURI ends with; on record. Throws NotInArchive. */
  async one(caller: Caller, at: Required<ArchivePath>, path: string, asStored: boolean): Promise<GivenValue> {
    const instance = await this.retrieve.pixelInstance(caller, at);
    const [value] = this.valuesOf(instance, (one) => one === path, asStored);
    if (!value) throw new NotInArchive('bulk data');
    return value;
  }

  /** All values of a path, or its pixel data alone, instance by instance; on record. Throws NotInArchive where there is none. */
  async all(caller: Caller, at: ArchivePath, which: 'bulk data' | 'pixel data', asStored: boolean): Promise<AsyncIterable<GivenValue>> {
    const chosen = which === 'bulk data' ? () => true : (path: string) => isPixelData(path as Tag); // a path of one step is a tag
    const values = this.valuesAt(await this.retrieve.pixelInstancesAt(caller, at, which), chosen, asStored);
    const { value: first, done } = await values.next();
    if (done) throw new NotInArchive('bulk data');
    return onwards(first, values);
  }

  private async *valuesAt(
    instances: AsyncIterable<PixelInstanceRow>,
    chosen: (path: string) => boolean,
    asStored: boolean,
  ): AsyncGenerator<GivenValue, undefined> {
    for await (const instance of instances) yield* this.valuesOf(instance, chosen, asStored);
  }

  private *valuesOf(instance: PixelInstanceRow, chosen: (path: string) => boolean, asStored: boolean): Generator<GivenValue> {
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
          open: () => littleEndianRange(this.storage, instance, { vr, offset, length }),
        };
    }
  }

  /** Compressed pixel data: a value for each codestream as stored, or one of native samples. Video comes as it is stored only. */
  private *compressed(instance: PixelInstanceRow, path: string, table: FrameTable, asStored: boolean): Generator<GivenValue> {
    const { sha256, transferSyntaxUID } = instance;
    const codestreams = table.kind === 'video' ? [table.fragments] : table.kind === 'encapsulated' ? table.frames : [];
    if (asStored || table.kind === 'video')
      for (const ranges of codestreams) {
        const segments = ranges.map(([offset, length]) => ({ sha256, offset, length }));
        const open = () => this.retrieve.stream(segments);
        yield { instance, path, transferSyntaxUID, segments, open };
      }
    else yield { instance, path, transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN, open: () => this.samples(instance, codestreams.length) };
  }

  private async *samples(instance: PixelInstanceRow, frames: number): AsyncGenerator<Uint8Array> {
    for (let number = 1; number <= frames; number++) yield await this.pixels.transcodeFrame(instance, number, EXPLICIT_VR_LITTLE_ENDIAN);
  }
}

async function* onwards<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
