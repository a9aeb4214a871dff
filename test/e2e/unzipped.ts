import { crc32 } from 'node:zlib';

/** The files of a ZIP archive (APPNOTE 6.3) by name, found as unzip finds them: by the central directory at the end. Stored entries only. */
export function unzipped(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end !== archive.length - 22) throw new Error('the archive has no end');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error('the central directory has a gap');
    const [nameLength, extraLength, method] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 10)];
    const name = archive.toString('latin1', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(begin, begin + archive.readUInt32LE(at + 24));
    if (method !== 0 || archive.readUInt32LE(local) !== 0x04034b50) throw new Error('an entry is not stored where it should be');
    if (crc32(bytes) !== archive.readUInt32LE(at + 16)) throw new Error('an entry has another CRC');
    files.set(name, bytes);
    at += 46 + nameLength + extraLength;
  }
  if (at !== end) throw new Error('the central directory has not the length that was said');
  return files;
}
