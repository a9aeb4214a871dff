import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { aPhantom } from './phantoms.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

/** Whose a resource is where its type does not say it: ways past that were found by looking for them. */
let wetread: Wetread;
let maker: TokenMaker;
let all: Record<string, string>;

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  all = await by({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  for (const id of ['pa', 'pb']) await put({ resourceType: 'Patient', id, name: [{ family: `Family-${id}` }] });
});
afterAll(() => wetread.remove());

const by = (asked: TokenAsked): Promise<Record<string, string>> => maker.headers(asked);
const fhir = (method: string, path: string, headers: Record<string, string>, body?: object) =>
  wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/fhir+json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const put = (resource: Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string }) =>
  fhir('PUT', `${resource.resourceType}/${resource.id}`, all, resource);
const statusOf = async (path: string, headers: Record<string, string>): Promise<number> => (await fhir('GET', path, headers)).status;
const found = async (path: string, headers: Record<string, string>): Promise<(string | undefined)[]> =>
  (((await (await fhir('GET', path, headers)).json()) as Bundle).entry ?? []).map(({ resource }) => resource?.id).sort();
const inBatch = async (url: string, headers: Record<string, string>): Promise<string> =>
  (await fhir('POST', '', headers, { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url } }] })).text();

describe('A Binary that belongs to somebody else’s chart (R4 binary.html)', () => {
  const binary = (id: string, patient: string, data: string) =>
    put({ resourceType: 'Binary', id, contentType: 'text/plain', securityContext: { reference: `Patient/${patient}` }, data });
  let hers: Record<string, string>;
  beforeAll(async () => {
    await binary('of-bob', 'pb', 'Ym9i');
    await binary('of-ann', 'pa', 'YW5u');
    await binary('moved', 'pb', 'Ym9i');
    await binary('moved', 'pa', 'YW5u');
    hers = await by({ scope: 'launch/patient patient/*.rs user/Binary.rs user/Provenance.rs', patient: 'pa' });
  });

  it('is given to the one whose it is, who has no other right to Binaries than to their own', async () => {
    const ofAnn = await by({ scope: 'launch/patient patient/*.rs', patient: 'pa' });
    const account = await by({ roles: ['patient'], scope: 'user/*.rs', patient: 'pa', claims: { fhirUser: 'Patient/pa' } });
    for (const one of [ofAnn, account])
      expect([await statusOf('Binary/of-ann', one), await statusOf('Binary/of-bob', one)]).toEqual([200, 404]);
  });

  it('is not brought along by what tells of both', async () => {
    const target = ['Patient/pa', 'Binary/of-ann', 'Binary/of-bob'].map((reference) => ({ reference }));
    const agent = [{ who: { reference: 'Patient/pa' } }];
    await put({ resourceType: 'Provenance', id: 'of-files', target, recorded: '2026-01-01T00:00:00Z', agent });
    const brought = 'Provenance?_id=of-files&_include=Provenance:target:Binary';
    expect(await found(brought, all)).toEqual(['of-ann', 'of-bob', 'of-files']);
    expect(await found(brought, hers)).toEqual(['of-files']);
    const patients = 'launch/patient patient/*.rs';
    expect(await found(brought, await by({ scope: `${patients} user/Provenance.rs`, patient: 'pa' }))).toEqual(['of-ann', 'of-files']);
    expect(await found(brought, await by({ scope: patients, patient: 'pa' }))).toEqual([]); // it is of a file of Bob's
    await fhir('DELETE', 'Provenance/of-files', all);
  });

  it('has no history for who may not read it, by itself or in a batch; of one that was, only the versions that are open', async () => {
    expect(await statusOf('Binary/of-bob/_history', hers)).toBe(404);
    expect(await inBatch('Binary/of-bob/_history', hers)).not.toContain('Ym9i');
    expect(await statusOf('Binary/of-ann/_history', hers)).toBe(200);
    const moved = await (await fhir('GET', 'Binary/moved/_history', hers)).text();
    expect([moved.includes('YW5u'), moved.includes('Ym9i')]).toEqual([true, false]);
  });

  it('is in no history of the type, and in no export, of who may not read all', async () => {
    expect([await statusOf('Binary/_history', hers), await statusOf('$export?_type=Binary', { ...hers, prefer: 'respond-async' })]).toEqual(
      [403, 403],
    );
    expect(await inBatch('Binary/_history', hers)).not.toContain('Ym9i');
    expect(await statusOf('Binary/$meta', hers)).toBe(403);
    const whole = await by({ scope: 'user/*.rs' });
    expect(await statusOf('Binary/_history', whole)).toBe(200);
    expect(await statusOf('$export?_type=Binary', { ...whole, prefer: 'respond-async' })).toBe(202);
  });
});

describe('The history of everything', () => {
  it('is given to who may read everything that it holds, without the record of accesses, which it does not hold', async () => {
    expect(await statusOf('$meta', await by({ scope: 'user/*.rs' }))).toBe(200);
    const answer = await fhir('GET', '_history?_count=5', await by({ scope: 'user/*.rs' }));
    expect([answer.status, ((await answer.json()) as Bundle).type]).toEqual([200, 'history']);
    expect(await statusOf('_history', await by({ roles: ['regulatory'], scope: 'user/*.rs' }))).toBe(403);
    expect(await statusOf('_history', await by({ scope: 'patient/*.rs', patient: 'pa' }))).toBe(403);
  });
});

describe('What is said of models and machines', () => {
  const document = (id: string, more: object) => ({
    resourceType: 'DocumentReference',
    id,
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', data: 'c2VjcmV0' } }],
    ...more,
  });
  const pb = { reference: 'Patient/pb' };
  const OF_PATIENTS = [
    document('of-pb', { subject: pb }),
    document('by-pb', { author: [pb] }),
    document('about-pb', { context: { related: [pb] } }),
    document('source-pb', { context: { sourcePatientInfo: pb } }),
    document('named', { subject: { display: 'Bob' } }),
    document('contained', { contained: [{ resourceType: 'Patient', id: 'x' }], subject: { reference: '#x' } }),
    document('elsewhere', { subject: { reference: 'https://elsewhere.example/fhir/Patient/pb' } }),
    { resourceType: 'Device', id: 'implant', patient: pb },
    { resourceType: 'Provenance', id: 'of-chart', target: [pb], recorded: '2026-01-01T00:00:00Z', agent: [{ who: { display: 'x' } }] },
    {
      resourceType: 'MeasureReport',
      id: 'one-patient',
      status: 'complete',
      type: 'individual',
      measure: 'urn:x:measure',
      subject: pb,
      period: { start: '2026' },
    },
  ];
  const NOBODYS = [document('a-manual', {}), { resourceType: 'Device', id: 'scanner' }];
  beforeAll(async () => {
    for (const one of [...OF_PATIENTS, ...NOBODYS]) expect([one.id, (await put(one)).status]).toEqual([one.id, 201]);
  });

  it.each(['regulatory', 'model-admin'] as const)('is for the role %s as far as it is no patient’s', async (role) => {
    const headers = await by({ roles: [role], scope: 'user/*.rs' });
    for (const { resourceType, id } of OF_PATIENTS)
      for (const path of [`${resourceType}/${id}`, `${resourceType}/${id}/_history`, `${resourceType}/${id}/_history/1`])
        expect([path, [403, 404].includes(await statusOf(path, headers))]).toEqual([path, true]);
    for (const { resourceType, id } of NOBODYS)
      for (const path of [`${resourceType}/${id}`, `${resourceType}/${id}/_history`])
        expect([path, await statusOf(path, headers)]).toEqual([path, 200]);
    expect(await found('DocumentReference?_count=50', headers)).toEqual(['a-manual']);
    expect(await found('Device?_count=50', headers)).toEqual(['scanner']);
    expect(await found('DocumentReference?subject=Patient/pb', headers)).toEqual([]);
    for (const path of ['DocumentReference/_history', '$export?_type=DocumentReference'])
      expect([path, await statusOf(path, { ...headers, prefer: 'respond-async' })]).toEqual([path, 403]);
  });
});

describe('What is about several patients', () => {
  const group = (id: string, ...entities: object[]) => ({
    resourceType: 'Group',
    id,
    type: 'person',
    actual: true,
    member: entities.map((entity) => ({ entity })),
  });
  const provenance = (id: string, ...target: object[]) => ({
    resourceType: 'Provenance',
    id,
    target,
    recorded: '2026-01-01T00:00:00Z',
    agent: [{ who: { display: 'x' } }],
  });
  const [pa, pb] = ['pa', 'pb'].map((id) => ({ reference: `Patient/${id}`, display: `Family-${id}` }));
  const of = (type: string, id: string, subject: object) => ({
    resourceType: type,
    id,
    subject,
    ...(type === 'Observation' && { status: 'final', code: { text: 'x' } }),
  });
  const [hisFinding, hisSpecimen, herFinding, herSpecimen] = [
    'Observation/of-pb',
    'Specimen/of-pb',
    'Observation/of-pa',
    'Specimen/of-pa',
  ].map((reference) => ({ reference, display: 'what Family-pb has' }));
  const composition = (id: string, entry: object) => ({
    resourceType: 'Composition',
    id,
    status: 'final',
    type: { text: 'x' },
    subject: pa,
    date: '2026',
    author: [{ display: 'x' }],
    title: 'x',
    section: [{ title: 'x', entry: [entry] }],
  });
  /** Each names Ann, and something that is Bob's, in whatever type it is. */
  const THROUGH = [
    provenance('his-finding', pa, hisFinding),
    provenance('his-version', pa, { ...hisFinding, reference: 'Observation/of-pb/_history/1' }),
    provenance('his-specimen', pa, hisSpecimen),
    provenance('his-group', pa, { reference: 'Group/of-pb' }),
    provenance('his-deleted', pa, { reference: 'Observation/deleted', display: 'what Family-pb has' }),
    provenance('elsewheres', pa, { reference: 'Observation/elsewhere', display: 'what Family-pb has' }),
    composition('his-section', hisFinding),
  ];
  const HERS = [
    provenance('her-finding', pa, { reference: herFinding.reference }),
    provenance('her-specimen', pa, { reference: herSpecimen.reference }),
    provenance('a-device', pa, { reference: 'Device/a-scanner' }),
    provenance('nothing-known', pa, { reference: 'Observation/never-was' }),
    composition('her-section', { reference: herFinding.reference }),
  ];
  beforeAll(async () => {
    const elsewhere = { reference: 'https://elsewhere.example/fhir/Patient/pa' };
    for (const one of [
      of('Observation', 'of-pb', pb),
      of('Specimen', 'of-pb', pb),
      of('Observation', 'of-pa', pa),
      of('Specimen', 'of-pa', pa),
      of('Observation', 'deleted', pb),
      of('Observation', 'elsewhere', elsewhere),
      group('of-pb', pb),
      { resourceType: 'Device', id: 'a-scanner' },
      ...THROUGH,
      ...HERS,
    ])
      expect([one.id, (await put(one)).status]).toEqual([one.id, 201]);
    expect((await fhir('DELETE', 'Observation/deleted', all)).status).toBe(204);
  });
  beforeAll(async () => {
    for (const one of [
      group('cohort', pa, pb),
      group('named', pa, { display: 'Bob' }),
      group('elsewhere', pa, { reference: 'https://elsewhere.example/fhir/Patient/pb' }),
      group('alone', pa),
      provenance('both', pa, pb),
      provenance('one', pa),
    ])
      expect([one.id, (await put(one)).status]).toEqual([one.id, 201]);
  });

  it('is open to a patient where it is about nobody else', async () => {
    for (const headers of [
      await by({ roles: ['patient'], scope: 'patient/*.rs', patient: 'pa' }),
      await by({ scope: 'launch/patient patient/*.rs', patient: 'pa' }),
    ]) {
      for (const path of ['Group/cohort', 'Group/named', 'Group/elsewhere', 'Provenance/both', 'Group/cohort/_history'])
        expect([path, await statusOf(path, headers)]).toEqual([path, 404]);
      for (const path of ['Group/alone', 'Provenance/one']) expect([path, await statusOf(path, headers)]).toEqual([path, 200]);
      expect([await found('Group', headers), await found('Group?member=Patient/pb', headers)]).toEqual([['alone'], []]);
      expect(await found('Provenance?_count=50', headers)).toEqual([...HERS.slice(0, 4).map(({ id }) => id), 'one'].sort());
      const everything = await (await fhir('GET', 'Patient/pa/$everything?_count=500', headers)).text();
      const along = await (await fhir('GET', 'Patient?_revinclude=Group:member&_revinclude=Provenance:target', headers)).text();
      for (const text of [everything, along]) expect([text.includes('Family-pa'), text.includes('Family-pb')]).toEqual([true, false]);
    }
  });

  it('is open to a patient where what it is about is nobody else’s, either', async () => {
    for (const headers of [
      await by({ roles: ['patient'], scope: 'patient/*.rs', patient: 'pa' }),
      await by({ scope: 'launch/patient patient/*.rs', patient: 'pa' }),
    ]) {
      for (const { resourceType, id } of THROUGH)
        for (const path of [`${resourceType}/${id}`, `${resourceType}/${id}/_history`, `${resourceType}/${id}/_history/1`])
          expect([path, await statusOf(path, headers)]).toEqual([path, 404]);
      for (const { resourceType, id } of HERS)
        for (const path of [`${resourceType}/${id}`, `${resourceType}/${id}/_history/1`])
          expect([path, await statusOf(path, headers)]).toEqual([path, 200]);
      expect(await found('Composition', headers)).toEqual(['her-section']);
    }
  });
});

describe('A study that somebody else has here', () => {
  const claim = (uid: string) => ({
    resourceType: 'ImagingStudy',
    status: 'available',
    subject: { reference: 'Patient/pa' },
    identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${uid}` }],
  });

  it('is not told from one that is not here by what a client may write', async () => {
    const { studyInstanceUID: archived, bytes } = aPhantom();
    await wetread.storeAs(all, bytes);
    await eventually(async () => (await found(`ImagingStudy?identifier=urn:oid:${archived}`, all)).at(0), 'the ImagingStudy');
    const hers = await by({ scope: 'patient/*.cruds', patient: 'pa' });
    const validating = await by({ scope: 'patient/*.rs user/ImagingStudy.cu', patient: 'pa' });
    for (const uid of [archived, '2.25.1234567890']) {
      const answer = await fhir('POST', 'ImagingStudy', hers, claim(uid));
      expect([uid, answer.status, await answer.text()]).toEqual([uid, 403, expect.stringContaining('not-permitted')]);
      const entry = [{ resource: claim(uid), request: { method: 'POST', url: 'ImagingStudy' } }];
      for (const type of ['batch', 'transaction']) {
        const bundle = await (await fhir('POST', '', hers, { resourceType: 'Bundle', type, entry })).text();
        expect([bundle.includes('not-permitted'), bundle.includes('record-rivals')]).toEqual([true, false]);
      }
      const parameter = [
        { name: 'resource', resource: claim(uid) },
        { name: 'mode', valueCode: 'create' },
      ];
      const validated = await fhir('POST', 'ImagingStudy/$validate', validating, { resourceType: 'Parameters', parameter });
      expect(await validated.text()).not.toContain('record-rivals');
    }
    const { identifier: _uid, ...without } = claim('');
    expect((await fhir('POST', 'ImagingStudy', hers, without)).status).toBe(201);
    expect((await fhir('POST', 'ImagingStudy', all, claim(archived))).status).toBe(409);
    expect((await fhir('POST', 'ImagingStudy', all, claim('2.25.1234567891'))).status).toBe(201);
  });
});
