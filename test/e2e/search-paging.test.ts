import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, newUid } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const lut = Buffer.alloc(4_096, 7); // longer than DICOM JSON holds inline
const study = newUid();
const instances = [
  ...Array.from({ length: 4 }, (_, i) =>
    aChestXray({ PatientID: `P-${i}`, PatientComments: `comment ${i}`, ...(i === 0 ? { StudyInstanceUID: study } : {}) }),
  ),
  aChestXray({ StudyInstanceUID: study, PatientID: 'P-0' }, { pixelData: Buffer.concat([lut, lut]) }),
];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  await wetread.store(...instances.map(({ bytes }) => bytes));
});
afterAll(() => wetread.remove());

const ask = (path: string, accept = 'application/dicom+json'): Promise<Response> =>
  wetread.fetch(`/dicom-web/${path}`, { headers: { accept } });
const find = async (path: string): Promise<DicomJson[]> => (await (await ask(path)).json()) as DicomJson[];
const uidsOf = (found: readonly DicomJson[]): unknown[] => found.map((one) => one['0020000D'].Value?.[0]);

describe('Pages of a search (PS3.18 8.3.4.4)', () => {
  it('follow each other without gap or repetition, and Warning 299 says that there are more', async () => {
    const all = uidsOf(await find('studies'));
    expect(all).toHaveLength(4);
    const first = await ask('studies?limit=3');
    expect(first.headers.get('warning')).toMatch(/^299 .*offset=3/);
    const second = await ask('studies?limit=3&offset=3');
    expect(second.headers.get('warning')).toBeNull();
    expect([...uidsOf((await first.json()) as DicomJson[]), ...uidsOf((await second.json()) as DicomJson[])]).toEqual(all);
  });

  it('have no warning where the limit is just met, and one where it is 0', async () => {
    expect((await ask('studies?limit=4')).headers.get('warning')).toBeNull();
    const none = await ask('studies?limit=0');
    expect([none.headers.get('warning') === null, await none.json()]).toEqual([false, []]);
    expect(await find('studies?offset=100')).toEqual([]);
  });

  it.each(['limit=-1', 'limit=ten', 'offset=1.5', 'limit=', 'offset=99999999999'])('are refused for %s (400)', async (query) => {
    const answer = await ask(`studies?${query}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'bad-paging']);
  });
});

describe('includefield (PS3.18 8.3.4.3)', () => {
  const comments = '00104000';

  it.each([
    'includefield=PatientComments',
    'includefield=00104000',
    'includefield=PatientID,PatientComments',
    'includefield=PatientID&includefield=00104000',
    'includefield=all',
  ])('gives an attribute by %s', async (query) => {
    const [found] = await find(`studies?PatientID=P-1&${query}`);
    expect(found[comments]).toEqual({ vr: 'LT', Value: ['comment 1'] });
  });

  it('leaves out what nobody asked for', async () => {
    const [found] = await find('studies?PatientID=P-1');
    expect(found[comments]).toBeUndefined();
  });

  it('gives bulk data by a URI that resolves', async () => {
    const [found] = await find(`instances?SOPInstanceUID=${instances[4].sopInstanceUID}&includefield=all`);
    const uri = found['7FE00010'].BulkDataURI ?? '';
    expect(uri).toBe(`${wetread.url}${instances[4].path}/bulkdata/7FE00010`);
    expect(Buffer.from(await (await fetch(uri)).arrayBuffer())).toEqual(instances[4].pixelData);
  });
});

describe('What a search answers to a wrong or odd question', () => {
  it.each([
    'studies?NoSuchKeyword=1',
    'studies?includefield=NoSuchKeyword',
    'studies?StudyDate=January',
    'studies?StudyDate=2026',
    'studies?StudyDate=-',
    'studies?StudyTime=25h',
    'studies?SOPInstanceUID=1.2.3',
    'studies/1.x/series',
  ])('%s: 400 and problem details', async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(await answer.json()).toMatchObject({ status: 400, code: expect.stringMatching(/^(bad-search-key|malformed-uid)$/) });
  });

  it('200 and an empty array where nothing matches', async () => {
    const answer = await ask('studies?PatientID=NOBODY');
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      expect.stringMatching(/^application\/dicom\+json/),
      '[]',
    ]);
  });

  it('a part of XML each match where that is asked for (8.7.3.3), 204 without one', async () => {
    const answer = await ask('studies', 'multipart/related; type="application/dicom+xml"');
    const parts = await partsOf(answer);
    expect(parts.map(({ headers }) => headers['content-type'])).toEqual(Array.from({ length: 4 }, () => 'application/dicom+xml'));
    expect(parts.map(({ bytes }) => bytes.toString()).join('\n')).toMatch(
      /<DicomAttribute[^>]*keyword="PatientID"[^>]*><Value number="1">P-1<\/Value>/,
    );
    expect((await ask('studies?PatientID=NOBODY', 'multipart/related; type="application/dicom+xml"')).status).toBe(204);
  });

  it('406 where only other forms are taken', async () => {
    const answer = await ask('studies', 'text/html');
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([406, 'not-acceptable']);
  });
});
