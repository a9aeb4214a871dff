import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AS_STORED, bytesAt, HAND, NAME, patch, seriesPath, studyPath } from './changes.js';
import { aChestXray, type TestInstance } from './instances.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
let one: TestInstance;
beforeAll(async () => {
  wetread = await Wetread.start();
  one = aChestXray(HAND);
  await wetread.store(one.bytes);
});
afterAll(async () => {
  expect(await bytesAt(wetread, one.path, AS_STORED)).toEqual(one.bytes); // none of them left a trace
  await wetread.remove();
});
const text = (vr: string, ...values: unknown[]) => ({ vr, Value: values });

describe('A change that is refused', () => {
  it.each<[string, 'study' | 'series' | 'instance', Record<string, unknown>, number, string, string]>([
    ['a Study Instance UID', 'study', { '0020000D': text('UI', '1.2') }, 422, 'attribute-not-changeable', '(0020,000D)'],
    ['a SOP Class', 'instance', { '00080016': text('UI', '1.2') }, 422, 'attribute-not-changeable', '(0008,0016)'],
    ['the removal of a UID', 'instance', { '00080018': null }, 422, 'attribute-not-changeable', '(0008,0018)'],
    ['a frame of reference', 'instance', { '00200052': text('UI', '1.2') }, 422, 'attribute-not-changeable', '(0020,0052)'],
    ['File Meta Information', 'instance', { '00020010': text('UI', '1.2') }, 422, 'attribute-not-changeable', '(0002,0010)'],
    ['a character set', 'instance', { '00080005': text('CS', 'ISO_IR 100') }, 422, 'attribute-not-changeable', '(0008,0005)'],
    ...['00280002', '00280004', '00280006', '00280008', '00280010', '00280011', '00280100', '00280101', '00280102', '00280103'].map(
      (at): [string, 'instance', Record<string, unknown>, number, string, string] => [
        `the pixels' layout ${at}`,
        'instance',
        { [at]: null },
        422,
        'attribute-not-changeable',
        `(${at.slice(0, 4)},${at.slice(4)})`,
      ],
    ),
    ['pixels', 'instance', { '7FE00010': { vr: 'OW', InlineBinary: 'AAAA' } }, 422, 'attribute-not-changeable', '(7FE0,0010)'],
    ['original attributes', 'instance', { '04000561': null }, 422, 'attribute-not-changeable', '(0400,0561)'],
    ["a patient's name by a series", 'series', { '00100010': NAME }, 422, 'attribute-of-other-level', '(0010,0010)'],
    ['a series number by a study', 'study', { '00200011': text('IS', 1) }, 422, 'attribute-of-other-level', '(0020,0011)'],
    ['an instance number by a series', 'series', { '00200013': text('IS', 1) }, 422, 'attribute-of-other-level', '(0020,0013)'],
    ['a value elsewhere', 'instance', { '00204000': { vr: 'LT', BulkDataURI: 'x' } }, 400, 'unwritable-value', '(0020,4000)'],
    ['a wrong VR', 'study', { '00100020': text('SH', 'x') }, 400, 'wrong-vr', '(0010,0020)'],
    ['a wrong VR in an item', 'study', { '00101002': text('SQ', { '00100020': text('SH', 'x') }) }, 400, 'wrong-vr', '(0010,0020)'],
    ['an unknown attribute', 'instance', { '00180001': text('LO', 'x') }, 400, 'unknown-attribute', '(0018,0001)'],
    ['a private element without creator', 'instance', { '00111001': text('LO', 'x') }, 422, 'private-creator-missing', '(0011,1001)'],
    ['no day', 'study', { '00080020': text('DA', '20260230') }, 400, 'unwritable-value', '(0008,0020)'],
    ['no time', 'study', { '00080030': text('TM', '25') }, 400, 'unwritable-value', '(0008,0030)'],
    ['a long name', 'study', { '00100010': text('PN', { Alphabetic: 'x'.repeat(65) }) }, 400, 'unwritable-value', '(0010,0010)'],
    ['a name that is text', 'study', { '00100010': text('PN', 'Doe') }, 400, 'unwritable-value', '(0010,0010)'],
    ['a small letter in a code', 'study', { '00100040': text('CS', 'f') }, 400, 'unwritable-value', '(0010,0040)'],
    ['two values in one', 'study', { '00081030': text('LO', 'a\\b') }, 400, 'unwritable-value', '(0008,1030)'],
    ['a line break in a long string', 'study', { '00081030': text('LO', 'a\nb') }, 400, 'unwritable-value', '(0008,1030)'],
    ['a number that is none', 'instance', { '00200013': text('IS', '1.5') }, 400, 'unwritable-value', '(0020,0013)'],
    ['a keyword', 'study', { PatientID: text('LO', 'x') }, 400, 'malformed-metadata', ''],
    ['nothing', 'study', {}, 400, 'nothing-to-change', ''],
  ])('%s', async (_, level, change, status, code, named) => {
    const path = { study: studyPath, series: seriesPath, instance: ({ path }: TestInstance) => path }[level](one);
    const answer = await patch(wetread, path, change);
    const problem = (await answer.json()) as { code: string; detail: string };
    expect([answer.status, problem.code]).toEqual([status, code]);
    expect(problem.detail).toContain(named);
    expect(problem.detail).not.toMatch(/Doe|x{5}/);
  });

  it.each<[string, string, Record<string, string>, string, number, string]>([
    ['two data sets', '[{},{}]', {}, '', 400, 'malformed-metadata'],
    ['no JSON', '{', {}, '', 400, 'malformed-metadata'],
    ['an attribute twice', '{"00100010":null,"00100010":null}', {}, '', 400, 'malformed-metadata'],
    ['other JSON', '{"00100010":null}', { 'content-type': 'application/json' }, '', 415, 'not-a-dicom-json-body'],
    ['XML', '<x/>', { 'content-type': 'application/dicom+xml' }, '', 415, 'not-a-dicom-json-body'],
    ['a coding that nobody knows', '{}', { 'content-encoding': 'lzma' }, '', 415, 'encoded-body'],
    ['too much', ' '.repeat(5 * 2 ** 20), {}, '', 413, 'change-too-large'],
    ['an unknown reason', '{"00100010":null}', {}, 'reason=WHIM', 400, 'unknown-reason'],
    ['what is no longer so', '{"00100010":null}', { 'if-match': '"other"' }, '', 412, 'precondition-failed'],
  ])('%s', async (_, body, headers, query, status, code) => {
    const answer = await patch(wetread, `${studyPath(one)}?${query}`, body, headers);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('of what is not there', async () => {
    const gone = aChestXray();
    for (const path of [studyPath(gone), seriesPath({ ...gone, studyInstanceUID: one.studyInstanceUID })])
      expect((await patch(wetread, path, path === studyPath(gone) ? { '00100010': NAME } : { '0008103E': null })).status).toBe(404);
    expect((await patch(wetread, gone.path, { '00200013': null })).status).toBe(404);
    expect((await wetread.fetch(`${gone.path}/original`)).status).toBe(404);
  });
});
