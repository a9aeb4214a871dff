import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, CapabilityStatement, ImagingStudy, OperationOutcome } from 'fhir/r4.js';
import { bundleOf, get, postBundle, ranBundle, statuses } from './bundle-requests.js';
import { aChestXray } from './instances.js';
import { found, idle, imagingStudyOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const image = aChestXray({ PatientID: 'AUDITED', PatientName: 'Quixote^Alonso', BodyPartExamined: 'HAND' });

let wetread: Wetread;
let patient = '';
let imagingStudy = '';
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(image.bytes);
  await idle(wetread);
  const [known] = await found<ImagingStudy>(wetread, imagingStudyOf(image.studyInstanceUID));
  patient = known.subject.reference?.replace('Patient/', '') ?? '';
  imagingStudy = known.id ?? '';
});
afterAll(() => wetread.remove());

const ask = async (path: string, accept = FHIR_JSON): Promise<Response> => {
  const answer = await wetread.fetch(path, { headers: { accept } });
  return new Response(await answer.arrayBuffer(), { status: answer.status, headers: answer.headers });
};
const bundle = async (search: string): Promise<Bundle<AuditEvent>> => wetread.json<Bundle<AuditEvent>>(`/fhir/${search}`, FHIR_JSON);
const events = async (search: string): Promise<AuditEvent[]> =>
  ((await bundle(search)).entry ?? []).flatMap(({ resource }) => resource ?? []);
/** The AuditEvent of a request. */
async function eventOf(request: Response): Promise<AuditEvent> {
  const id = request.headers.get('x-request-id') ?? '';
  const own = (await events('AuditEvent?_count=50')).filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === id));
  expect(own).toHaveLength(1);
  return own[0];
}
const errorsIn = async (event: AuditEvent): Promise<unknown[]> => {
  const answer = await wetread.fetch('/fhir/AuditEvent/$validate', {
    method: 'POST',
    headers: { 'content-type': FHIR_JSON },
    body: JSON.stringify(event),
  });
  return ((await answer.json()) as OperationOutcome).issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
};
const slice = ({ entity = [] }: AuditEvent, role: string) => entity.filter((one) => one.role?.code === role);

describe('An access as an AuditEvent', () => {
  it('of a read is a PatientRead: who, when, what, whose, by which request', async () => {
    const request = await ask(`/fhir/ImagingStudy/${imagingStudy}`);
    const event = await eventOf(request);
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
      { type: { code: '1' }, role: { code: '1' }, what: { reference: `Patient/${patient}` } },
      { type: { code: '2' }, role: { code: '4' }, what: { reference: `ImagingStudy/${imagingStudy}` } },
    ]);
    expect(await errorsIn(event)).toEqual([]);
    expect(await wetread.json(`/fhir/AuditEvent/${event.id}`, FHIR_JSON)).toEqual(event);
  });

  it('of a search is a PatientQuery, with what was asked for in base64 alone', async () => {
    const event = await eventOf(await ask('/fhir/Patient?name=Quixote&identifier=AUDITED'));
    expect(event).toMatchObject({ meta: { profile: [`${BALP}PatientQuery`] }, action: 'E', subtype: [{ code: 'search-type' }] });
    const [query] = slice(event, '24');
    expect(query).toMatchObject({ type: { code: '2' }, description: 'by name, identifier' });
    expect(query.what).toBeUndefined();
    expect(Buffer.from(query.query ?? '', 'base64').toString()).toBe('Patient?name=Quixote&identifier=AUDITED');
    expect(JSON.stringify(event)).not.toMatch(/Quixote|AUDITED/);
    expect(await errorsIn(event)).toEqual([]);
    const nobody = await eventOf(await ask('/fhir/Patient?name=Panza'));
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
      subject: { reference: `Patient/${patient}` },
    };
    await send('PUT', 'Observation/audited', finding);
    await send('PUT', 'Observation/audited', { ...finding, status: 'amended' });
    await send('DELETE', 'Observation/audited');
    const three = await events('AuditEvent?entity=Observation/audited&_sort=date');
    expect(three.map(({ action, meta }) => [action, meta?.profile])).toEqual([
      ['C', [`${BALP}PatientCreate`]],
      ['U', [`${BALP}PatientUpdate`]],
      ['D', [`${BALP}PatientDelete`]],
    ]);
    for (const event of three) {
      expect(slice(event, '1')).toMatchObject([{ what: { reference: `Patient/${patient}` } }]);
      expect(await errorsIn(event)).toEqual([]);
    }
  });

  it.each<[what: string, path: string, accept: string, type: string, action: string]>([
    ['a query for studies', '/dicom-web/studies?PatientName=Quixote*', 'application/dicom+json', '110112', 'E'],
    ['metadata', `/dicom-web/studies/${image.studyInstanceUID}/metadata`, 'application/dicom+json', '110103', 'R'],
    ['frames', `${image.path}/frames/1`, 'multipart/related; type="application/octet-stream"; transfer-syntax=*', '110104', 'R'],
  ])('of DICOMweb has DICOM’s codes: %s', async (_, path, accept, type, action) => {
    const event = await eventOf(await ask(path, accept));
    expect(event).toMatchObject({ type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: type }, action, outcome: '0' });
    expect(slice(event, '1')).toMatchObject([{ what: { reference: `Patient/${patient}` } }]);
    expect(JSON.stringify(event)).not.toMatch(/Quixote|AUDITED/);
    expect(await errorsIn(event)).toEqual([]);
  });

  it('that was refused says so, and of a study that came who sent it', async () => {
    const refused = await eventOf(await ask('/fhir/Patient/Quixote'));
    expect(refused).toMatchObject({ outcome: '4', outcomeDesc: 'HTTP 404' });
    expect(refused.meta?.profile).toBeUndefined();
    expect(await errorsIn(refused)).toEqual([]);
    const [came] = await events(`AuditEvent?patient=${patient}&subtype=RAD-108`);
    expect(came).toMatchObject({ type: { code: '110104' }, action: 'C', agent: [{ altId: 'local' }, {}, {}] });
  });
});

describe('The record of accesses', () => {
  it('is searched by who, when, what, whose, how and with which outcome', async () => {
    const all = await events(`AuditEvent?patient=${patient}&_count=1000`);
    expect(all.length).toBeGreaterThan(8);
    const times = all.map(({ recorded }) => recorded);
    expect(times).toEqual(times.toSorted().reverse());
    const is = async (more: string, keep: (event: AuditEvent) => boolean) =>
      expect([
        more,
        (await events(`AuditEvent?patient=Patient/${patient}&_count=1000&date=le${times[0]}${more}`)).map(({ id }) => id),
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
    await is('&agent=local', () => true);
    await is('&agent=Practitioner/nobody', () => false);
    await is('&altid=local', () => true);
    await is(`&entity=ImagingStudy/${imagingStudy}`, (event) =>
      slice(event, '4').some(({ what }) => what?.reference === `ImagingStudy/${imagingStudy}`),
    );
    await is(`&entity=${wetread.url}/fhir/Patient/${patient}`, () => true);
    await is('&source=wetread&entity-type=1', () => true);
    await is('&source=elsewhere', () => false);
  });

  it('is read page by page, each record once, and counted where that is asked', async () => {
    const before = (await events('AuditEvent?_count=1'))[0].recorded;
    const search = `AuditEvent?date=le${before}`;
    const whole = (await events(`${search}&_count=1000`)).map(({ id }) => id);
    const paged: (string | undefined)[] = [];
    for (let next: string | undefined = `${search}&_count=7&_total=accurate`; next !== undefined;) {
      const page: Bundle<AuditEvent> = await bundle(next);
      expect(page.total).toBe(whole.length);
      paged.push(...(page.entry ?? []).map(({ resource }) => resource?.id));
      next = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '');
    }
    expect(paged).toEqual(whole);
    expect(await bundle(`${search}&_summary=count`)).toMatchObject({ total: whole.length });
    const post = await wetread.fetch('/fhir/AuditEvent/_search', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `date=le${before}&_count=3&_sort=-date`,
    });
    expect(((await post.json()) as Bundle).entry?.map(({ resource }) => resource?.id)).toEqual(whole.slice(0, 3));
    expect((await events(`Patient/${patient}/AuditEvent?_count=1`)).length).toBe(1);
  });

  it.each([
    'AuditEvent?shoe=1',
    'AuditEvent?date=yesterday',
    'AuditEvent?_sort=agent',
    'AuditEvent?_count=x',
    'AuditEvent?_cursor=x',
    'AuditEvent?patient=',
  ])('refuses %s', async (search) => {
    expect((await ask(`/fhir/${search}`)).status).toBe(400);
  });

  it('has on record who read it', async () => {
    const event = await eventOf(await ask(`/fhir/AuditEvent?patient=${patient}`));
    expect(slice(event, '24')).toHaveLength(1);
    expect(slice(event, '1')).toMatchObject([{ what: { reference: `Patient/${patient}` } }]);
    const read = await eventOf(await ask(`/fhir/AuditEvent/${event.id}`));
    expect(slice(read, '4')).toMatchObject([{ what: { reference: `AuditEvent/${event.id}` } }]);
  });

  it('is written by nobody: not alone, and in no Bundle', async () => {
    const [event] = await events('AuditEvent?_count=1');
    const send = (method: string, path: string, type = FHIR_JSON) =>
      wetread.fetch(`/fhir/${path}`, {
        method,
        headers: { 'content-type': type },
        body: method === 'DELETE' ? undefined : JSON.stringify(event),
      });
    const before = (await bundle('AuditEvent?_total=accurate&_count=1&subtype=create,update,patch,delete')).total;
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
    expect((await bundle('AuditEvent?_total=accurate&_count=1&subtype=create,update,patch,delete')).total).toBe(before);
  });

  it('is in the CapabilityStatement as what it is', async () => {
    const { rest } = await wetread.json<CapabilityStatement>('/fhir/metadata', FHIR_JSON);
    const stated = rest?.[0].resource?.find(({ type }) => type === 'AuditEvent');
    expect(stated?.interaction?.map(({ code }) => code)).toEqual(['read', 'search-type']);
    expect(stated?.supportedProfile).toContain(`${BALP}PatientRead`);
    expect(stated?.searchParam?.map(({ name }) => name)).toEqual(expect.arrayContaining(['agent', 'date', 'entity', 'patient', 'outcome']));
  });
});

describe('A patient’s access log', () => {
  it('says in words who looked at what, when, and is on record itself', async () => {
    const request = await ask(`/fhir/Patient/${patient}/$access-log?_count=1000`);
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
    const [last] = await events(`AuditEvent?patient=${patient}&_count=1`);
    expect(last.text?.div).toContain('looked at this list of accesses');
    expect(slice(last, '4')).toMatchObject([{ what: { reference: `Patient/${patient}` } }]);
  });

  it('is of a span of time where that is asked, by Parameters too, and page by page', async () => {
    const all = await events(`AuditEvent?patient=${patient}&_count=1000`);
    const [to, from] = [all[3].recorded, all[6].recorded];
    const expected = all.filter(({ recorded }) => recorded >= from && recorded <= to).map(({ id }) => id);
    expect((await events(`Patient/${patient}/$access-log?from=${from}&to=${to}`)).map(({ id }) => id)).toEqual(expected);
    const posted = await wetread.fetch(`/fhir/Patient/${patient}/$access-log`, {
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
    const first = await bundle(`Patient/${patient}/$access-log?to=${to}&_count=2`);
    const next = first.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '') ?? '';
    expect((await events(next)).map(({ id }) => id)).toEqual(
      all
        .filter(({ recorded }) => recorded <= to)
        .slice(2, 4)
        .map(({ id }) => id),
    );
  });

  it('is not there of a patient who is not', async () => {
    expect((await ask('/fhir/Patient/nobody/$access-log')).status).toBe(404);
    expect((await ask(`/fhir/Patient/${patient}/$access-log?shoe=1`)).status).toBe(400);
  });
});
