import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOf } from '../../src/dicom/data-dictionary.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, newUid, type Elements } from './instances.js';
import { Wetread } from './wetread.js';

/** Studies by letter. */
const said: Readonly<Record<string, Elements>> = {
  A: { PatientName: 'Smith^John^^Dr', PatientID: 'M-1', StudyDate: '20260105', StudyTime: '0900', ReferringPhysicianName: 'House^Gregory' },
  B: { PatientName: 'Smithson^Ann', PatientID: 'M-2', StudyDate: '20260106', StudyTime: '233000', TimezoneOffsetFromUTC: '+0100' },
  C: { PatientName: 'Müller^Jürgen', PatientID: 'M-3', StudyDate: '20260107', StudyTime: '170000.25', StudyDescription: null },
  D: {
    PatientName: { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    PatientID: null,
    StudyDate: '20260108',
    StudyTime: null,
    OtherPatientNames: ['Yamada^T', 'Taro'],
  },
};
const uids = Object.fromEntries(Object.keys(said).map((letter) => [letter, newUid()]));
const instances = [
  ...Object.entries(said).map(([letter, elements]) =>
    aChestXray({
      ...elements,
      StudyInstanceUID: uids[letter],
      AcquisitionDateTime: `${String(elements['StudyDate'])}101530.5+0100`,
      ImageType: ['ORIGINAL', 'PRIMARY', letter],
    }),
  ),
  aChestXray({ ...said['A'], StudyInstanceUID: uids['A'], Modality: 'CT', KVP: 120 }),
  aChestXray({ ...said['B'], StudyInstanceUID: uids['B'], Modality: 'CT', SeriesNumber: null }),
];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to search were not stored: ${status}`);
});
afterAll(() => wetread.remove());

/** The letters of the studies found; keys are percent-encoded as a client does. */
async function letters(level: 'studies' | 'series' | 'instances', query: string): Promise<string> {
  const keys = query.split('&').map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]);
  const found = await wetread.json<DicomJson[]>(`/dicom-web/${level}?${new URLSearchParams(keys).toString()}`, 'application/dicom+json');
  const of = (one: DicomJson): unknown => one[tagOf('StudyInstanceUID') ?? '']?.Value?.[0];
  return Object.keys(uids)
    .flatMap((letter) => found.filter((one) => of(one) === uids[letter]).map(() => letter))
    .join('');
}

describe('Person names (PS3.4 C.2.2.2.1)', () => {
  it.each<[string, string]>([
    ['PatientName=Smith*', 'AB'],
    ['PatientName=Smith^John', ''],
    ['PatientName=smith^john^^dr', 'A'],
    ['PatientName=SMITH^JOHN*', 'A'],
    ['PatientName=*son^*', 'B'],
    ['PatientName=Yamada*=山田*', 'D'],
    ['PatientName==山田^太郎', 'D'],
    ['PatientName=Smith*=山田*', ''],
    ['PatientName=*=*', 'ABCD'],
    ['ReferringPhysicianName=house^*', 'A'],
    ['OtherPatientNames=taro', 'D'],
    ['OtherPatientNames=YAMADA*', 'D'],
  ])('%s finds %s', async (query, found) => expect(await letters('studies', query)).toBe(found));

  it.each<[string, string]>([
    ['PatientName=smi', 'AB'],
    ['PatientName=john smith', 'A'],
    ['PatientName=Smiht', 'A'],
    ['PatientName=Smyth^Jon', 'A'],
    ['PatientName=muler', 'C'],
    ['PatientName=yamadda', 'D'],
    ['PatientName=山', 'D'],
    ['PatientName=Nakamura', ''],
    ['PatientName=(smith', 'AB'],
    ['ReferringPhysicianName=Gregor Houses', 'A'],
    ['OtherPatientNames=yamad', 'D'],
  ])('%s with fuzzymatching finds %s (PS3.18 8.3.4.2)', async (query, found) => {
    const answer = await letters('studies', `${query}&fuzzymatching=true`);
    expect([...new Set(answer)].filter((letter) => found.includes(letter)).join('')).toBe(found);
    if (found === '') expect(answer).toBe('');
  });

  it('are found fuzzily without a warning that they were not', async () => {
    const answer = await wetread.fetch('/dicom-web/studies?PatientName=Smiht&fuzzymatching=true');
    expect([answer.status, answer.headers.get('warning')]).toEqual([200, null]);
  });
});

describe('Dates and times', () => {
  it.each<[string, string]>([
    ['StudyDate=20260105-20260107&StudyTime=0930-1200', 'B'],
    ['StudyDate=20260105-20260107&StudyTime=0930-1800', 'BC'],
    ['StudyDate=20260106-&StudyTime=2330-', 'BCD'],
    ['StudyDate=-20260106&StudyTime=-2329', 'A'],
    ['StudyDate=20260107&StudyTime=16-18', 'C'],
    ['StudyDate=20260107-20260105', ''],
    ['PatientBirthDate=19700131&PatientBirthTime=10-12', ''],
    ['StudyTime=170000.25', 'C'],
    ['StudyTime=1700', 'C'],
    ['StudyTime=170000.250000', 'C'],
    ['StudyTime=090000.000000', 'A'],
    ['StudyTime=170000.250000-180000.000000', 'C'],
  ])('%s finds %s: ranges of one form are one range of moments (PS3.18 8.3.4.1.1)', async (query, found) =>
    expect(await letters('studies', query)).toBe(found),
  );

  it.each<[string, string]>([
    ['StudyDate=20260107&TimezoneOffsetFromUTC=+0200', 'BC'],
    ['StudyDate=20260106&TimezoneOffsetFromUTC=+0200', ''],
    ['StudyDate=20260106&TimezoneOffsetFromUTC=+0100', 'B'],
    ['StudyTime=0030&TimezoneOffsetFromUTC=+0200', 'B'],
    ['StudyDate=20260107-20260107&StudyTime=0000-0100&TimezoneOffsetFromUTC=+0200', 'B'],
    ['StudyDate=20260108&TimezoneOffsetFromUTC=-0500', 'D'],
    ['PatientBirthDate=19700131&TimezoneOffsetFromUTC=-0500', 'ABCD'],
  ])('%s finds %s: in the request’s own offset from UTC', async (query, found) => expect(await letters('studies', query)).toBe(found));

  it.each<[string, string]>([
    ['AcquisitionDateTime=20260106091530.5+0000', 'B'],
    ['AcquisitionDateTime=20260106', 'B'],
    ['AcquisitionDateTime=202601', 'ABCD'],
    ['AcquisitionDateTime=20260106101530-20260107', 'C'],
    ['AcquisitionDateTime=-20260105', 'A'],
  ])('%s finds %s: moments count their offset', async (query, found) =>
    expect([...new Set(await letters('instances', query))].join('')).toBe(found),
  );
});

describe('Values', () => {
  it.each<['studies' | 'series' | 'instances', string, string]>([
    ['studies', 'PatientID=""&emptyvaluematching=true', 'D'],
    ['studies', 'PatientID=""', ''],
    ['studies', 'StudyDescription=""&emptyvaluematching=true', 'C'],
    ['studies', 'OtherPatientNames=""&emptyvaluematching=true', 'ABC'],
    ['studies', 'StudyDate=20260108&StudyTime=""&emptyvaluematching=true', 'D'],
    ['series', 'SeriesNumber=""&emptyvaluematching=true', 'B'],
    ['studies', 'ModalitiesInStudy=CT\\DX&multiplevaluematching=true', 'AB'],
    ['studies', 'ModalitiesInStudy=CT\\MR&multiplevaluematching=true', ''],
    ['studies', 'ModalitiesInStudy=C*', 'AB'],
    ['studies', 'NumberOfStudyRelatedSeries=2', 'AB'],
    ['instances', 'ImageType=PRIMARY\\B&multiplevaluematching=true', 'B'],
    ['instances', 'ImageType=PRIMARY\\X&multiplevaluematching=true', ''],
    ['instances', 'ImageType=X\\B', 'B'],
    ['instances', 'KVP=120', 'A'],
    ['instances', 'KVP=120.0', 'A'],
    ['instances', 'AvailableTransferSyntaxUID=1.2.840.10008.1.2.1&Modality=CT', 'AB'],
    ['instances', 'StudyDescription=*hest*&Modality=CT', 'AB'],
  ])('%s?%s finds %s', async (level, query, found) => expect(await letters(level, query)).toBe(found));

  it.each(['fuzzymatching=maybe', 'TimezoneOffsetFromUTC=CET', 'StudyDate=20260230', 'StudyTime=2460', 'SeriesNumber=x'])(
    '%s is refused (400)',
    async (query) => expect((await wetread.fetch(`/dicom-web/series?${query}`)).status).toBe(400),
  );
});
