import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, Patient } from 'fhir/r4.js';
import { dataSource } from '../../src/database/data-source.js';
import { SCHEMA } from '../../src/schema.js';
import { aChestXray } from './instances.js';
import { found, idle } from './phantoms.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(aChestXray({ BodyPartExamined: 'HAND', PatientID: 'OLD', PatientName: 'Before^Ada' }).bytes);
  await idle(wetread);
});
afterAll(() => wetread.remove());

describe('A FHIR store that went back and forward again', () => {
  const send = (method: string, id: string, body?: object) =>
    wetread.fetch(`/fhir/Location/${id}`, {
      method,
      headers: { 'content-type': 'application/fhir+json' },
      ...(body && { body: JSON.stringify({ resourceType: 'Location', id, ...body }) }),
    });

  it('knows what is the clients’, and that what was deleted is gone', async () => {
    for (const id of ['kept', 'gone']) for (const name of ['first', 'second']) expect((await send('PUT', id, { name })).ok).toBe(true);
    expect((await send('DELETE', 'gone')).status).toBe(204);
    await wetread.stop();
    const source = await dataSource(wetread.databaseUrl ?? '', SCHEMA).initialize();
    const place = SCHEMA.migrations.findIndex(({ name }) => name === 'FhirStore');
    for (let i = SCHEMA.migrations.length; i > place; i--) await source.undoLastMigration({ transaction: 'each' });
    await source.destroy();
    await wetread.launch();
    expect((await send('PUT', 'kept', { name: 'third' })).headers.get('etag')).toBe('W/"3"');
    for (const [name, etag] of [
      ['anew', 'W/"1"'],
      ['again', 'W/"2"'],
      ['and again', 'W/"3"'],
    ])
      expect((await send('PUT', 'gone', { name })).headers.get('etag')).toBe(etag);
  });
});

describe('A FHIR store from before clients could write to it', () => {
  it('is found by all that R4 defines, has its history, and stays the server’s own', async () => {
    const [before] = await found<Patient>(wetread, 'Patient?identifier=OLD');
    await wetread.stop();
    const source = await dataSource(wetread.databaseUrl ?? '', SCHEMA).initialize();
    const place = SCHEMA.migrations.findIndex(({ name }) => name === 'FhirStore');
    for (let i = SCHEMA.migrations.length; i > place; i--) await source.undoLastMigration({ transaction: 'each' });
    // An older server writes a second version.
    await source.query(
      `WITH old AS (UPDATE resource SET version = 2, content = replace(content, '"versionId":"1"', '"versionId":"2"') WHERE id = $1 RETURNING *)
       INSERT INTO resource_version (type, id, version, last_updated, content) SELECT type, id, version, last_updated, content FROM old`,
      [before.id],
    );
    await source.destroy();

    await wetread.launch();
    const [patient] = await found<Patient>(wetread, 'Patient?family=before&identifier=OLD');
    expect(patient).toEqual({ ...before, meta: { ...before.meta, versionId: '2' } });
    expect(await found(wetread, `ImagingStudy?patient.given=ada`)).toHaveLength(1);
    expect(await found(wetread, `ImagingStudy?patient=${before.id}&status=available&_sort=-started`)).toHaveLength(1);
    const history = await wetread.json<Bundle>(`/fhir/Patient/${before.id}/_history`, 'application/fhir+json');
    expect(history.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['2', '1']);
    expect((await wetread.fetch(`/fhir/Patient/${before.id}`, { method: 'DELETE' })).status).toBe(409);
  });
});
