import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { AS_STORED, bytesAt, DICOM_JSON, HAND, NAME, patch, read, seriesPath, studyPath } from './changes.js';
import { command } from './commands.js';
import { aChestXray, newUid, type TestInstance } from './instances.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
});
afterAll(() => wetread.remove());

const remove = async (path: string): Promise<void> => expect((await wetread.fetch(path, { method: 'DELETE' })).status).toBe(204);
/** Brings back what was deleted of a study, what was deleted first first. */
async function restore({ studyInstanceUID }: TestInstance): Promise<void> {
  const { said } = await command(wetread, 'deleted', '--study', studyInstanceUID);
  const deletions = [...said.matchAll(/^(\d+)\t/gm)].map(([, id]) => Number(id)).sort((one, other) => one - other);
  for (const id of deletions) expect(await command(wetread, 'deleted', '--restore', String(id))).toMatchObject({ code: 0 });
}
const matches = (level: string, query: string): Promise<DicomJson[]> =>
  wetread.json<DicomJson[]>(`/dicom-web/${level}?${query}`, DICOM_JSON);

describe('What was changed between two deletions', () => {
  it.each(['series', 'instance'] as const)('is there again after both are taken back, though a %s went before', async (level) => {
    const said = { ...HAND, StudyInstanceUID: newUid(), PatientID: `O-${newUid().slice(-10)}` };
    const [one, other] = [1, 2].map((SeriesNumber) => aChestXray({ ...said, SeriesNumber }));
    await wetread.store(one.bytes, other.bytes);
    await remove(level === 'series' ? seriesPath(one) : one.path);
    expect((await patch(wetread, studyPath(other), { '00100010': NAME })).status).toBe(204);
    await remove(studyPath(other));
    await restore(one);
    for (const path of [one.path, other.path]) {
      const [dataset] = await wetread.json<DicomJson[]>(`${path}/metadata`, DICOM_JSON);
      expect(dataset['00100010']).toEqual(NAME);
      expect((await read(await bytesAt(wetread, path, AS_STORED)))['00100010']).toEqual(NAME);
    }
    for (const [of, count] of [
      ['studies', 1],
      ['series', 2],
      ['instances', 2],
    ] as const)
      expect((await matches(of, `StudyInstanceUID=${said.StudyInstanceUID}&PatientName=Yamada*`)).map((each) => each['00100010'])).toEqual(
        Array.from({ length: count }, () => NAME),
      );
  });

  it('of a series is there again, too', async () => {
    const said = { ...HAND, StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
    const [one, other] = [1, 2].map((InstanceNumber) => aChestXray({ ...said, InstanceNumber }));
    await wetread.store(one.bytes, other.bytes);
    await remove(one.path);
    expect((await patch(wetread, seriesPath(other), { '0008103E': { vr: 'LO', Value: ['Left hand'] } })).status).toBe(204);
    await remove(other.path);
    await restore(one);
    const [series] = await matches('series', `StudyInstanceUID=${said.StudyInstanceUID}`);
    expect(series['0008103E'].Value).toEqual(['Left hand']);
    for (const { path } of [one, other])
      expect((await wetread.json<DicomJson[]>(`${path}/metadata`, DICOM_JSON))[0]['0008103E'].Value).toEqual(['Left hand']);
  });
});

describe('What is searched otherwise than by its text', () => {
  it('follows a change: the sound of a name, and the requests of a series', async () => {
    const accession = `AC-${newUid().slice(-8)}`;
    const requests = (value: string) => ({ vr: 'SQ', Value: [{ '00080050': { vr: 'SH', Value: [value] } }] });
    const one = aChestXray({ ...HAND, StudyInstanceUID: newUid(), PatientName: 'Kowalski^Ewa' });
    await wetread.store(one.bytes);
    await patch(wetread, studyPath(one), { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Schmitt^Ewa' }] } });
    await patch(wetread, seriesPath(one), { '00400275': requests(accession) });
    const within = `StudyInstanceUID=${one.studyInstanceUID}`;
    expect(await matches('studies', `${within}&PatientName=Shmidd&fuzzymatching=true`)).toHaveLength(1);
    expect(await matches('studies', `${within}&PatientName=Covalsky&fuzzymatching=true`)).toHaveLength(0);
    expect(await matches('series', `RequestAttributesSequence.AccessionNumber=${accession}`)).toHaveLength(1);
    await patch(wetread, seriesPath(one), { '00400275': requests(`${accession}-2`) });
    expect(await matches('series', `RequestAttributesSequence.AccessionNumber=${accession}`)).toHaveLength(0);
    expect(await matches('series', `RequestAttributesSequence.AccessionNumber=${accession}-2`)).toHaveLength(1);
  });
});
