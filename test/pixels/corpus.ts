import { existsSync, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { bulkDataUri } from '../../src/dicom/bulk-data.js';
import { frameReading } from '../../src/dicom/frame-table.js';
import { describePixels, type ImagePixels } from '../../src/dicom/image-pixels.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import type { Part10Instance } from '../../src/dicom/part10-instance.js';
import { EXPLICIT_VR_BIG_ENDIAN } from '../../src/dicom/transfer-syntaxes.js';
import type { DecodeJob } from '../../src/pixels/pixel-job.js';

const SHARED = new URL('../../../../shared/', import.meta.url);
const DICOM = new URL('dicom/', SHARED);
const PNG = new URL('refs/png/', SHARED);

/** Whether the files that are not part of the project are beside it. */
export const corpusIsHere = existsSync(DICOM);
if (!corpusIsHere) console.warn('shared/dicom is absent: the tests on its 318 decodable files and 37 rendered ones are skipped');

/** What the manifest says of a file that a server must take and whose pixels are known. */
export interface KnownFile {
  readonly path: string;
  readonly expect: 'store' | 'store-with-warning' | 'reject';
  readonly decodedSha256: string;
  readonly decodedPhotometric: string;
  readonly lossy?: boolean;
  readonly decodedMin: number;
  readonly decodedMax: number;
  readonly decodedMean: number;
}

/** A picture of frame 1 that others made. */
export interface KnownPicture {
  readonly path: string;
  readonly png: string;
}

const json = <T>(at: URL): T => JSON.parse(readFileSync(at, 'utf8')) as T;

export const knownFiles = (): KnownFile[] =>
  json<Partial<KnownFile>[]>(new URL('manifest.json', DICOM)).filter(
    (file): file is KnownFile => file.decodedSha256 !== undefined && file.expect !== 'reject',
  );

export const knownPictures = (): KnownPicture[] => json(new URL('index.json', PNG));

export const pngOf = ({ png }: KnownPicture): Buffer => readFileSync(new URL(png, PNG));

/** An instance of the corpus, read as the server reads it. */
export interface CorpusInstance {
  readonly part10: Part10Instance;
  readonly numberOfFrames: number;
  /** the job for a frame, from 1; undefined where the file does not hold it */
  job(frame: number): DecodeJob | undefined;
}

export const corpusFile = (path: string): Buffer => readFileSync(new URL(encodeURIComponent(path).replaceAll('%2F', '/'), DICOM));

export const corpusInstance = (path: string): Promise<CorpusInstance> => readInstance(corpusFile(path));

export async function readInstance(file: Buffer): Promise<CorpusInstance> {
  const reader = new Part10Reader();
  await reader.push(file);
  const part10 = await reader.end();
  const { dataset, transferSyntaxUID, frameTable, bulkData, dataSetOffset } = part10;
  const inflated = frameTable?.kind === 'native' && frameTable.inflated;
  const bytes = inflated ? inflateRawSync(file.subarray(dataSetOffset)) : file;
  const bulk = (uri: string) => {
    const place = bulkData.find((value) => bulkDataUri(value.path) === uri);
    return place && bytes.subarray(place.offset, place.offset + place.length);
  };
  const pixelData = bulkData.find(({ path }) => path === '7FE00010');
  const pixels = (frame: number): ImagePixels => describePixels(dataset, transferSyntaxUID, frame, bulk);
  return {
    part10,
    numberOfFrames: pixels(1).numberOfFrames,
    job(frame) {
      const bigEndianBytes = transferSyntaxUID === EXPLICIT_VR_BIG_ENDIAN ? pixelData?.length : undefined;
      const reading = frameTable && frameReading(frameTable, frame, bigEndianBytes);
      if (reading === undefined) return undefined;
      const { ranges, bitOffset } = reading;
      return {
        pixels: pixels(frame),
        frame: new Uint8Array(Buffer.concat(ranges.map(([offset, length]) => bytes.subarray(offset, offset + length)))),
        bitOffset,
      };
    },
  };
}
