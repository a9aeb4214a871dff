import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aChestXray, bytesRamp, inRle, newUid } from './instances.js';
import { aPhantom, idle, onRecord, reportOf } from './phantoms.js';
import { readingsOf } from './readings-of.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

describe('An image whose pixels are broken', () => {
  it('is recorded as failed, and its neighbour is read and reported', async () => {
    const good = aPhantom();
    const whole = aChestXray(
      {
        Modality: 'CR',
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1',
        StudyInstanceUID: good.studyInstanceUID,
        SeriesInstanceUID: newUid(),
        PatientID: good.patientID,
        Rows: 64,
        Columns: 64,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
      },
      { pixelData: bytesRamp(64 * 64) },
    );
    const broken = Buffer.from(inRle(whole, 64 * 64).bytes);
    broken.fill(0xff, broken.lastIndexOf(Buffer.from('feff00e0', 'hex')) + 8, broken.length - 8); // the frame's RLE header and segments
    const answer = await wetread.store(broken, good.bytes);
    expect(answer.stored).toHaveLength(2);
    const made = await reportOf(wetread, good.studyInstanceUID);
    expect(await idle(wetread)).toEqual([]);
    const readings = await readingsOf(wetread, good.studyInstanceUID);
    expect(readings[good.sopInstanceUID]).toMatchObject([{ state: 'READ' }]);
    expect(readings[whole.sopInstanceUID]).toMatchObject([
      { state: 'FAILED', reasonCode: expect.stringMatching(/\w/), reason: expect.stringMatching(/\w/) },
    ]);
    expect(made.conclusion).toContain('not read by this model: 1');
    expect((await onRecord(wetread, 'image.failed')).at(-1)?.reason).toBe(readings[whole.sopInstanceUID][0].reasonCode);
  });
});
