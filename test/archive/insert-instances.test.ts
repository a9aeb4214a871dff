import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { indexAttributes } from '../../src/archive/index-attributes.js';
import {
  insertInstances,
  insertSeries,
  insertStudies,
  instancesBySopInstanceUID,
  recountStudies,
  type IndexedInstance,
} from '../../src/archive/insert-instances.sql.js';
import type { Database } from '../../src/database/database.js';
import { aDatabase } from '../a-database.js';

let database: Database;
beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());

/** An instance as ingest indexes it. */
const indexed = (studyInstanceUID: string, seriesInstanceUID: string, modality: string): IndexedInstance =>
  indexAttributes(
    { '00080060': { vr: 'CS', Value: [modality] } },
    {
      sopInstanceUID: `1.${randomUUID()}`,
      sopClassUID: '1.5',
      transferSyntaxUID: '1.2.840.10008.1.2.1',
      sha256: 'ab',
      bytes: 1,
      frameTable: null,
      bulkData: '[]',
      derived: false,
      dataSetOffset: 300,
    },
    { studyInstanceUID, seriesInstanceUID },
  );

/** Puts instances into the index as one group, in one transaction; answers the rows of their studies. */
const store = (instances: readonly IndexedInstance[]): Promise<number[]> =>
  database.transaction(async (tx) => {
    const placed = instances.map(({ study: { studyInstanceUID }, series, instance }) => ({ ...series, ...instance, studyInstanceUID }));
    await insertStudies(
      tx,
      instances.map(({ study }) => study),
    );
    await insertSeries(
      tx,
      instances.map(({ study: { studyInstanceUID }, series }) => ({ ...series, studyInstanceUID })),
    );
    await insertInstances(tx, placed);
    const holders = await instancesBySopInstanceUID(
      tx,
      placed.map(({ sopInstanceUID }) => sopInstanceUID),
    );
    return [...new Set(holders.map(({ studyRow }) => studyRow))];
  });

const counted = (rows: readonly number[]) =>
  database.statement((tx) =>
    tx.rows<{ series: number; instances: number; modalities: string[]; inSeries: number[] }>(
      `SELECT series_count AS series, instance_count AS instances, modalities,
              (SELECT array_agg(se.instance_count ORDER BY se.series_instance_uid) FROM series se WHERE se.study_row = study.id) AS "inSeries"
         FROM study WHERE id = ANY($1) ORDER BY study_instance_uid`,
      [rows],
    ),
  );

describe('What the index counts of studies and series', () => {
  it('grows with each group, and an instance stored twice counts once', async () => {
    const first = [indexed('1.10', '1.1', 'CT'), indexed('1.10', '1.1', 'CT'), indexed('1.10', '1.2', 'MR')];
    const rows = await store(first);
    expect(await counted(rows)).toEqual([{ series: 2, instances: 3, modalities: ['CT', 'MR'], inSeries: [2, 1] }]);
    await store([...first, indexed('1.10', '1.3', ''), indexed('1.10', '1.2', 'MR')]);
    expect(await counted(rows)).toEqual([{ series: 3, instances: 5, modalities: ['CT', 'MR'], inSeries: [2, 2, 1] }]);
  });

  it('is right when many groups of the same studies are stored at once', async () => {
    const groups = Array.from({ length: 12 }, (_, group) =>
      ['1.20', '1.21', '1.22']
        .flatMap((study) => [indexed(study, `1.${group}`, `M${group % 3}`), indexed(study, '1.99', 'CT')])
        .sort(() => (group % 2 === 0 ? 1 : -1)),
    );
    const rows = (await Promise.all(groups.map(store)))[0];
    const totals = (await counted(rows)).map(({ series, instances, modalities }) => ({ series, instances, modalities }));
    expect(totals).toEqual(Array.from({ length: 3 }, () => ({ series: 13, instances: 24, modalities: ['CT', 'M0', 'M1', 'M2'] })));
  });

  it('is made anew by a recount, from the instances that are there', async () => {
    const rows = await store([indexed('1.30', '1.1', 'CT'), indexed('1.30', '1.2', 'MR'), indexed('1.30', '1.2', 'MR')]);
    await database.transaction(async (tx) => {
      await tx.run(`DELETE FROM instance WHERE series_row = (SELECT id FROM series WHERE study_row = $1 AND modality = 'CT')`, rows);
      await recountStudies(tx, rows);
    });
    expect(await counted(rows)).toEqual([{ series: 1, instances: 2, modalities: ['MR'], inSeries: [0, 2] }]);
  });
});
