import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aChestXray } from './instances.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

describe('The same instance from a hundred senders at once', () => {
  it('is one instance, and each sender is answered that it is stored', async () => {
    const one = aChestXray({ BodyPartExamined: 'HAND' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => wetread.store(one.bytes)));
    for (const { status, stored, failed } of answers)
      expect({ status, uids: stored.map(({ sopInstanceUID }) => sopInstanceUID), failed }).toEqual({
        status: 200,
        uids: [one.sopInstanceUID],
        failed: [],
      });
    const found = await wetread.json<unknown[]>(`/dicom-web/instances?SOPInstanceUID=${one.sopInstanceUID}`, 'application/dicom+json');
    expect(found.length).toBe(1);
    expect(await wetread.sql('SELECT 1 FROM instance')).toHaveLength(1);
    const answer = await wetread.fetch(one.path, { headers: { accept: 'application/dicom' } });
    expect(Buffer.from(await answer.arrayBuffer()).equals(one.bytes)).toBe(true);
  });
});
