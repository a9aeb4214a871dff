import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImagingStudy, Patient } from 'fhir/r4.js';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { DicomElement, DicomJson } from '../../src/dicom/dicom-json.js';
import { AS_STORED, bytesAt, DICOM_JSON, HAND, NAME, patch, read, seriesPath, studyPath } from './changes.js';
import { command } from './commands.js';
import { aChestXray, newUid } from './instances.js';
import { partsOf } from './multipart.js';
import { found, graph, imagingStudyOf, onRecord } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

const dcmdump = (process.env['PATH'] ?? '')
  .split(':')
  .map((folder) => `${folder}/dcmdump`)
  .find(existsSync);
if (dcmdump === undefined) console.warn('dcmdump is absent: it does not read a file with changed attributes');

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const metadata = (path: string): Promise<DicomJson[]> => wetread.json<DicomJson[]>(`${path}/metadata`, DICOM_JSON);
const matches = async (level: string, query: string): Promise<DicomJson[]> => {
  const answer = await wetread.fetch(`/dicom-web/${level}?${query}`, { headers: { accept: DICOM_JSON } });
  return answer.status === 204 ? [] : ((await answer.json()) as DicomJson[]);
};
const value = (dataset: DicomJson, at: string): unknown => dataset[at]?.Value?.[0];
const originals = (dataset: DicomJson): DicomJson[] => (dataset['04000561']?.Value ?? []) as DicomJson[];
const modified = (original: DicomJson): DicomJson => original['04000550'].Value?.[0] as DicomJson;

describe('Change attributes', () => {
  it('of a study: every answer has the new values and none finds the old ones; the bytes stay as received', async () => {
    const oldID = `O-${newUid().slice(-10)}`;
    const newID = `N-${newUid().slice(-10)}`;
    const said = { ...HAND, StudyInstanceUID: newUid(), PatientID: oldID, PatientName: 'Wrong^Person', StudyDate: '20260131' };
    const study = [1, 2].map((SeriesNumber) => aChestXray({ ...said, SeriesNumber }));
    const [one] = study;
    await wetread.store(...study.map(({ bytes }) => bytes));
    await eventually(async () => (await found<Patient>(wetread, `Patient?identifier=${oldID}`))[0], 'Patient');
    const before = await wetread.fetch(`${one.path}/metadata`, { headers: { accept: DICOM_JSON } });
    const fileBefore = await wetread.fetch(one.path, { headers: { accept: AS_STORED } });

    const answer = await patch(wetread, `${studyPath(one)}?reason=COERCE`, {
      '00100010': NAME,
      '00100020': { vr: 'LO', Value: [newID] },
      '00080020': { vr: 'DA', Value: ['20260202'] },
      '00080090': { vr: 'PN' },
      '00081030': null,
    });
    expect([answer.status, await answer.text()]).toEqual([204, '']);

    for (const level of ['studies', 'series', 'instances']) {
      const expected = level === 'studies' ? 1 : 2;
      for (const query of [`PatientID=${newID}`, `PatientID=${newID}&PatientName=Yamada*&StudyDate=20260202`]) {
        const answers = await matches(level, query);
        expect([level, query, answers.length]).toEqual([level, query, expected]);
        for (const each of answers) {
          expect(each['00100010']).toEqual(NAME);
          expect([value(each, '00100020'), value(each, '00080020'), each['00080090'], each['00081030']]).toEqual([
            newID,
            '20260202',
            { vr: 'PN' },
            undefined,
          ]);
        }
      }
      for (const name of ['山田*', 'やまだ^たろう'])
        expect(await matches(level, `PatientID=${newID}&PatientName=${encodeURIComponent(name)}`)).toHaveLength(expected);
      for (const query of [`PatientID=${oldID}`, `PatientID=${newID}&PatientName=Wrong*`, `PatientID=${newID}&StudyDate=20260131`])
        expect([level, query, await matches(level, query)]).toEqual([level, query, []]);
    }
    const [whole] = await matches('instances', `PatientID=${newID}&SeriesNumber=1&includefield=all`);
    expect(whole['00100010']).toEqual(NAME);

    const [dataset] = await metadata(one.path);
    expect(dataset['00100010']).toEqual(NAME);
    expect(dataset['00081030']).toBeUndefined();
    expect(originals(dataset)).toEqual([
      {
        '04000550': {
          vr: 'SQ',
          Value: [
            {
              '00080020': { vr: 'DA', Value: ['20260131'] },
              '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Referrer^Rita' }] },
              '00081030': { vr: 'LO', Value: ['Chest PA'] },
              '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wrong^Person' }] },
              '00100020': { vr: 'LO', Value: [oldID] },
            },
          ],
        },
        '04000562': { vr: 'DT', Value: [expect.stringMatching(/^20\d{12}\.\d{6}\+0000$/)] },
        '04000563': { vr: 'LO', Value: ['wetread'] },
        '04000564': { vr: 'LO' },
        '04000565': { vr: 'CS', Value: ['COERCE'] },
      },
    ]);
    const xml = (await bytesAt(wetread, `${one.path}/metadata`, 'multipart/related; type="application/dicom+xml"')).toString();
    expect(xml).toContain('太郎');

    const { data } = await graph<{ study: object }>(
      wetread,
      `query($uid: String!) { study(studyInstanceUID: $uid) { patientID patientName studyDate } }`,
      { uid: one.studyInstanceUID },
    );
    expect(data.study).toEqual({ patientID: newID, patientName: 'Yamada^Tarou', studyDate: '20260202' });

    const patient = await eventually(async () => (await found<Patient>(wetread, `Patient?identifier=${newID}`))[0], 'new Patient');
    expect(patient.name?.map(({ family }) => family)).toEqual(['Yamada', '山田', 'やまだ']);
    const [imaging] = await found<ImagingStudy>(wetread, imagingStudyOf(one.studyInstanceUID));
    expect(imaging.subject.reference).toBe(`Patient/${patient.id}`);

    const [replaced] = await found<Patient>(wetread, `Patient?identifier=${oldID}`);
    expect(replaced).toMatchObject({ active: false, link: [{ other: { reference: `Patient/${patient.id}` }, type: 'replaced-by' }] });

    const after = await wetread.fetch(`${one.path}/metadata`, { headers: { accept: DICOM_JSON } });
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    const fileAfter = await wetread.fetch(one.path, { headers: { accept: AS_STORED } });
    expect(fileAfter.headers.get('etag')).not.toBe(fileBefore.headers.get('etag'));
    for (const path of [one.path, `${one.path}/original`]) {
      const stale = await wetread.fetch(path, { headers: { accept: AS_STORED, 'if-none-match': fileBefore.headers.get('etag') ?? '' } });
      expect([path, stale.status]).toEqual([path, 200]);
    }
    const file = Buffer.from(await fileAfter.arrayBuffer());
    const { '00080005': _, '00083002': __, ...told } = dataset;
    const { '00080005': ___, ...inFile } = await read(file);
    expect({ ...inFile, '7FE00010': undefined }).toEqual({ ...told, '7FE00010': undefined });
    expect(file.subarray(-one.pixelData.length).equals(one.pixelData)).toBe(true);
    if (dcmdump !== undefined) {
      const dumped = spawnSync(dcmdump, ['-', '+P', '0010,0010', '+P', '0400,0565', '+P', '7fe0,0010', '-q'], {
        input: file,
        encoding: 'utf8',
      });
      expect([dumped.status, dumped.stderr]).toEqual([0, '']);
      for (const said of ['Yamada^Tarou=山田^太郎=やまだ^たろう', '[Wrong^Person]', '[COERCE]', '(7fe0,0010) OW'])
        expect(dumped.stdout).toContain(said);
    }
    for (const path of [studyPath(one), seriesPath(one)])
      for (const { bytes } of await partsOf(
        await wetread.fetch(path, { headers: { accept: `multipart/related; type="application/dicom"; transfer-syntax=*` } }),
      ))
        expect((await read(bytes))['00100010']).toEqual(NAME);
    const uids = `studyUID=${one.studyInstanceUID}&seriesUID=${one.seriesInstanceUID}&objectUID=${one.sopInstanceUID}`;
    const byUri = await bytesAt(wetread, `/wado?requestType=WADO&${uids}&contentType=application/dicom`, '*/*');
    expect((await read(byUri))['00100010']).toEqual(NAME);
    expect((await bytesAt(wetread, `${one.path}/original`, 'application/dicom')).equals(one.bytes)).toBe(true);
  });

  it('of a series or an instance: there and nowhere else; what is changed again is kept again', async () => {
    const study = { ...HAND, StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
    const [first, second, other] = [aChestXray(study), aChestXray(study), aChestXray({ ...study, SeriesInstanceUID: newUid() })];
    await wetread.store(first.bytes, second.bytes, other.bytes);
    const modality = { '00080060': { vr: 'CS', Value: ['CR'] }, '0008103E': { vr: 'LO', Value: ['Left hand'] } };
    expect((await patch(wetread, seriesPath(first), modality)).status).toBe(204);
    expect(
      (await patch(wetread, first.path, { '00200013': { vr: 'IS', Value: ['7'] }, '00204000': { vr: 'LT', Value: ['a\nb'] } })).status,
    ).toBe(204);
    expect((await patch(wetread, first.path, [{ '00200013': { vr: 'IS', Value: [8] } }])).status).toBe(204);
    const within = `StudyInstanceUID=${study.StudyInstanceUID}`;
    expect(await matches('series', `${within}&Modality=CR`)).toHaveLength(1);
    expect((await matches('series', `${within}&Modality=DX`)).map((one) => value(one, '0020000E'))).toEqual([other.seriesInstanceUID]);
    expect((await matches('studies', within)).map((one) => one['00080061'])).toEqual([{ vr: 'CS', Value: ['CR', 'DX'] }]);
    expect((await matches('instances', `${within}&InstanceNumber=8`)).map((one) => value(one, '00080018'))).toEqual([first.sopInstanceUID]);
    const [dataset] = await metadata(first.path);
    expect(dataset['00204000']).toEqual({ vr: 'LT', Value: ['a\nb'] });
    expect(originals(dataset).map(modified)).toEqual([
      { '00080060': { vr: 'CS', Value: ['DX'] }, '0008103E': { vr: 'LO', Value: ['PA'] } },
      { '00200013': { vr: 'IS', Value: [1] }, '00204000': { vr: 'LT' } }, // what was not there stands there empty
      { '00200013': { vr: 'IS', Value: [7] } },
    ]);
    expect(originals((await metadata(second.path))[0])).toHaveLength(1);
    expect((await metadata(other.path))[0]['04000561']).toBeUndefined();
    expect(await bytesAt(wetread, other.path, AS_STORED)).toEqual(other.bytes);
  });

  it('leaves everything valid where it changes nothing', async () => {
    const one = aChestXray(HAND);
    await wetread.store(one.bytes);
    const etag = async () => (await wetread.fetch(`${one.path}/metadata`, { headers: { accept: DICOM_JSON } })).headers.get('etag');
    const before = await etag();
    const answer = await patch(wetread, studyPath(one), { '00100040': { vr: 'CS', Value: ['F '] }, '00101010': null });
    expect(answer.status).toBe(204);
    expect(await etag()).toBe(before);
    expect((await metadata(one.path))[0]['04000561']).toBeUndefined();
  });

  it('holds for instances that come later, in old series and new ones, and for those that come back', async () => {
    const said = { ...HAND, StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
    const [first, away, later, elsewhere] = [{}, {}, {}, { SeriesInstanceUID: newUid() }].map((own) => aChestXray({ ...said, ...own }));
    await wetread.store(first.bytes, away.bytes);
    expect((await wetread.fetch(away.path, { method: 'DELETE' })).status).toBe(204);
    await patch(wetread, studyPath(first), { '00100010': NAME });
    await patch(wetread, studyPath(first), { '00100040': null });
    await patch(wetread, seriesPath(first), { '0008103E': { vr: 'LO', Value: ['Left hand'] } });
    expect((await wetread.store(later.bytes, elsewhere.bytes)).status).toBe(200);
    const restored = await command(wetread, 'deleted', '--study', said.StudyInstanceUID);
    const deletion = /^(\d+)\t/m.exec(restored.said)?.[1] ?? '';
    expect(await command(wetread, 'deleted', '--restore', deletion)).toMatchObject({ code: 0 });
    for (const [one, description] of [
      [first, 'Left hand'],
      [later, 'Left hand'],
      [away, 'Left hand'],
      [elsewhere, 'PA'],
    ] as const) {
      const [dataset] = await metadata(one.path);
      expect([dataset['00100010'], dataset['00100040'], value(dataset, '0008103E')]).toEqual([NAME, undefined, description]);
      expect((await read(await bytesAt(wetread, one.path, AS_STORED)))['00100010']).toEqual(NAME);
      expect((await bytesAt(wetread, `${one.path}/original`, '*/*')).equals(one.bytes)).toBe(true);
      const level = await matches('instances', `SOPInstanceUID=${one.sopInstanceUID}`);
      expect(level.map((each) => each['00100010'])).toEqual([NAME]);
    }
    const series = await matches('series', `StudyInstanceUID=${said.StudyInstanceUID}`);
    expect(series.map((each) => each['00100010'])).toEqual([NAME, NAME]);
    expect((await wetread.store(later.bytes)).status).toBe(200); // the same bytes again
    expect(originals((await metadata(later.path))[0]).map((one) => Object.keys(modified(one)))).toEqual([
      ['00100010', '00100040'],
      ['0008103E'],
    ]);
  });

  it('takes each of several changes at once, and each instance that comes meanwhile', async () => {
    const StudyInstanceUID = newUid();
    const instances = Array.from({ length: 12 }, () => aChestXray({ ...HAND, StudyInstanceUID }));
    const [first] = instances;
    await wetread.store(first.bytes);
    const changes: Record<string, DicomElement>[] = [
      { '00100010': NAME },
      { '00100020': { vr: 'LO', Value: ['AT-ONCE'] } },
      { '00080050': { vr: 'SH', Value: ['ACC-9'] } },
      { '00104000': { vr: 'LT', Value: ['seen'] } },
    ];
    const done = await Promise.all([
      ...changes.map((change) => patch(wetread, studyPath(first), change)),
      ...instances.slice(1).map(({ bytes }) => wetread.store(bytes)),
    ]);
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set([200, 204]));
    const all = await metadata(studyPath(first));
    expect(all).toHaveLength(instances.length);
    for (const dataset of all) expect(dataset).toMatchObject(Object.assign({}, ...changes));
    const [study] = await matches('studies', `StudyInstanceUID=${StudyInstanceUID}&PatientID=AT-ONCE&AccessionNumber=ACC-9`);
    expect([study['00100010'], value(study, '00201208')]).toEqual([NAME, instances.length]);
  });

  it('changes all or nothing', async () => {
    const one = aChestXray(HAND);
    await wetread.store(one.bytes);
    const before = await metadata(one.path);
    await wetread.sql(`CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`);
    await wetread.sql('CREATE TRIGGER broken BEFORE UPDATE ON series EXECUTE FUNCTION broken()');
    const records = (await onRecord(wetread, 'attributes.changed')).length;
    try {
      expect((await patch(wetread, studyPath(one), { '00100010': NAME })).status).toBe(500);
    } finally {
      await wetread.sql('DROP TRIGGER broken ON series');
    }
    expect(await metadata(one.path)).toEqual(before);
    expect(await bytesAt(wetread, one.path, AS_STORED)).toEqual(one.bytes);
    expect(await matches('studies', `StudyInstanceUID=${one.studyInstanceUID}&PatientName=Yamada*`)).toEqual([]);
    expect((await onRecord(wetread, 'attributes.changed')).length).toBe(records);
    expect((await patch(wetread, studyPath(one), { '00100010': NAME })).status).toBe(204);
  });

  it('is on the ledger with level, tags, count and reason, and without a value', async () => {
    const one = aChestXray(HAND);
    await wetread.store(one.bytes);
    await patch(wetread, studyPath(one), { '00100010': NAME, '00100020': { vr: 'LO', Value: ['SECRET-ID'] } });
    const record = (await onRecord(wetread, 'attributes.changed')).at(-1);
    expect(record).toMatchObject({
      actor: 'local',
      entity: { type: 'study' },
      reason: 'CORRECT',
      changes: { level: 'study', instances: 1, tags: ['00100010', '00100020'] },
    });
    expect(JSON.stringify(record)).not.toMatch(/SECRET|Yamada|山田|Doe|P-/);
    expect(wetread.log.join('')).not.toMatch(/SECRET|Yamada|山田/);
  });
});
