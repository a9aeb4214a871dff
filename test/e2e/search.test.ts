import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOf } from '../../src/dicom/data-dictionary.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, newUid } from './instances.js';
import { Wetread } from './wetread.js';

const uids = Object.fromEntries(['A', 'B', 'C', 'D'].map((name) => [name, newUid()]));
const [seriesA1, seriesA2] = [newUid(), newUid()];
const A = {
  StudyInstanceUID: uids['A'],
  PatientName: 'Doe^Jane',
  PatientID: 'P-1',
  StudyDate: '20260101',
  StudyTime: '081500',
  AccessionNumber: 'ACC-1',
  StudyDescription: 'CHEST, PA',
};
const B = {
  StudyInstanceUID: uids['B'],
  PatientName: 'Müller^Jürgen',
  PatientID: 'P-2',
  StudyDate: '20260115',
  StudyTime: '0930',
  AccessionNumber: 'ACC-2',
  PatientSex: 'M',
  PatientBirthDate: '19500505',
  StudyID: 'S2',
};
const C = {
  StudyInstanceUID: uids['C'],
  PatientID: 'P_3%',
  StudyDate: '20260201',
  StudyTime: '235959.5',
  AccessionNumber: 'ACC-3',
  ReferringPhysicianName: 'House^Gregory',
  PatientName: { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
};
const D = {
  StudyInstanceUID: uids['D'],
  PatientName: null,
  PatientID: null,
  StudyDate: null,
  StudyTime: null,
  AccessionNumber: null,
  ReferringPhysicianName: null,
  StudyID: null,
};
const onRequest = {
  '00400275': [
    { '00400007': { vr: 'LO', Value: ['Chest'] }, '00400009': { vr: 'SH', Value: ['SPS1'] }, '00401001': { vr: 'SH', Value: ['RP1'] } },
  ],
};
const instances = [
  aChestXray({ ...A, SeriesInstanceUID: seriesA1, InstanceNumber: 1, '00282000': null, TimezoneOffsetFromUTC: '+0100' }),
  aChestXray({ ...A, SeriesInstanceUID: seriesA1, InstanceNumber: 2, SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', NumberOfFrames: 3 }),
  aChestXray({
    ...A,
    SeriesInstanceUID: seriesA2,
    SeriesNumber: 2,
    Modality: 'MR',
    ...onRequest,
    PerformedProcedureStepStartDate: '20260101',
    PerformedProcedureStepStartTime: '081000',
  }),
  aChestXray({ ...B, Modality: 'CT' }),
  aChestXray(C),
  aChestXray(D),
];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to search were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const find = (path: string): Promise<DicomJson[]> => wetread.json<DicomJson[]>(`/dicom-web/${path}`, 'application/dicom+json');
const at = (keyword: string): string => tagOf(keyword) ?? keyword;
const valueOf = (dataset: DicomJson, keyword: string): unknown => dataset[at(keyword)]?.Value?.[0];
/** The studies found, by their letters in alphabetical order. */
const letters = (found: readonly DicomJson[]): string =>
  Object.keys(uids)
    .flatMap((name) => found.filter((one) => valueOf(one, 'StudyInstanceUID') === uids[name]).map(() => name))
    .join('');

describe('A search for studies (QIDO-RS, PS3.18 10.6)', () => {
  it.each<[query: string, found: string]>([
    ['', 'ABCD'],
    ['PatientName=Doe^Jane', 'A'],
    ['PatientName=DOE^JANE', 'A'],
    ['PatientName=doe*', 'A'],
    ['PatientName=*jane', 'A'],
    ['PatientName=d?e^j*', 'A'],
    ['PatientName=Doe', ''],
    ['PatientName=oe^Jan', ''],
    ['PatientName=müller^jürgen', 'B'],
    ['PatientName=MULLER*', 'B'],
    ['PatientName=山田*', 'C'],
    ['PatientName=やまだ^たろう', 'C'],
    ['PatientName=やまた*', ''],
    ['PatientName=yamada^tarou', 'C'],
    ['PatientName=*', 'ABCD'],
    ['PatientName=', 'ABCD'],
    ['ReferringPhysicianName=house*', 'C'],
    ['PatientID=P-1', 'A'],
    ['00100020=P-1', 'A'],
    ['PatientID=p-1', ''],
    ['PatientID=P*', 'ABC'],
    ['PatientID=P-?', 'AB'],
    ['PatientID=P_*', 'C'],
    ['PatientID=P_3%', 'C'],
    ['AccessionNumber=ACC-2', 'B'],
    ['StudyID=S2', 'B'],
    ['PatientSex=M', 'B'],
    ['StudyDescription=CHEST, PA', 'A'],
    ['StudyDescription=*, PA', 'A'],
    ['StudyDate=20260115', 'B'],
    ['StudyDate=20260101-20260131', 'AB'],
    ['StudyDate=20260115-', 'BC'],
    ['StudyDate=-20260115', 'AB'],
    ['StudyDate=19990101', ''],
    ['PatientBirthDate=19400101-19600101', 'B'],
    ['StudyTime=0815-0930', 'AB'],
    ['StudyTime=2359-', 'C'],
    ['StudyTime=08', 'A'],
    ['StudyTime=-09', 'AB'],
    ['ModalitiesInStudy=DX', 'ACD'],
    ['ModalitiesInStudy=MR', 'A'],
    ['ModalitiesInStudy=MR\\CT', 'AB'],
    ['ModalitiesInStudy=MR,CT', 'AB'],
    ['ModalitiesInStudy=PT', ''],
    [`StudyInstanceUID=${uids['B']}`, 'B'],
    [`StudyInstanceUID=${uids['B']},${uids['D']}`, 'BD'],
    [`StudyInstanceUID=${uids['B']}\\${uids['D']}`, 'BD'],
    [`0020000d=${uids['A']}`, 'A'],
    ['PatientID=P*&StudyDate=20260115-', 'BC'],
    ['PatientID=P-1&ModalitiesInStudy=CT', ''],
    [`PatientID=\\' OR 1=1 --`, ''],
    [`PatientName=' OR 1=1 --`, ''],
  ])('for %s finds %s', async (query, found) => {
    const keys = query.split('&').map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]);
    expect(letters(await find(`studies?${query === '' ? '' : new URLSearchParams(keys).toString()}`))).toBe(found);
  });

  it('gives every attribute of table 10.6.3-3', async () => {
    const [found] = await find('studies?PatientID=P-1');
    expect(Object.fromEntries(Object.entries(found).map(([tag, { Value }]) => [tag, Value]))).toMatchObject({
      [at('StudyDate')]: ['20260101'],
      [at('StudyTime')]: ['081500'],
      [at('AccessionNumber')]: ['ACC-1'],
      [at('InstanceAvailability')]: ['ONLINE'],
      [at('ModalitiesInStudy')]: ['DX', 'MR'],
      [at('ReferringPhysicianName')]: [{ Alphabetic: 'Referrer^Rita' }],
      [at('TimezoneOffsetFromUTC')]: ['+0100'],
      [at('RetrieveURL')]: [`${wetread.url}/dicom-web/studies/${uids['A']}`],
      [at('PatientName')]: [{ Alphabetic: 'Doe^Jane' }],
      [at('PatientID')]: ['P-1'],
      [at('PatientBirthDate')]: ['19700131'],
      [at('PatientSex')]: ['F'],
      [at('StudyInstanceUID')]: [uids['A']],
      [at('StudyID')]: ['S1'],
      [at('NumberOfStudyRelatedSeries')]: [2],
      [at('NumberOfStudyRelatedInstances')]: [3],
    });
  });

  it('gives them without a value where the study has none', async () => {
    const [found] = await find(`studies?StudyInstanceUID=${uids['D']}`);
    for (const keyword of ['StudyDate', 'StudyTime', 'AccessionNumber', 'ReferringPhysicianName', 'PatientName', 'PatientID', 'StudyID'])
      expect({ keyword, element: found[at(keyword)] }).toEqual({ keyword, element: { vr: expect.any(String) } });
  });
});

describe('A search for series and instances', () => {
  it('gives every attribute of table 10.6.3-4 for a series', async () => {
    const [found, ...others] = await find(`studies/${uids['A']}/series?Modality=MR`);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      [at('Modality')]: { vr: 'CS', Value: ['MR'] },
      [at('SeriesDescription')]: { vr: 'LO', Value: ['PA'] },
      [at('SeriesNumber')]: { vr: 'IS', Value: [2] },
      [at('SeriesInstanceUID')]: { vr: 'UI', Value: [seriesA2] },
      [at('NumberOfSeriesRelatedInstances')]: { vr: 'IS', Value: [1] },
      [at('RetrieveURL')]: { vr: 'UR', Value: [`${wetread.url}/dicom-web/studies/${uids['A']}/series/${seriesA2}`] },
      [at('PerformedProcedureStepStartDate')]: { vr: 'DA', Value: ['20260101'] },
      [at('PerformedProcedureStepStartTime')]: { vr: 'TM', Value: ['081000'] },
    });
    const [request] = found[at('RequestAttributesSequence')].Value as DicomJson[];
    expect([valueOf(request, 'ScheduledProcedureStepID'), valueOf(request, 'RequestedProcedureID')]).toEqual(['SPS1', 'RP1']);
  });

  it('gives every attribute of table 10.6.3-5 for an instance', async () => {
    const sent = instances[1];
    const [found] = await find(`instances?SOPInstanceUID=${sent.sopInstanceUID}`);
    expect(found).toMatchObject({
      [at('SOPClassUID')]: { vr: 'UI', Value: [sent.sopClassUID] },
      [at('SOPInstanceUID')]: { vr: 'UI', Value: [sent.sopInstanceUID] },
      [at('InstanceAvailability')]: { vr: 'CS', Value: ['ONLINE'] },
      [at('InstanceNumber')]: { vr: 'IS', Value: [2] },
      [at('RetrieveURL')]: { vr: 'UR', Value: [`${wetread.url}${sent.path}`] },
      [at('Rows')]: { vr: 'US', Value: [8] },
      [at('Columns')]: { vr: 'US', Value: [10] },
      [at('BitsAllocated')]: { vr: 'US', Value: [16] },
      [at('NumberOfFrames')]: { vr: 'IS', Value: [3] },
      [at('StudyInstanceUID')]: { vr: 'UI', Value: [uids['A']] },
      [at('SeriesInstanceUID')]: { vr: 'UI', Value: [seriesA1] },
    });
  });

  it.each<[string, number]>([
    ['series', 5],
    ['series?Modality=DX', 3],
    ['series?SeriesNumber=2', 1],
    ['series?PatientID=P-1', 2],
    [`series?SeriesInstanceUID=${seriesA1},${seriesA2}`, 2],
    ['series?PerformedProcedureStepStartDate=20251231-20260102', 1],
    ['instances', 6],
    ['instances?InstanceNumber=2', 1],
    ['instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.7', 1],
    ['instances?PatientID=P-1&Modality=DX', 2],
    ['instances?BodyPartExamined=CHEST', 6],
    ['instances?ViewPosition=AP', 0],
    ['instances?Rows=8', 6],
    ['instances?Rows=9', 0],
    [`studies/${uids['A']}/series`, 2],
    [`studies/${uids['A']}/instances`, 3],
    [`studies/${uids['A']}/series/${seriesA1}/instances`, 2],
    [`studies/${uids['B']}/series/${seriesA1}/instances`, 0],
    ['studies/1.2.3/series', 0],
    ['studies/1.2.3/instances', 0],
  ])('%s finds %i', async (path, count) => {
    expect(await find(path)).toHaveLength(count);
  });

  it('tells of the patient and the study beside each', async () => {
    for (const path of ['series?Modality=CT', 'instances?Modality=CT']) {
      const [found] = await find(path);
      expect([valueOf(found, 'PatientID'), valueOf(found, 'StudyInstanceUID'), valueOf(found, 'StudyDate')]).toEqual([
        'P-2',
        uids['B'],
        '20260115',
      ]);
    }
  });
});
