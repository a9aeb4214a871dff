import { describe, expect, it } from '@jest/globals';
import type { DicomFault } from '../../../src/dicom/faults.js';
import { part10Header, writePart10 } from '../../../src/dicom/part10-writer.js';
import { cut, outcome } from '../corpus.js';

const ui = (uid: string) => ({ vr: 'UI', Value: [uid] });
const INSTANCE = {
  '00080016': ui('1.2.840.10008.5.1.4.1.1.7'),
  '00080018': ui('1.2.3.4'),
  '0020000D': ui('1.2.3'),
  '0020000E': ui('1.2.3.1'),
};
const META_BYTES = part10Header(INSTANCE, '1.2.840.10008.1.2.1').length;
const longValue = Buffer.concat([Buffer.from('04001000' + '4f420000' + '00080000', 'hex'), Buffer.alloc(2_048)]); // (0004,0010) OB, 2 KiB

describe('Found by fuzzing the header reader: the byte at which a fault is', () => {
  it.each<[string, string]>([
    ['an element without VR after a value that came in pieces', '080020000000000000000000'],
    ['an element after Pixel Data that came in pieces, which belongs before it', ''],
    ['a few bytes that are no element, at the end after a long value', '080020'],
  ])('is the same however the file is cut: %s', async (_, after) => {
    const file =
      after === ''
        ? Buffer.concat([writePart10(INSTANCE, { pixelData: new Uint8Array(3_000) }), Buffer.from('0800200044410000', 'hex')])
        : Buffer.concat([part10Header(INSTANCE, '1.2.840.10008.1.2.1'), longValue, Buffer.from(after, 'hex')]);
    const faults = await Promise.all(
      [file.length, 512, 7, 1].map(async (length) => (await outcome(cut(file, length))).thrown as DicomFault),
    );
    const [{ code, byteOffset }] = faults;
    expect(faults.map((fault) => [fault.code, fault.byteOffset])).toEqual(faults.map(() => [code, byteOffset]));
    if (after !== '') expect(byteOffset).toBe(META_BYTES + longValue.length);
  });

  it('is that of the garbage where zeros trail a long value, in the warning too', async () => {
    const file = Buffer.concat([writePart10(INSTANCE, { pixelData: new Uint8Array(3_000) }), Buffer.alloc(6)]);
    const all = await Promise.all([file.length, 512, 7].map(async (length) => (await outcome(cut(file, length))).instance?.warnings));
    expect(all[0]).toContainEqual(expect.objectContaining({ code: 'trailing-garbage', byteOffset: file.length - 6 }));
    expect(all.slice(1)).toEqual([all[0], all[0]]);
  });
});
