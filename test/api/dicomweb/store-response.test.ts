import { describe, expect, it } from '@jest/globals';
import { storeResponse } from '../../../src/api/dicomweb/store-response.js';
import { InstanceConflict, OutOfSpace, StudyMismatch } from '../../../src/archive/faults.js';
import type { RefusedInstance, StoredInstance } from '../../../src/archive/ingest.js';
import type { DicomJson, Tag } from '../../../src/dicom/dicom-json.js';
import { BulkDataMissing, ForeignPart } from '../../../src/api/dicomweb/store-faults.js';
import {
  HeaderTooLarge,
  MalformedMetadata,
  MissingUid,
  NotPart10,
  NotStorable,
  Truncated,
  UnsupportedTransferSyntax,
  UnwritableValue,
} from '../../../src/dicom/faults.js';
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
    [200, 'what was noticed is as the standard allows', [stored({ warnings: ['vr-un-resolved'] })]],
    [202, 'all are stored, one with a warning', [stored(), stored({ warnings: ['odd-length'] })]],
    [409, 'all are refused', [refused(new NotPart10()), refused(new InstanceConflict())]],
    [400, 'nothing in it is metadata at all', [refused(new MalformedMetadata('an object does not end'))]],
    [409, 'there is metadata among what is none', [refused(new MalformedMetadata('an object does not end')), refused(new NotStorable())]],
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
    ['a torn file', 0xc001, new Truncated({ byteOffset: 7 })],
    ['one without its UIDs', 0xc002, new MissingUid('00080018' as Tag)],
    ['a part of another media type', 0xc010, new ForeignPart()],
    ['a value that its VR cannot hold', 0xc012, new UnwritableValue('text was expected', '00100020' as Tag)],
    ['one whose bulk data did not come', 0xc013, new BulkDataMissing('7FE00010')],
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

  it('cuts a comment between words, and names the element first (PS3.7 C.4)', () => {
    const long = failedItem(new UnwritableValue('a backslash separates values and cannot be in one', '00081030' as Tag));
    expect(long['00000901']).toEqual({ vr: 'AT', Value: ['00081030'] });
    expect(long['00000902'].Value).toEqual(['(0008,1030) A value cannot be written: a backslash separates']);
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

  it('warns where a stored file was odd, by what was odd (table I.2-1), and only there', () => {
    const reason = (...warnings: string[]) =>
      (storeResponse([stored({ warnings })], 'http://h').dataset['00081199'].Value as DicomJson[])[0]['00081196']?.Value?.[0];
    expect(reason('uid-leading-zero')).toBe(0xb007); // Data Set does not match SOP Class
    expect(reason('odd-length', 'text-not-in-character-set')).toBe(0xb000); // Coercion of Data Elements
    expect(reason('text-not-in-character-set', 'duplicate-element')).toBe(0xb006); // Elements Discarded
    expect(reason('vr-un-resolved', 'meta-uid-differs')).toBeUndefined(); // as the standard allows
    expect(reason()).toBeUndefined();
  });

  it('has the RetrieveURL of the study only where all are of one', () => {
    const url = (outcomes: StoredInstance[]) => storeResponse(outcomes, 'http://h').dataset['00081190'];
    expect(url([stored(), stored()])).toEqual({ vr: 'UR', Value: ['http://h/dicom-web/studies/1.2'] });
    expect(url([stored(), stored({ studyInstanceUID: '1.9' })])).toEqual({ vr: 'UR' }); // type 2: there, and empty
  });
});
