import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DiagnosticReport, ImagingStudy } from 'fhir/r4.js';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './commands.js';
import { aChestXray, newUid, withOtherPixels, type TestInstance } from './instances.js';
import { aPhantom, found, graph, idle, imagingStudyOf, onRecord, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const studyPath = ({ studyInstanceUID }: Pick<TestInstance, 'studyInstanceUID'>): string => `/dicom-web/studies/${studyInstanceUID}`;
const seriesPath = (one: TestInstance): string => `${studyPath(one)}/series/${one.seriesInstanceUID}`;
const statusOf = async (path: string, init?: RequestInit): Promise<number> => (await wetread.fetch(path, init)).status;
const remove = (path: string): Promise<number> => statusOf(path, { method: 'DELETE' });
const count = async (path: string): Promise<number> => {
  const answer = await wetread.fetch(path, { headers: { accept: 'application/dicom+json' } });
  return answer.status === 204 ? 0 : ((await answer.json()) as unknown[]).length;
};
const isThere = async (one: TestInstance): Promise<boolean> => {
  const answer = await wetread.fetch(one.path, { headers: { accept: 'application/dicom' } });
  return answer.ok && Buffer.from(await answer.arrayBuffer()).equals(one.bytes);
};
const objectOf = ({ sha256 }: TestInstance, server = wetread): string =>
  join(server.folder, 'archive', 'objects', sha256.slice(0, 2), `${sha256}.dcm`);
/** Instances of one study, two series of two. */
const aStudy = (): TestInstance[] => {
  const study = { ...HAND, StudyInstanceUID: newUid(), PatientID: newUid().slice(-12) };
  return [newUid(), newUid()].flatMap((SeriesInstanceUID) => [1, 2].map(() => aChestXray({ ...study, SeriesInstanceUID })));
};
const deletionOf = async ({ studyInstanceUID }: TestInstance): Promise<number> =>
  (await wetread.sql<{ id: number }>('SELECT max(id)::int AS id FROM deletion WHERE study_instance_uid = $1', [studyInstanceUID]))[0].id;
/** Rows that hang in the air: instances without their series, series without their study, and either of them empty. */
const orphans = async (): Promise<number> =>
  (
    await wetread.sql<{ n: number }>(`
      SELECT ((SELECT count(*) FROM instance i WHERE NOT EXISTS (SELECT 1 FROM series s WHERE s.id = i.series_row AND s.study_row = i.study_row))
           + (SELECT count(*) FROM series s WHERE NOT EXISTS (SELECT 1 FROM study t WHERE t.id = s.study_row))
           + (SELECT count(*) FROM series s WHERE NOT EXISTS (SELECT 1 FROM instance i WHERE i.series_row = s.id))
           + (SELECT count(*) FROM study t WHERE NOT EXISTS (SELECT 1 FROM instance i WHERE i.study_row = t.id)))::int AS n`)
  )[0].n;

describe('Delete studies, series and instances', () => {
  it('takes an instance away and leaves its siblings; with the last one its series and its study go', async () => {
    const [first, second, third, fourth] = aStudy();
    await wetread.store(...[first, second, third, fourth].map(({ bytes }) => bytes));
    expect(await remove(first.path)).toBe(204);
    expect(await statusOf(first.path)).toBe(404);
    expect(await statusOf(`${first.path}/metadata`)).toBe(404);
    expect(await isThere(second)).toBe(true);
    expect(await count(`${seriesPath(first)}/instances`)).toBe(1);
    expect(await remove(first.path)).toBe(404);
    expect(await remove(second.path)).toBe(204);
    expect(await count(`${studyPath(first)}/series`)).toBe(1);
    expect(await statusOf(`${seriesPath(first)}/metadata`)).toBe(404);
    expect(await remove(seriesPath(third))).toBe(204);
    for (const path of [studyPath(first), `${studyPath(first)}/metadata`, third.path, `${fourth.path}/frames/1`, `${fourth.path}/rendered`])
      expect([path, await statusOf(path)]).toEqual([path, 404]);
    for (const level of ['studies', 'series', 'instances'])
      expect(await count(`/dicom-web/${level}?StudyInstanceUID=${first.studyInstanceUID}`)).toBe(0);
    expect(await remove(studyPath(first))).toBe(404);
    expect(await orphans()).toBe(0);
  });

  it('counts what is left, and counts it again when it comes back', async () => {
    const study = aStudy();
    await wetread.store(...study.map(({ bytes }) => bytes));
    const counts = async () => {
      const path = `/dicom-web/studies?StudyInstanceUID=${study[0].studyInstanceUID}`;
      const [one] = await wetread.json<Record<string, { Value?: unknown[] }>[]>(path, 'application/dicom+json');
      return ['00201206', '00201208'].map((tag) => one[tag]?.Value?.[0]); // series, instances
    };
    expect(await counts()).toEqual([2, 4]);
    await remove(study[0].path);
    expect(await counts()).toEqual([2, 3]);
    await remove(study[1].path);
    expect(await counts()).toEqual([1, 2]);
    await command(wetread, 'deleted', '--restore', String(await deletionOf(study[0])));
    expect(await counts()).toEqual([2, 3]);
  });

  it('does not bring back at the next start what was stored, deleted and left on the way in by a crash', async () => {
    const [one, other] = [aChestXray(HAND), aChestXray(HAND)];
    await wetread.store(one.bytes, other.bytes);
    await remove(one.path);
    await wetread.kill();
    for (const { sha256 } of [one, other])
      cpSync(objectOf({ ...one, sha256 }), join(wetread.folder, 'archive', 'incoming', `${sha256}.${randomUUID()}.received.dcm`));
    await wetread.launch();
    expect(await statusOf(one.path)).toBe(404);
    expect(await isThere(other)).toBe(true);
    await command(wetread, 'deleted', '--restore', String(await deletionOf(one)));
    expect(await isThere(one)).toBe(true);
  });

  it('says 404 for what is not there and 400 for what is no UID', async () => {
    expect(await remove(`/dicom-web/studies/${newUid()}`)).toBe(404);
    expect(await remove('/dicom-web/studies/one')).toBe(400);
  });

  it('is on the ledger with who and why, and brings the study back as it was, by a command', async () => {
    const study = aStudy();
    await wetread.store(...study.map(({ bytes }) => bytes));
    const metadata = await wetread.json(`${studyPath(study[0])}/metadata`);
    expect(await remove(studyPath(study[0]))).toBe(204);
    const deletion = await deletionOf(study[0]);
    const record = (await onRecord(wetread, 'data.deleted')).at(-1);
    expect(record).toMatchObject({ actor: 'local', entity: { type: 'study' }, changes: { deletion, series: 2, instances: 4 } });
    expect(record?.reason).not.toBe('');
    const listed = await command(wetread, 'deleted', '--study', study[0].studyInstanceUID);
    expect(listed.said).toContain(`${deletion}\t`);
    expect(listed.said).toContain('4 instances');
    expect(await command(wetread, 'deleted', '--restore', String(deletion))).toMatchObject({ code: 0, said: 'Restored 4 instances.\n' });
    for (const one of study) expect(await isThere(one)).toBe(true);
    expect(await wetread.json(`${studyPath(study[0])}/metadata`)).toEqual(metadata);
    expect((await onRecord(wetread, 'data.restored')).at(-1)).toMatchObject({
      actor: 'operator',
      changes: { deletion, instances: 4, left: 0 },
    });
    expect(await command(wetread, 'deleted', '--restore', String(deletion))).toMatchObject({ code: 2 });
    expect(await orphans()).toBe(0);
  });

  it('takes the same instance again as new, and other content under its UID too; what was deleted stays beside it', async () => {
    const one = aChestXray(HAND);
    await wetread.store(one.bytes);
    await remove(one.path);
    expect((await wetread.store(one.bytes)).status).toBe(200);
    expect(await isThere(one)).toBe(true);
    await remove(one.path);
    const other = withOtherPixels(one);
    expect((await wetread.store(other.bytes)).status).toBe(200);
    expect((await wetread.store(one.bytes)).failed).toMatchObject([{ reason: 0x0111 }]); // the UID is taken again
    expect(existsSync(objectOf(one))).toBe(true); // though it was refused: it can still be restored
    const restored = await command(wetread, 'deleted', '--restore', String(await deletionOf(one)));
    expect(restored).toMatchObject({ code: 1, said: expect.stringContaining('1 stay deleted') });
    expect(await isThere(other)).toBe(true);
    await remove(other.path);
    expect(await command(wetread, 'deleted', '--restore', String((await deletionOf(one)) - 1))).toMatchObject({ code: 0 });
    expect(await isThere(one)).toBe(true);
  });

  it('loses nothing and leaves no row in the air while a study is stored and deleted at once', async () => {
    const StudyInstanceUID = newUid();
    const instances = Array.from({ length: 60 }, (_, i) =>
      aChestXray({ ...HAND, StudyInstanceUID, SeriesInstanceUID: `${StudyInstanceUID}.${i % 3}`.slice(-60) }),
    );
    const [first] = instances;
    const stored = Promise.all(instances.map(async ({ bytes }) => (await wetread.store(bytes)).status));
    const deleted: number[] = [];
    let going = true;
    void stored.finally(() => (going = false));
    while (going) deleted.push(await remove(studyPath(first)));
    expect(new Set(await stored)).toEqual(new Set([200]));
    expect(deleted).toContain(204);
    expect(deleted.every((status) => [204, 404].includes(status))).toBe(true);
    expect(await orphans()).toBe(0);
    const uids = instances.map(({ sopInstanceUID }) => sopInstanceUID);
    const [{ n }] = await wetread.sql<{ n: number }>(
      `SELECT ((SELECT count(*) FROM instance WHERE sop_instance_uid = ANY($1)) + (SELECT count(*) FROM deleted_instance WHERE sop_instance_uid = ANY($1)))::int AS n`,
      [uids],
    );
    expect(n).toBe(instances.length);
    const rows = await wetread.sql<{ id: number }>('SELECT id FROM deletion WHERE study_instance_uid = $1', [StudyInstanceUID]);
    for (const { id } of rows) expect((await command(wetread, 'deleted', '--restore', String(id))).code).toBe(0);
    for (const one of instances) expect(await isThere(one)).toBe(true);
    expect(await orphans()).toBe(0);
  });

  it('cancels the FHIR ImagingStudy, keeps the report that was issued, and undoes the first when the study comes back', async () => {
    const phantom = aPhantom();
    await wetread.store(phantom.bytes);
    const report = await reportOf(wetread, phantom.studyInstanceUID);
    await eventually(async () => ((await count(`${studyPath(phantom)}/instances?Modality=SR`)) > 0 ? true : undefined), 'SR');
    expect(await remove(studyPath(phantom))).toBe(204);
    const statusIs = (status: string) =>
      eventually(async () => {
        const [study] = await found<ImagingStudy>(wetread, imagingStudyOf(phantom.studyInstanceUID));
        return study?.status === status ? study : undefined;
      }, `ImagingStudy that is ${status}`);
    const cancelled = await statusIs('cancelled');
    expect(cancelled).toMatchObject({ numberOfSeries: 0, numberOfInstances: 0 });
    expect(cancelled.series).toBeUndefined();
    expect(await wetread.json<DiagnosticReport>(`/fhir/DiagnosticReport/${report.id}`, 'application/fhir+json')).toMatchObject({
      id: report.id,
    });
    const { data, errors } = await graph<{ report: unknown }>(
      wetread,
      `query ($id: String!) { report(id: $id) { id study { studyInstanceUID } } }`,
      {
        id: report.id,
      },
    );
    expect([data, errors]).toEqual([{ report: { id: report.id, study: null } }, undefined]);
    const [{ id }] = await wetread.sql<{ id: number }>('SELECT id FROM deletion WHERE study_instance_uid = $1', [phantom.studyInstanceUID]);
    await command(wetread, 'deleted', '--restore', String(id));
    expect((await statusIs('available')).numberOfSeries).toBeGreaterThan(0);
  });

  it('gives up no work for studies that are deleted while they are read', async () => {
    const phantoms = [aPhantom(), aPhantom(), aPhantom()];
    for (const phantom of phantoms) {
      await wetread.store(phantom.bytes);
      await remove(studyPath(phantom));
    }
    const dead = () => wetread.sql(`SELECT kind, last_fault FROM work WHERE state = 'dead'`);
    await eventually(async () => {
      const left = await wetread.sql(`SELECT 1 FROM work WHERE state <> 'dead' AND kind <> 'purge-deletion'`);
      return left.length === 0 ? true : undefined;
    }, 'end of the work');
    expect(await dead()).toEqual([]);
  });
});

describe('Purge what was deleted', () => {
  it('removes the bytes that nothing refers to when the days are over, and no others; on the ledger', async () => {
    const server = await Wetread.start({ PURGE_AFTER_DAYS: '0' });
    try {
      const [gone, again] = [aChestXray(HAND), aChestXray(HAND)];
      await server.store(gone.bytes, again.bytes);
      expect((await server.fetch(studyPath(gone), { method: 'DELETE' })).status).toBe(204);
      await eventually(async () => (existsSync(objectOf(gone, server)) ? undefined : true), 'end of the object');
      for (let round = 0; round < 5; round++) {
        await server.fetch(studyPath(again), { method: 'DELETE' }); // purged while the same bytes come back
        expect((await server.store(again.bytes)).status).toBe(200);
      }
      expect(await idle(server)).toEqual([]);
      const answer = await server.fetch(again.path, { headers: { accept: 'application/dicom' } });
      expect(Buffer.from(await answer.arrayBuffer()).equals(again.bytes)).toBe(true);
      for (const table of ['deletion', 'deleted_study', 'deleted_series', 'deleted_instance', 'doomed_object'])
        expect(await server.sql(`SELECT 1 FROM ${table}`)).toEqual([]);
      expect((await onRecord(server, 'data.purged')).length).toBe(6);
    } finally {
      await server.remove();
    }
  });
});
