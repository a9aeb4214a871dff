import { DatasetBroken } from '../faults.js';

const BLOCK = 512;

/**
 * The regular files of an uncompressed ustar archive (POSIX.1-2017 pax, "ustar Interchange Format"), by name.
 * The contents are views of `archive`.
 * @throws DatasetBroken  a header without its checksum, a file longer than the archive
 */
export function readTar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const header = archive.subarray(at, at + BLOCK);
    if (checksum(header) !== octal(header, 148, 8)) throw new DatasetBroken('A tar header is damaged.');
    const size = octal(header, 124, 12);
    const start = at + BLOCK;
    if (start + size > archive.length) throw new DatasetBroken('The tar archive is cut short.');
    const type = text(header, 156, 1);
    if (type === '0' || type === '') files.set(text(header, 0, 100), archive.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** Sum of the header's bytes with its own checksum field read as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end);
}

const octal = (header: Buffer, from: number, length: number): number => parseInt(text(header, from, length).trim(), 8);
