import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import type { Bundle, DiagnosticReport, Patient } from 'fhir/r4.js';
import { Client as FhirKitClient } from 'fhir-kit-client';
import { aPhantom, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let report: DiagnosticReport;
beforeAll(async () => {
  wetread = await Wetread.start();
  const phantom = aPhantom();
  await wetread.store(phantom.bytes);
  report = await reportOf(wetread, phantom.studyInstanceUID);
});
afterAll(() => wetread.remove());

const aPatient = (family: string): Patient & Record<string, unknown> => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value: family }],
  name: [{ family }],
});

describe('fhir-kit-client, as it is', () => {
  const client = () => new FhirKitClient({ baseUrl: `${wetread.url}/fhir` });
  type Resource<T> = T & { id: string };

  it('reads what the server can do, a report, its versions', async () => {
    expect(await client().capabilityStatement()).toMatchObject({ fhirVersion: '4.0.1' });
    expect(await client().read({ resourceType: 'DiagnosticReport', id: report.id ?? '' })).toMatchObject({
      id: report.id,
      status: 'preliminary',
    });
    expect(await client().vread({ resourceType: 'DiagnosticReport', id: report.id ?? '', version: '1' })).toMatchObject({ id: report.id });
    expect(await client().history({ resourceType: 'DiagnosticReport', id: report.id ?? '' })).toMatchObject({ type: 'history', total: 1 });
  });

  it('creates, updates, patches, searches page by page, and deletes', async () => {
    const made = (await client().create({ resourceType: 'Patient', body: aPatient('Kit') })) as unknown as Resource<Patient>;
    await client().update({ resourceType: 'Patient', id: made.id, body: { ...made, gender: 'female' } as never });
    const patched = await client().patch({
      resourceType: 'Patient',
      id: made.id,
      jsonPatch: [{ op: 'add', path: '/active', value: true }],
    });
    expect(patched).toMatchObject({ gender: 'female', active: true, meta: { versionId: '3' } });
    for (const family of ['Kit1', 'Kit2', 'Kit3']) await client().create({ resourceType: 'Patient', body: aPatient(family) });
    const seen: unknown[] = [];
    let page = (await client().search({ resourceType: 'Patient', searchParams: { family: 'kit', _count: '2' } })) as unknown as
      Bundle | undefined;
    for (; page?.entry !== undefined; page = (await client().nextPage({ bundle: page as never })) as unknown as Bundle | undefined)
      seen.push(...page.entry);
    expect(seen).toHaveLength(4);
    await client().delete({ resourceType: 'Patient', id: made.id });
    await expect(client().read({ resourceType: 'Patient', id: made.id })).rejects.toMatchObject({ response: { status: 410 } });
  });

  it('runs a transaction and a batch, and searches a compartment', async () => {
    const entry = [
      {
        fullUrl: 'urn:uuid:0fc374a1-a226-4552-9683-55dd510e67c9',
        resource: aPatient('Bundled'),
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: 'urn:uuid:0fc374a1-a226-4552-9683-55dd510e67c9' },
        },
        request: { method: 'POST', url: 'Observation' },
      },
    ];
    const done = (await client().transaction({
      body: { resourceType: 'Bundle', type: 'transaction', entry } as never,
    })) as unknown as Bundle;
    const id = /Patient\/([^/]+)/.exec(done.entry?.[0].response?.location ?? '')?.[1] ?? '';
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Patient/${id}` } }] };
    expect(await client().batch({ body: batch as never })).toMatchObject({ entry: [{ resource: { id } }] });
    const found = await client().compartmentSearch({ resourceType: 'Observation', compartment: { resourceType: 'Patient', id } });
    expect(found).toMatchObject({ total: 1 });
  });
});

describe('MedplumClient, as it is', () => {
  const client = () => new MedplumClient({ baseUrl: `${wetread.url}/`, fhirUrlPath: 'fhir/', fetch, cacheTime: 0 });

  it('searches, reads, and follows what a report refers to', async () => {
    const [found] = await client().searchResources('DiagnosticReport', `_id=${report.id}&_include=DiagnosticReport:result`);
    expect(found.id).toBe(report.id);
    const patient = await client().readReference(found.subject as never);
    expect(patient).toMatchObject({ resourceType: 'Patient' });
    expect(await client().readHistory('DiagnosticReport', report.id ?? '')).toMatchObject({ type: 'history' });
  });

  it('creates once on a condition, updates, upserts, patches and deletes', async () => {
    const medplum = client();
    const once = async () => (await medplum.createResourceIfNoneExist(aPatient('Plum') as never, 'identifier=urn:mrn|Plum')) as Patient;
    const first = await once();
    expect((await once()).id).toBe(first.id);
    const updated = await medplum.updateResource({ ...first, gender: 'male' } as never);
    expect(updated).toMatchObject({ gender: 'male', meta: { versionId: '2' } });
    expect(await medplum.upsertResource({ ...aPatient('Plum'), birthDate: '1990' } as never, 'identifier=urn:mrn|Plum')).toMatchObject({
      id: first.id,
      birthDate: '1990',
    });
    const id = first.id ?? '';
    expect(await medplum.patchResource('Patient', id, [{ op: 'replace', path: '/birthDate', value: '1991' }])).toMatchObject({
      birthDate: '1991',
    });
    await medplum.deleteResource('Patient', id);
    await expect(client().readResource('Patient', id)).rejects.toThrow(/deleted/);
  });

  it('runs a batch', async () => {
    const bundle = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient?_count=1' } }] };
    expect(await client().executeBatch(bundle as never)).toMatchObject({
      type: 'batch-response',
      entry: [{ response: { status: '200' } }],
    });
  });

  it('exports in bulk: asks, waits, fetches every file', async () => {
    // An export is as of a moment that lies a second back: what was just written comes with the next.
    const output = await eventually(async () => {
      const done = await client().bulkExport('', 'DiagnosticReport,Observation,Patient', undefined, { pollStatusOnAccepted: true });
      const files = (done as { output?: { type: string; url: string }[] }).output ?? [];
      return files.length === 3 ? files : undefined;
    }, 'export of all three types');
    const lines = await Promise.all(
      output.map(async ({ type, url }) => [type, (await (await fetch(url)).text()).trimEnd().split('\n')] as const),
    );
    expect(new Set(lines.map(([type]) => type))).toEqual(new Set(['DiagnosticReport', 'Observation', 'Patient']));
    const reports = lines.flatMap(([type, all]) =>
      type === 'DiagnosticReport' ? all.map((line) => (JSON.parse(line) as DiagnosticReport).id) : [],
    );
    expect(reports).toContain(report.id);
  });

  it('validates by a profile', async () => {
    const outcome = await client().validateResource({ ...aPatient('Valid'), gender: 'male' } as never);
    expect(outcome.issue[0].severity).toBe('information');
  });
});
