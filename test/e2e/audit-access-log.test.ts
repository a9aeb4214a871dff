import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, OperationOutcome } from 'fhir/r4.js';
import { FHIR_JSON, slice, Trail } from './audit-trail.js';
import { aChestXray } from './instances.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

const image = aChestXray({ PatientID: 'AUDITED', PatientName: 'Quixote^Alonso', BodyPartExamined: 'HAND' });

let wetread: Wetread;
let trail: Trail;
beforeAll(async () => {
  wetread = await Wetread.start();
  trail = await Trail.of(wetread, image);
  await trail.ask(`/fhir/ImagingStudy/${trail.imagingStudy}`);
  await trail.ask('/dicom-web/studies?PatientName=Quixote*', 'application/dicom+json');
  await trail.ask(`${image.path}/frames/1`, 'multipart/related; type="application/octet-stream"; transfer-syntax=*');
  for (let i = 0; i < 4; i++) await trail.ask(`/fhir/Patient/${trail.patient}`);
});
afterAll(() => wetread.remove());

describe('A patient’s access log', () => {
  it('says in words who looked at what, when, and is on record itself', async () => {
    const request = await trail.ask(`/fhir/Patient/${trail.patient}/$access-log?_count=1000`);
    const log = (await request.json()) as Bundle<AuditEvent>;
    const words = (log.entry ?? []).map(({ resource }) => resource?.text?.div.replaceAll(/<[^>]*>/g, ''));
    expect(words).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^On \d{4}-\d\d-\d\d at \d\d:\d\d UTC somebody at the server’s own machine looked at images\.$/),
        expect.stringMatching(/searched the list of imaging studies\.$/),
        expect.stringMatching(/looked at what an imaging study is of\.$/),
        expect.stringMatching(/stored an image\.$/),
      ]),
    );
    expect(JSON.stringify(log)).not.toMatch(/Quixote|AUDITED/);
    const [last] = await trail.events(`AuditEvent?patient=${trail.patient}&_count=1`);
    expect(last.text?.div).toContain('looked at this list of accesses');
    expect(slice(last, '4')).toMatchObject([{ what: { reference: `Patient/${trail.patient}` } }]);
  });

  it('is of a span of time where that is asked, by Parameters too, and page by page', async () => {
    const all = await trail.events(`AuditEvent?patient=${trail.patient}&_count=1000`);
    const [to, from] = [all[3].recorded, all[6].recorded];
    const expected = all.filter(({ recorded }) => recorded >= from && recorded <= to).map(({ id }) => id);
    expect((await trail.events(`Patient/${trail.patient}/$access-log?from=${from}&to=${to}`)).map(({ id }) => id)).toEqual(expected);
    const posted = await wetread.fetch(`/fhir/Patient/${trail.patient}/$access-log`, {
      method: 'POST',
      headers: { 'content-type': FHIR_JSON },
      body: JSON.stringify({
        resourceType: 'Parameters',
        parameter: [
          { name: 'from', valueInstant: from },
          { name: 'to', valueInstant: to },
        ],
      }),
    });
    expect(((await posted.json()) as Bundle).entry?.map(({ resource }) => resource?.id)).toEqual(expected);
    const first = await trail.bundle(`Patient/${trail.patient}/$access-log?to=${to}&_count=2`);
    const next = first.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '') ?? '';
    expect((await trail.events(next)).map(({ id }) => id)).toEqual(
      all
        .filter(({ recorded }) => recorded <= to)
        .slice(2, 4)
        .map(({ id }) => id),
    );
  });

  it('is not there of a patient who is not', async () => {
    expect((await trail.ask('/fhir/Patient/nobody/$access-log')).status).toBe(404);
    expect((await trail.ask(`/fhir/Patient/${trail.patient}/$access-log?shoe=1`)).status).toBe(400);
  });
});

describe('A patient’s access log, as the patient reads it', () => {
  let server: Wetread;
  let maker: TokenMaker;
  const log = async (headers: Record<string, string>): Promise<AuditEvent[]> => {
    const answer = await server.fetch('/fhir/Patient/ann/$access-log?_count=1000', { headers });
    return (((await answer.json()) as Bundle<AuditEvent>).entry ?? []).flatMap(({ resource }) => resource ?? []);
  };
  beforeAll(async () => {
    server = await Wetread.start({ AUTH: 'on' });
    maker = await TokenMaker.of(server);
    const all = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
    const put = (path: string, body: object) =>
      server.fetch(`/fhir/${path}`, {
        method: 'PUT',
        headers: { ...all, 'content-type': FHIR_JSON },
        body: JSON.stringify({ resourceType: path.split('/')[0], id: path.split('/')[1], ...body }),
      });
    await put('Patient/ann', { name: [{ family: 'Annxx' }] });
    await put('Patient/bob', { name: [{ family: 'Bobzz' }] });
    const members = ['ann', 'bob'].map((id) => ({ entity: { reference: `Patient/${id}` } }));
    await put('Group/of-both', { type: 'person', actual: true, member: members });
    const radiologist = await maker.headers();
    await server.fetch('/fhir/Patient?family=Annxx,Bobzz', { headers: radiologist });
    await server.fetch('/fhir/Group/of-both', { headers: radiologist });
    await server.fetch('/fhir/Patient/ann', { headers: { ...radiologist, 'x-break-glass': 'Taken for Bobzz in bed four' } });
    const bob = await maker.headers({ roles: ['patient'], scope: 'patient/*.rs', patient: 'bob', claims: { fhirUser: 'Patient/bob' } });
    await server.fetch('/fhir/Patient/ann', { headers: bob });
  });
  afterAll(() => server.remove());

  it('tells all of it to an auditor, who may not see the patient', async () => {
    const auditor = await maker.headers({ roles: ['regulatory'], scope: 'user/AuditEvent.rs' });
    expect((await server.fetch('/fhir/Patient/ann', { headers: auditor })).status).toBe(403);
    const events = await log(auditor);
    expect(events.length).toBeGreaterThan(3);
    expect(events.map(({ meta }) => meta?.security)).not.toContainEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'REDACTED' })]),
    );
    const absent = await server.fetch('/fhir/Patient/nobody-there/$access-log', { headers: auditor });
    expect(absent.status).toBe(404);
  });

  it('tells nothing of other patients: no query, no words of the staff, nobody else’s id', async () => {
    const events = await log(await maker.headers({ roles: ['patient'], scope: 'patient/*.rs', patient: 'ann' }));
    expect(events.map(({ subtype: [{ code } = {}] = [] }) => code)).toEqual(expect.arrayContaining(['search-type', 'create', 'read']));
    const broken = events.find(({ purposeOfEvent }) => purposeOfEvent?.[0].coding?.[0].code === 'BTG');
    expect(broken?.text?.div).toContain('past the usual rules');
    expect(slice(broken as AuditEvent, '4')).toMatchObject([{ what: { reference: 'Patient/ann' } }]);
    for (const event of events) {
      expect(slice(event, '1')).toMatchObject([{ what: { reference: 'Patient/ann' } }]);
      expect((event.entity ?? []).filter(({ query }) => query !== undefined)).toEqual([]);
      expect(event.meta?.security).toMatchObject([{ code: 'REDACTED' }]);
      expect(await errorsOf(event)).toEqual([]);
    }
    expect(JSON.stringify(events)).not.toMatch(/bob|Bobzz|of-both|bed four/i);
  });

  it('tells auditors all of it', async () => {
    const events = await log(await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.rs' }));
    const queries = events.flatMap((event) => slice(event, '24')).map(({ query = '' }) => Buffer.from(query, 'base64').toString());
    expect(queries.join()).toContain('Bobzz');
    expect(JSON.stringify(events)).toContain('Taken for Bobzz in bed four');
    expect(JSON.stringify(events)).toContain('Patient/bob');
  });

  const errorsOf = async (event: AuditEvent): Promise<unknown[]> => {
    const answer = await server.fetch('/fhir/AuditEvent/$validate', {
      method: 'POST',
      headers: { ...(await maker.headers()), 'content-type': FHIR_JSON },
      body: JSON.stringify(event),
    });
    return ((await answer.json()) as OperationOutcome).issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  };
});
