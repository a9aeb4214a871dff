import { createDeflateRaw } from 'node:zlib';
import { Readable } from 'node:stream';
import { dataSetPieces } from '../dicom/data-set-writer.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import type { ImagePixels } from '../dicom/image-pixels.js';
import { inUtf8, part10Header } from '../dicom/part10-writer.js';
import { NoPixelData } from '../dicom/pixel-faults.js';
import { hasOverlayInPixels, pixelElement, transcodedDataSet, withoutIcons, type TranscodedPixels } from '../dicom/transcoded-data-set.js';
import { transferSyntax, type TransferSyntax } from '../dicom/transfer-syntaxes.js';
import { canEncode } from '../pixels/encode-frame.js';
import { UnsupportedPixels, UnsupportedTransferSyntax } from '../pixels/faults.js';
import type { PixelPool } from '../pixels/pixel-pool.js';
import { valuesInFragments, storedBulkValues, type OpenableValue } from './bulk-values.js';
import { longTexts } from './long-texts.js';
import type { PixelDescriptions } from './pixel-descriptions.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import { encapsulatedValue, nativeValue, storedFragments } from './transcoded-pixel-data.js';
import type { ObjectReader } from './stored-bytes.js';
import { storedDataset } from './studies.js';
import { frameJobs, inOrder } from './transcoded-frames.js';

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
/** RLE and the native ones keep whole cells. */
const KEEPS_VALUES_ONLY = /^1\.2\.840\.10008\.1\.2\.4\./;

/** The pixel data of a file to be written, and what its header must say of them where they are not the stored ones. */
interface NewPixelData {
  readonly value: OpenableValue;
  readonly pixels: TranscodedPixels | undefined;
}

/** A file that is written while it is read. */
export interface WrittenFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes, where they are known before they are written. */
  readonly length?: number;
}

/** Stored instances as files in other transfer syntaxes (PS3.18 8.7.3, PS3.5 Annex A): the same values, other bytes. */
export class Transcode {
  constructor(
    private readonly storage: ObjectReader,
    private readonly pool: PixelPool,
    private readonly descriptions: PixelDescriptions,
  ) {}

  /** Whether files are written in a transfer syntax at all; what an instance holds may still stand against it. */
  static offers(transferSyntaxUID: string): boolean {
    const syntax = transferSyntax(transferSyntaxUID);
    if (syntax === undefined || transferSyntaxUID === JPEG_BASELINE) return false;
    return syntax.encapsulated ? canEncode(transferSyntaxUID) : syntax.littleEndian;
  }

  /**
   * A DICOM file (PS3.10) of the instance with its current attributes: its first frame is ready when this returns, the
   * others are made while it is read, so memory is bounded by frames in flight. In its own transfer syntax, whatever that
   * is, the pixel data are the stored ones, byte for byte. A lossy copy would be another instance, with a UID of its own (PS3.3 C.7.6.1.1.5): none is made.
   * @throws UnsupportedTransferSyntax  no such file is written; UnsupportedPixels  not with these pixels
   * @throws NoPixelData  an encapsulated transfer syntax for what is no image
   * @throws CorruptFrame and the pool's faults
   */
  async file(instance: PixelInstanceRow, transferSyntaxUID: string): Promise<WrittenFile> {
    const target = transferSyntax(transferSyntaxUID);
    const same = transferSyntaxUID === instance.transferSyntaxUID;
    if (target === undefined || !(same || Transcode.offers(transferSyntaxUID))) throw new UnsupportedTransferSyntax();
    const fragments = await valuesInFragments(this.storage, instance);
    const stored = withoutIcons(storedDataset(instance.metadata), same ? new Set() : fragments);
    const values = storedBulkValues(this.storage, instance, same ? 'as stored' : 'little endian');
    const texts = await longTexts(this.storage, instance);
    const bulk = (uri: string) => {
      const value = texts.get(uri) ?? values(uri);
      return value !== undefined && fragments.has(uri) ? storedFragments(value) : value;
    };
    const made = same || pixelElement(stored) === undefined ? undefined : await this.pixelData(instance, stored, target);
    if (made === undefined && target.encapsulated && !same) throw new NoPixelData();
    const dataset = same ? inUtf8(stored) : transcodedDataSet(stored, instance.transferSyntaxUID, made?.pixels);
    const pixelDataURI = dataset[pixelElement(dataset) ?? '']?.BulkDataURI;
    const pieces = dataSetPieces<OpenableValue>(dataset, target.encoding, ({ BulkDataURI = '' }) =>
      made !== undefined && BulkDataURI === pixelDataURI ? made.value : bulk(BulkDataURI),
    );
    const header = part10Header(dataset, transferSyntaxUID);
    const length =
      target.deflated || pieces.some(isOfUnknownLength) ? undefined : pieces.reduce((sum, one) => sum + one.length, header.length);
    return { bytes: fileBytes(header, pieces, target), ...(length !== undefined && { length }) };
  }

  private async pixelData(instance: PixelInstanceRow, stored: DicomJson, target: TransferSyntax): Promise<NewPixelData> {
    const source = transferSyntax(instance.transferSyntaxUID);
    const uri = stored[pixelElement(stored) ?? '']?.BulkDataURI ?? '';
    const whole = storedBulkValues(this.storage, instance)(uri);
    const bothNative = source?.encapsulated === false && !target.encapsulated;
    if (bothNative && source.littleEndian && whole !== undefined) return { value: whole, pixels: undefined };
    if (KEEPS_VALUES_ONLY.test(target.uid) && hasOverlayInPixels(stored)) throw new UnsupportedPixels('overlays lie in their cells');
    const pixels = await this.descriptions.of(instance, 1);
    return target.encapsulated ? this.encapsulated(instance, pixels, target.uid) : this.native(instance, pixels);
  }

  private async encapsulated(instance: PixelInstanceRow, pixels: ImagePixels, targetTransferSyntaxUID: string): Promise<NewPixelData> {
    if (pixels.sampleForm !== 'integer') throw new UnsupportedPixels('Float Pixel Data cannot be encapsulated');
    const frames = this.frames(instance, pixels, (job) => this.pool.transcode({ ...job, targetTransferSyntaxUID }));
    const first = await frames.next();
    if (first.done) throw new NoPixelData();
    return { value: encapsulatedValue(first.value, frames), pixels: first.value };
  }

  private async native(instance: PixelInstanceRow, pixels: ImagePixels): Promise<NewPixelData> {
    const frames = this.frames(instance, pixels, (job) => this.pool.decode(job));
    const first = await frames.next();
    if (first.done) throw new NoPixelData();
    return { value: nativeValue(first.value, frames, pixels.numberOfFrames), pixels: first.value };
  }

  private frames<T>(instance: PixelInstanceRow, pixels: ImagePixels, work: Parameters<typeof inOrder<T>>[2]): AsyncGenerator<T> {
    const frameBytes = Math.ceil((pixels.rows * pixels.columns * pixels.samplesPerPixel * pixels.bitsAllocated) / 8);
    return inOrder(frameJobs(this.storage, instance, pixels), frameBytes, work);
  }
}

/** Frames that are encoded while they are read. */
const isOfUnknownLength = (piece: Uint8Array | OpenableValue): boolean =>
  !(piece instanceof Uint8Array) && piece.encapsulated === true && piece.length === 0;

async function* fileBytes(header: Uint8Array, pieces: readonly (Uint8Array | OpenableValue)[], target: TransferSyntax) {
  yield header;
  if (target.deflated) yield* evenDeflated(bytesOf(pieces));
  else yield* bytesOf(pieces);
}

async function* bytesOf(pieces: readonly (Uint8Array | OpenableValue)[]): AsyncGenerator<Uint8Array> {
  let small: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      small.push(piece);
      continue;
    }
    yield Buffer.concat(small);
    small = [];
    yield* piece.open();
  }
  yield Buffer.concat(small);
}

/** The data set as one raw deflate stream, padded to an even length (PS3.5 A.5). */
async function* evenDeflated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes, { objectMode: false });
  const deflate = source.pipe(createDeflateRaw());
  source.on('error', (error) => deflate.destroy(error));
  let length = 0;
  try {
    for await (const piece of deflate as AsyncIterable<Buffer>) {
      length += piece.length;
      yield piece;
    }
  } finally {
    source.destroy();
    deflate.destroy();
  }
  if (length % 2 === 1) yield new Uint8Array(1);
}
