import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { byteRange } from '../../../src/api/byte-range.js';
import { DEFAULT_CHARACTER_SET } from '../../../src/dicom/character-sets.js';
import { elementOf } from '../../../src/dicom/element-values.js';
import { ReadingNotes } from '../../../src/dicom/reading-notes.js';

/** What would take minutes, were it read in quadratic time; between two, jest may end the test. */
const TIMES = 100;
async function often(times: number, work: () => void): Promise<void> {
  for (let i = 0; i < times; i++) {
    work();
    await turn();
  }
}
const LENGTH = 65_000;

const read = (vr: string, text: string) =>
  elementOf(vr, Buffer.from(text, 'latin1'), { littleEndian: true, characterSet: DEFAULT_CHARACTER_SET, notes: new ReadingNotes() });

describe('Very long values do not hold the server up', () => {
  it.each(['DS', 'IS'])('digits that end in no number: %s', async (vr) => {
    const text = `${'1'.repeat(LENGTH)}x`;
    await often(TIMES, () => expect(read(vr, text).Value).toEqual([text]));
  });

  it('zero bytes before a letter', async () => {
    const text = `a${'\0'.repeat(LENGTH)}b`;
    await often(TIMES, () => expect(read('LT', text).Value).toEqual(['ab']));
  });

  it('spaces in a Range header', async () => {
    await often(TIMES * 50, () => expect(byteRange(`bytes=${' '.repeat(16_000)}x`, 100)).toBeUndefined());
  });
});
