import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataSource } from '../../src/database/data-source.js';
import { SCHEMA } from '../../src/schema.js';
import { aChestXray, newUid } from './instances.js';
import { Wetread } from './wetread.js';

const study = newUid();
const request = { '00080050': { vr: 'SH', Value: ['ACC-1'] } };
const instances = [
  aChestXray({ StudyInstanceUID: study, PatientName: 'Müller^Jürgen', TimezoneOffsetFromUTC: '+0100' }),
  aChestXray({ StudyInstanceUID: study, Modality: 'MR', RequestAttributesSequence: [request] }),
  aChestXray({ PatientName: { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' } }),
];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  for (const { bytes } of instances) await wetread.store(bytes); // one by one: the first speaks for its study
});
afterAll(() => wetread.remove());

/** What searches stand on, of every row. */
const rows = async () => ({
  studies: await wetread.sql(
    `SELECT answer, series_count, instance_count, modalities, patient_name_search, patient_name_sounds, study_description, timezone_offset
       FROM study ORDER BY id`,
  ),
  series: await wetread.sql(`SELECT answer, instance_count, requests FROM series ORDER BY id`),
  instances: await wetread.sql(`SELECT answer FROM instance ORDER BY id`),
});

describe('An archive from before searches had ready answers', () => {
  it('has them after the migration, as if its instances had arrived today', async () => {
    const today = await rows();
    await wetread.stop();
    const source = await dataSource(wetread.databaseUrl ?? '', SCHEMA).initialize();
    const place = SCHEMA.migrations.findIndex(({ name }) => name === 'SearchAnswers');
    for (let i = SCHEMA.migrations.length; i > place; i--) await source.undoLastMigration({ transaction: 'each' });
    await source.runMigrations({ transaction: 'each' });
    await source.destroy();
    expect(today.studies.map(({ series_count }) => series_count as number)).toEqual([2, 1]);
    expect(await rows()).toEqual(today);
  });
});
