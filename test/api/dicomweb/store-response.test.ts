import { describe, expect, it } from '@jest/globals';
import { storeResponse } from '../../../src/api/dicomweb/store-response.js';
import { InstanceConflict, OutOfSpace, StudyMismatch } from '../../../src/archive/faults.js';
import type { RefusedInstance, StoredInstance } from '../../../src/archive/ingest.js';
import type { DicomJson } from '../../../src/dicom/dicom-json.js';
import { HeaderTooLarge, NotPart10, NotStorable, Truncated, UnsupportedTransferSyntax } from '../../../src/dicom/faults.js';
import { InternalFault, type Fault } from '../../../src/faults.js';

const stored = (more: Partial<StoredInstance> = {}): StoredInstance => ({
  kind: 'stored',
  studyInstanceUID: '1.2',
  seriesInstanceUID: '1.3',
  sopInstanceUID: '1.4',
  sopClassUID: '1.5',
  warnings: [],
  ...more,
});
const refused = (fault: Fault, more: Partial<RefusedInstance> = {}): RefusedInstance => ({ kind: 'refused', fault, ...more });
const failedItem = (fault: Fault): DicomJson => (storeResponse([refused(fault)], 'http://h').dataset['00081198'].Value as DicomJson[])[0];

describe('The answer to a store request (PS3.18 10.5.3)', () => {
  it.each<[number, string, Parameters<typeof storeResponse>[0]]>([
    [200, 'all are stored', [stored(), stored({ kind: 'same' })]],
    [202, 'some are refused', [stored(), refused(new NotPart10())]],
    [409, 'all are refused', [refused(new NotPart10()), refused(new InstanceConflict())]],
  ])('is %i where %s', (status, _, outcomes) => {
    expect(storeResponse(outcomes, 'http://h').status).toBe(status);
  });

  it.each<[string, number, Fault]>([
    ['a duplicate', 0x0111, new InstanceConflict()],
    ['an instance of another study', 0xa900, new StudyMismatch()],
    ['a directory', 0x0122, new NotStorable()],
    ['an unknown transfer syntax', 0xc122, new UnsupportedTransferSyntax()],
    ['too large a header', 0xa700, new HeaderTooLarge({})],
    ['a full disk', 0xa700, new OutOfSpace()],
    ['an error of our own', 0x0110, new InternalFault(new Error('secret'))],
    ['no DICOM file', 0xc000, new NotPart10()],
    ['a torn file', 0xc000, new Truncated({ byteOffset: 7 })],
  ])('gives %s the failure reason 0x%s (table I.2-2)', (_, reason, fault) => {
    expect(failedItem(fault)['00081197']).toEqual({ vr: 'US', Value: [reason] });
  });

  it('says nothing of the inside of an error of our own, and no more than an LO holds', () => {
    const comments = [new InternalFault(new Error('secret')), new Truncated({ byteOffset: 123_456_789 })].map((fault) =>
      String(failedItem(fault)['00000902'].Value?.[0]),
    );
    expect(comments.join()).not.toContain('secret');
    for (const comment of comments) expect(comment.length).toBeLessThanOrEqual(64);
  });

  it('names a refused instance as far as it is known', () => {
    const { dataset } = storeResponse(
      [refused(new NotPart10()), refused(new Truncated({}), { sopInstanceUID: '1.4', sopClassUID: '1.5' })],
      'http://h',
    );
    const [unknown, known] = dataset['00081198'].Value as DicomJson[];
    expect([unknown['00081150'], unknown['00081155']]).toEqual([{ vr: 'UI' }, { vr: 'UI' }]);
    expect([known['00081150'], known['00081155']]).toEqual([
      { vr: 'UI', Value: ['1.5'] },
      { vr: 'UI', Value: ['1.4'] },
    ]);
  });

  it('warns where a stored file was odd (0xB007), and only there', () => {
    const items = storeResponse([stored({ warnings: ['uid-leading-zero'] }), stored()], 'http://h').dataset['00081199']
      .Value as DicomJson[];
    expect(items.map((item) => item['00081196'])).toEqual([{ vr: 'US', Value: [0xb007] }, undefined]);
  });

  it('has the RetrieveURL of the study only where all are of one', () => {
    const url = (outcomes: StoredInstance[]) => storeResponse(outcomes, 'http://h').dataset['00081190'];
    expect(url([stored(), stored()])).toEqual({ vr: 'UR', Value: ['http://h/dicom-web/studies/1.2'] });
    expect(url([stored(), stored({ studyInstanceUID: '1.9' })])).toBeUndefined();
  });
});
