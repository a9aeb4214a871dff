import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, CapabilityStatement } from 'fhir/r4.js';
import { FHIR_JSON, slice, Trail } from './audit-trail.js';
import { bundleOf, get, postBundle, ranBundle, statuses } from './bundle-requests.js';
import { aChestXray } from './instances.js';
import { Wetread } from './wetread.js';

const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const image = aChestXray({ PatientID: 'AUDITED', PatientName: 'Quixote^Alonso', BodyPartExamined: 'HAND' });

let wetread: Wetread;
let trail: Trail;
beforeAll(async () => {
  wetread = await Wetread.start();
  trail = await Trail.of(wetread, image);
});
afterAll(() => wetread.remove());

describe('An access as an AuditEvent', () => {
  it('of a read is a PatientRead: who, when, what, whose, by which request', async () => {
    const request = await trail.ask(`/fhir/ImagingStudy/${trail.imagingStudy}`);
    const event = await trail.eventOf(request);
    expect(event).toMatchObject({
      meta: { profile: [`${BALP}PatientRead`] },
      type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
      subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'read' }],
      action: 'R',
      outcome: '0',
      recorded: expect.stringMatching(/^\d{4}-.*Z$/),
      agent: [
        { type: { coding: [{ code: 'IRCP' }] }, requestor: true, altId: 'local' },
        { type: { coding: [{ code: '110152' }] }, requestor: false, network: { address: expect.stringContaining('127.0.0.1'), type: '2' } },
        { type: { coding: [{ code: '110153' }] }, requestor: false, network: { address: wetread.url, type: '5' } },
      ],
      source: { observer: { display: 'wetread' } },
    });
    expect(event.entity).toMatchObject([
      { type: { code: 'XrequestId' }, what: { identifier: { value: request.headers.get('x-request-id') } } },
      { type: { code: '1' }, role: { code: '1' }, what: { reference: `Patient/${trail.patient}` } },
      { type: { code: '2' }, role: { code: '4' }, what: { reference: `ImagingStudy/${trail.imagingStudy}` } },
    ]);
    expect(await trail.errorsIn(event)).toEqual([]);
    expect(await wetread.json(`/fhir/AuditEvent/${event.id}`, FHIR_JSON)).toEqual(event);
  });

  it('of a search is a PatientQuery, with what was asked for in base64 alone', async () => {
    const event = await trail.eventOf(await trail.ask('/fhir/Patient?name=Quixote&identifier=AUDITED'));
    expect(event).toMatchObject({ meta: { profile: [`${BALP}PatientQuery`] }, action: 'E', subtype: [{ code: 'search-type' }] });
    const [query] = slice(event, '24');
    expect(query).toMatchObject({ type: { code: '2' }, description: 'by name, identifier' });
    expect(query.what).toBeUndefined();
    expect(Buffer.from(query.query ?? '', 'base64').toString()).toBe('Patient?name=Quixote&identifier=AUDITED');
    expect(JSON.stringify(event)).not.toMatch(/Quixote|AUDITED/);
    expect(await trail.errorsIn(event)).toEqual([]);
    const nobody = await trail.eventOf(await trail.ask('/fhir/Patient?name=Panza'));
    expect(nobody.meta?.profile).toEqual([`${BALP}Query`]);
  });

  it('of what was written and deleted has the patterns of those', async () => {
    const send = (method: string, path: string, body?: object) =>
      wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': FHIR_JSON }, ...(body && { body: JSON.stringify(body) }) });
    const finding = {
      resourceType: 'Observation',
      id: 'audited',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: `Patient/${trail.patient}` },
    };
    await send('PUT', 'Observation/audited', finding);
    await send('PUT', 'Observation/audited', { ...finding, status: 'amended' });
    await send('DELETE', 'Observation/audited');
    const three = await trail.events('AuditEvent?entity=Observation/audited&_sort=date');
    expect(three.map(({ action, meta }) => [action, meta?.profile])).toEqual([
      ['C', [`${BALP}PatientCreate`]],
      ['U', [`${BALP}PatientUpdate`]],
      ['D', [`${BALP}PatientDelete`]],
    ]);
    for (const event of three) {
      expect(slice(event, '1')).toMatchObject([{ what: { reference: `Patient/${trail.patient}` } }]);
      expect(await trail.errorsIn(event)).toEqual([]);
    }
  });

  it.each<[what: string, path: string, accept: string, type: string, action: string]>([
    ['a query for studies', '/dicom-web/studies?PatientName=Quixote*', 'application/dicom+json', '110112', 'E'],
    ['metadata', `/dicom-web/studies/${image.studyInstanceUID}/metadata`, 'application/dicom+json', '110103', 'R'],
    ['frames', `${image.path}/frames/1`, 'multipart/related; type="application/octet-stream"; transfer-syntax=*', '110104', 'R'],
  ])('of DICOMweb has DICOM’s codes: %s', async (_, path, accept, type, action) => {
    const event = await trail.eventOf(await trail.ask(path, accept));
    expect(event).toMatchObject({ type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: type }, action, outcome: '0' });
    expect(slice(event, '1')).toMatchObject([{ what: { reference: `Patient/${trail.patient}` } }]);
    expect(JSON.stringify(event)).not.toMatch(/Quixote|AUDITED/);
    expect(await trail.errorsIn(event)).toEqual([]);
  });

  it('that was refused says so, and of a study that came who sent it', async () => {
    const refused = await trail.eventOf(await trail.ask('/fhir/Patient/Quixote'));
    expect(refused).toMatchObject({ outcome: '4', outcomeDesc: 'record-absent, HTTP 404' });
    expect(refused.meta?.profile).toBeUndefined();
    expect(await trail.errorsIn(refused)).toEqual([]);
    const [came] = await trail.events(`AuditEvent?patient=${trail.patient}&subtype=RAD-108`);
    expect(came).toMatchObject({ type: { code: '110104' }, action: 'C', agent: [{ altId: 'local' }, {}, {}] });
  });
});

describe('The record of accesses', () => {
  it('is searched by who, when, what, whose, how and with which outcome', async () => {
    const all = await trail.events(`AuditEvent?patient=${trail.patient}&_count=1000`);
    expect(all.length).toBeGreaterThan(8);
    const times = all.map(({ recorded }) => recorded);
    expect(times).toEqual(times.toSorted().reverse());
    const is = async (more: string, keep: (event: AuditEvent) => boolean) =>
      expect([
        more,
        (await trail.events(`AuditEvent?patient=Patient/${trail.patient}&_count=1000&date=le${times[0]}${more}`)).map(({ id }) => id),
      ]).toEqual([more, all.filter(keep).map(({ id }) => id)]);
    const middle = times[Math.floor(times.length / 2)];
    await is(`&date=ge${middle}`, ({ recorded }) => recorded >= middle);
    await is(`&date=lt${middle}`, ({ recorded }) => recorded < middle);
    await is(`&date=${middle}`, ({ recorded }) => recorded === middle);
    await is(`&date=ne${middle}`, ({ recorded }) => recorded !== middle);
    await is('&action=R', ({ action }) => action === 'R');
    await is('&action=C,D', ({ action }) => action === 'C' || action === 'D');
    await is('&action:not=R', ({ action }) => action !== 'R');
    await is('&outcome=4', ({ outcome }) => outcome === '4');
    await is('&type=110112', ({ type }) => type.code === '110112');
    await is('&type=http://terminology.hl7.org/CodeSystem/audit-event-type%7Crest', ({ type }) => type.code === 'rest');
    await is('&type=http://dicom.nema.org/resources/ontology/DCM%7Crest', () => false);
    await is('&subtype=read', ({ subtype = [] }) => subtype.some(({ code }) => code === 'read'));
    await is('&agent=local', ({ agent }) => agent.some(({ altId }) => altId === 'local'));
    await is('&agent=Practitioner/nobody', () => false);
    await is('&altid=local', ({ agent }) => agent.some(({ altId }) => altId === 'local'));
    await is(`&entity=ImagingStudy/${trail.imagingStudy}`, (event) =>
      slice(event, '4').some(({ what }) => what?.reference === `ImagingStudy/${trail.imagingStudy}`),
    );
    await is(`&entity=${wetread.url}/fhir/Patient/${trail.patient}`, () => true);
    await is('&source=wetread&entity-type=1', () => true);
    await is('&source=elsewhere', () => false);
    await is('&entity-role=24', (event) => slice(event, '24').length > 0);
    await is('&entity-role=http://terminology.hl7.org/CodeSystem/object-role|4', (event) => slice(event, '4').length > 0);
    await is('&entity-role=1', () => true);
    await is('&entity-role=elsewhere|1', () => false);
    await is(`&address=${encodeURIComponent(wetread.url)}`, () => true);
    const isFrom = (start: string) => (event: AuditEvent) => event.agent.some(({ network }) => network?.address?.startsWith(start));
    await is('&address=::ffff:127,127', (event) => isFrom('::ffff:127')(event) || isFrom('127')(event));
    await is('&address=10.', isFrom('10.'));
    await is('&agent-name=LOC', ({ agent }) => agent.some(({ name }) => name === 'local'));
    await is('&agent-name=ocal', () => false);
    await is('&agent-role=administrator', () => false); // nobody has a role where nobody logs in
    await is('&policy=nobodys-token', () => false);
  });

  it('is read page by page, each record once, and counted where that is asked', async () => {
    const before = (await trail.events('AuditEvent?_count=1'))[0].recorded;
    const search = `AuditEvent?date=le${before}`;
    const whole = (await trail.events(`${search}&_count=1000`)).map(({ id }) => id);
    const paged: (string | undefined)[] = [];
    for (let next: string | undefined = `${search}&_count=7&_total=accurate`; next !== undefined;) {
      const page: Bundle<AuditEvent> = await trail.bundle(next);
      expect(page.total).toBe(whole.length);
      paged.push(...(page.entry ?? []).map(({ resource }) => resource?.id));
      next = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '');
    }
    expect(paged).toEqual(whole);
    expect(await trail.bundle(`${search}&_summary=count`)).toMatchObject({ total: whole.length });
    const post = await wetread.fetch('/fhir/AuditEvent/_search', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `date=le${before}&_count=3&_sort=-date`,
    });
    expect(((await post.json()) as Bundle).entry?.map(({ resource }) => resource?.id)).toEqual(whole.slice(0, 3));
    expect((await trail.events(`Patient/${trail.patient}/AuditEvent?_count=1`)).length).toBe(1);
  });

  it.each([
    'AuditEvent?shoe=1',
    'AuditEvent?date=yesterday',
    'AuditEvent?_sort=agent',
    'AuditEvent?_count=x',
    'AuditEvent?_cursor=x',
    'AuditEvent?_cursor=WyIyMDI2LTk5LTk5VDk5Ojk5Ojk5WiIsMV0', // ["2026-99-99T99:99:99Z",1]
    'Patient/any/$access-log?_cursor=WyIyMDI2LTk5LTk5VDk5Ojk5Ojk5WiIsMV0',
    'AuditEvent?patient=',
  ])('refuses %s', async (search) => {
    expect((await trail.ask(`/fhir/${search}`)).status).toBe(400);
  });

  it('has on record who read it', async () => {
    const event = await trail.eventOf(await trail.ask(`/fhir/AuditEvent?patient=${trail.patient}`));
    expect(slice(event, '24')).toHaveLength(1);
    expect(slice(event, '1')).toMatchObject([{ what: { reference: `Patient/${trail.patient}` } }]);
    const read = await trail.eventOf(await trail.ask(`/fhir/AuditEvent/${event.id}`));
    expect(slice(read, '4')).toMatchObject([{ what: { reference: `AuditEvent/${event.id}` } }]);
  });

  it('is written by nobody: not alone, and in no Bundle', async () => {
    const [event] = await trail.events('AuditEvent?_count=1');
    const send = (method: string, path: string, type = FHIR_JSON) =>
      wetread.fetch(`/fhir/${path}`, {
        method,
        headers: { 'content-type': type },
        body: method === 'DELETE' ? undefined : JSON.stringify(event),
      });
    const written = async (outcome: string) =>
      (await trail.bundle(`AuditEvent?_summary=count&subtype=create,update,patch,delete,transaction&outcome=${outcome}`)).total ?? 0;
    const before = [await written('0'), await written('4')];
    for (const [method, path] of [
      ['POST', 'AuditEvent'],
      ['PUT', `AuditEvent/${event.id}`],
      ['PUT', 'AuditEvent?patient=x'],
      ['DELETE', `AuditEvent/${event.id}`],
      ['DELETE', 'AuditEvent?patient=x'],
      ['PUT', `%41uditEvent/${event.id}`],
    ] as const)
      expect([method, path, (await send(method, path)).status]).toEqual([method, path, 405]);
    expect((await send('PATCH', `AuditEvent/${event.id}`, 'application/json-patch+json')).status).toBe(405);
    const entries = (['POST', 'PUT', 'DELETE'] as const).map((method) => ({
      ...(method !== 'DELETE' && { resource: event }),
      request: { method, url: method === 'POST' ? 'AuditEvent' : `AuditEvent/${event.id}` },
    }));
    expect(statuses(await ranBundle(wetread, bundleOf('batch', ...entries, get('AuditEvent?_count=1'))))).toEqual([
      '405',
      '405',
      '405',
      '200',
    ]);
    for (const entry of entries) expect((await postBundle(wetread, bundleOf('transaction', entry))).status).toBe(405);
    // Each attempt is on record as refused: seven requests, three entries, three transactions.
    expect([await written('0'), await written('4')]).toEqual([before[0], before[1] + 7 + 3 + 3]);
    const [patched] = await trail.events('AuditEvent?subtype=patch&outcome=4');
    expect(slice(patched, '4')).toMatchObject([{ what: { reference: `AuditEvent/${event.id}` } }]);
  });

  it('is in the CapabilityStatement as what it is', async () => {
    const { rest } = await wetread.json<CapabilityStatement>('/fhir/metadata', FHIR_JSON);
    const stated = rest?.[0].resource?.find(({ type }) => type === 'AuditEvent');
    expect(stated?.interaction?.map(({ code }) => code)).toEqual(['read', 'search-type']);
    expect(stated?.supportedProfile).toContain(`${BALP}PatientRead`);
    expect(stated?.searchParam?.map(({ name }) => name)).toEqual(expect.arrayContaining(['agent', 'date', 'entity', 'patient', 'outcome']));
  });
});
