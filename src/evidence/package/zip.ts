import { crc32 } from 'node:zlib';
import { byBytes, nameTrouble } from './entry-names.js';
import { PackageFileChanged, PackageNameRefused } from './faults.js';
import { centralHeader, endOfArchive, localHeader } from './zip-records.js';

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A file whose bytes can be asked for more than once. */
export interface ZipFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly crc: number;
  readonly open: () => Bytes;
}

/** An archive: how long it is, before it is made. */
export interface Zip {
  readonly size: number;
  /** Made as they are read; memory: a piece, and a header of each file at the end. */
  readonly bytes: () => AsyncGenerator<Uint8Array, void>;
}

/**
 * A ZIP archive whose bytes follow from its files' names and bytes alone: in the order of the names, each dated 1980-01-01, ZIP64 where
 * a size, an offset or their number needs it. Files are stored, not deflated: what zlib makes of the same bytes differs between its
 * versions and processors, and bits at the end of what it makes mean nothing, so that they could be changed unseen. Sizes stand before
 * the bytes, as readers that stream take no others of stored files. (That of images, `api/dicomweb/zip-stream`, is read once, and dated.)
 * Throws PackageNameRefused; `bytes` throws PackageFileChanged where a file is not as it was said.
 */
export function zipOf(files: readonly ZipFile[]): Zip {
  const trouble = nameTrouble(files.map(({ name }) => name));
  if (trouble !== undefined) throw new PackageNameRefused(trouble.name, trouble.why);
  const sorted = files.toSorted((a, b) => byBytes(a.name, b.name));
  let offset = 0;
  let central = 0;
  const records = sorted.map((file) => {
    const record = { ...file, offset };
    offset += localHeader(record).length + file.size;
    central += centralHeader(record).length;
    return record;
  });
  const end = endOfArchive({ count: records.length, bytes: central, offset });
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    for (const record of records) {
      yield localHeader(record);
      yield* asSaid(record);
    }
    for (const record of records) yield centralHeader(record);
    yield end;
  }
  return { size: offset + central + end.length, bytes };
}

async function* asSaid({ name, size, crc, open }: ZipFile): AsyncGenerator<Uint8Array, void> {
  let [length, sum] = [0, 0];
  for await (const piece of open()) {
    length += piece.length;
    sum = crc32(piece, sum);
    if (length > size) throw new PackageFileChanged(name);
    yield piece;
  }
  if (length !== size || sum !== crc) throw new PackageFileChanged(name);
}
