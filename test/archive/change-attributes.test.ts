import { describe, expect, it } from '@jest/globals';
import { aCaller } from '../a-caller.js';
import { withChange } from '../../src/archive/attribute-change.js';
import { ChangeAttributes } from '../../src/archive/change-attributes.js';
import type { Database } from '../../src/database/database.js';
import { writeDataSet } from '../../src/dicom/data-set-writer.js';
import { checkedElement } from '../../src/dicom/checked-element.js';
import { EXPLICIT_LITTLE_ENDIAN } from '../../src/dicom/encoding.js';
import type { DicomElement, DicomJson, Tag } from '../../src/dicom/dicom-json.js';

describe('Changing attributes', () => {
  it('is for callers whose roles may do archive.edit', async () => {
    const attributes = new ChangeAttributes(undefined as unknown as Database); // is not asked
    const caller = aCaller('reviewer');
    await expect(attributes.change(caller, { study: '1.2' }, { '00100010': null }, { reason: 'CORRECT' })).rejects.toMatchObject({
      code: 'not-permitted',
      status: 403,
    });
  });

  it.each<[string, string, DicomElement, DicomElement]>([
    ['numbers as text', '00181164', { vr: 'DS', Value: ['0.50', ' 1e-3'] }, { vr: 'DS', Value: [0.5, 0.001] }],
    [
      'empty groups of a name',
      '00100010',
      { vr: 'PN', Value: [{ Alphabetic: '', Ideographic: '山田' }] },
      { vr: 'PN', Value: [{ Ideographic: '山田' }] },
    ],
    ['no value at all', '00100010', { vr: 'PN', Value: [] }, { vr: 'PN' }],
    ['padding', '00100020', { vr: 'LO', Value: ['  P1 ', ''] }, { vr: 'LO', Value: ['P1', null] }],
    [
      'a character set in an item',
      '00101002',
      { vr: 'SQ', Value: [{ '00080005': { vr: 'CS', Value: ['ISO_IR 100'] } }] },
      { vr: 'SQ', Value: [{ '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } }] },
    ],
    ['an empty item', '00101002', { vr: 'SQ', Value: [null] }, { vr: 'SQ', Value: [{}] }],
  ])('keeps what a file would say, not how it was written down: %s', (_, at, given, kept) => {
    expect(checkedElement(at as Tag, given)).toEqual(kept);
  });

  it.each<[string, string, DicomElement, string]>([
    ['a sequence as binary', '00101002', { vr: 'SQ', InlineBinary: 'AAAA' }, 'unwritable-value'],
    ['a delimiter in an item', '00101002', { vr: 'SQ', Value: [{ FFFEE00D: { vr: 'UN' } }] }, 'unwritable-value'],
    ['a value too long for a header', '00282000', { vr: 'OB', InlineBinary: Buffer.alloc(65_538).toString('base64') }, 'unwritable-value'],
    ['a negative number without sign', '00280106', { vr: 'US', Value: [-1] }, 'unwritable-value'],
    ['a VR of another attribute', '00280106', { vr: 'OW', InlineBinary: 'AAA=' }, 'wrong-vr'],
    ['a negative age', '00101010', { vr: 'AS', Value: ['-07Y'] }, 'unwritable-value'],
    ['a date and time of month 13', '0008002A', { vr: 'DT', Value: ['20261301'] }, 'unwritable-value'],
    ['six components of a name', '00100010', { vr: 'PN', Value: [{ Alphabetic: 'a^b^c^d^e^f' }] }, 'unwritable-value'],
  ])('takes nothing that a file could not or should not hold: %s', (_, at, given, code) => {
    expect(() => checkedElement(at as Tag, given)).toThrow(expect.objectContaining({ code }));
  });

  it('keeps a private block and its creator together (PS3.5 7.8.1)', () => {
    const creator = { vr: 'LO', Value: ['ACME'] };
    const stored: DicomJson = { '00110010': creator, '00111001': { vr: 'LO', Value: ['x'] } };
    const change = (asked: Record<string, DicomElement | null>) => withChange(stored, asked, 'CORRECT', new Date(0));
    expect(change({ '00111002': creator })).toMatchObject({ ...stored, '00111002': creator });
    expect(change({ '00110010': null, '00111001': null })).not.toHaveProperty('00110010');
    const wrongs: Record<string, DicomElement | null>[] = [{ '00110010': null }, { '00111101': creator }, { '00110001': creator }];
    for (const wrong of wrongs) expect(() => change(wrong)).toThrow(expect.objectContaining({ code: 'private-creator-missing' }));
  });

  it('refuses to bury what it could not write again', () => {
    const nested = (depth: number): DicomJson => (depth === 0 ? {} : { '00081140': { vr: 'SQ', Value: [nested(depth - 1)] } });
    const change = (depth: number) => withChange(nested(depth), { '00081140': null }, 'CORRECT', new Date(0));
    expect(writeDataSet(change(62) ?? {}, EXPLICIT_LITTLE_ENDIAN).length).toBeGreaterThan(62 * 8);
    expect(() => change(63)).toThrow(expect.objectContaining({ code: 'too-deep-to-keep' }));
  });
});
