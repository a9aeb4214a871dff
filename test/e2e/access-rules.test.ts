import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { aChestXray } from './instances.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
let all: Record<string, string>;
const ann = aChestXray({ PatientID: 'ANN' });
const bob = aChestXray({ PatientID: 'BOB' });
const idOf = (patientID: string): string => patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, '');
const [ANN, BOB] = [idOf('ANN'), idOf('BOB')];

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on', QUIET_PERIOD_SECONDS: '0' });
  maker = await TokenMaker.of(wetread);
  all = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  await wetread.storeAs(all, ann.bytes, bob.bytes);
  for (const one of [ann, bob])
    await eventually(async () => {
      const { total } = await bundle(`ImagingStudy?identifier=urn:dicom:uid|urn:oid:${one.studyInstanceUID}`, all);
      return total === 1 ? true : undefined;
    }, 'the study as a resource');
  for (const [id, patient, category] of [
    ['ann-imaging', ANN, 'imaging'],
    ['ann-laboratory', ANN, 'laboratory'],
    ['bob-imaging', BOB, 'imaging'],
  ])
    await send('PUT', `Observation/${id}`, all, observation(id, patient, category));
});
afterAll(() => wetread.remove());

const observation = (id: string, patient: string, category: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] }],
  code: { text: 'a finding' },
  subject: { reference: `Patient/${patient}` },
  valueString: `of ${patient}`,
});

const send = (method: string, path: string, headers: Record<string, string>, body: object) =>
  wetread.fetch(`/fhir/${path}`, { method, headers: { ...headers, 'content-type': 'application/fhir+json' }, body: JSON.stringify(body) });

interface Found {
  readonly total?: number;
  readonly entry?: readonly { readonly resource: { readonly resourceType: string; readonly id: string } }[];
}
const bundle = async (path: string, headers: Record<string, string>): Promise<Found> =>
  (await (await wetread.fetch(`/fhir/${path}`, { headers })).json()) as Found;
/** Of what the test itself wrote, and of Patients: what models make of the images comes when it comes. */
const OWN = new Set(['ann-imaging', 'ann-laboratory', 'bob-imaging', 'member', ANN, BOB]);
const idsOf = ({ entry = [] }: Found): string[] =>
  entry
    .map(({ resource }) => resource.id)
    .filter((id) => OWN.has(id))
    .sort();
const statusOf = async (path: string, headers: Record<string, string>): Promise<number> => (await wetread.fetch(path, { headers })).status;
const by = (asked: TokenAsked): Promise<Record<string, string>> => maker.headers(asked);

describe('A token in a patient’s context', () => {
  let her: Record<string, string>;
  beforeAll(async () => {
    her = await by({ scope: 'patient/*.rs', patient: ANN });
  });

  it('reads what is of that patient, and the rest is answered as what is not there', async () => {
    expect(await statusOf(`/fhir/Patient/${ANN}`, her)).toBe(200);
    expect(await statusOf('/fhir/Observation/ann-imaging', her)).toBe(200);
    const [others, absent] = await Promise.all(
      ['Observation/bob-imaging', 'Observation/nobodys'].map(async (path) => {
        const answer = await wetread.fetch(`/fhir/${path}`, { headers: her });
        return [answer.status, ((await answer.json()) as { issue: unknown[] }).issue] as const;
      }),
    );
    expect(others).toEqual(absent);
    expect(others[0]).toBe(404);
    expect(await statusOf(`/fhir/Patient/${BOB}`, her)).toBe(404);
    expect(await statusOf('/fhir/Observation/bob-imaging/_history', her)).toBe(404);
    expect(await statusOf('/fhir/Observation/bob-imaging/_history/1', her)).toBe(404);
  });

  it('finds and counts that patient’s alone, by whatever search', async () => {
    expect(idsOf(await bundle('Observation?_count=50&_total=accurate', her))).toEqual(['ann-imaging', 'ann-laboratory']);
    expect((await bundle('Observation?category=laboratory&_summary=count', her)).total).toBe(1);
    expect((await bundle('Observation?_id=ann-imaging,bob-imaging&_summary=count', her)).total).toBe(1);
    expect(idsOf(await bundle('Patient', her))).toEqual([ANN]);
    expect((await bundle(`Observation?subject=Patient/${BOB}`, her)).total).toBe(0);
    expect((await bundle(`Patient?_id=${BOB}`, her)).total).toBe(0);
    const whole = await bundle('?_type=Patient,Observation&_count=50', her);
    expect(idsOf(whole)).toEqual([ANN, 'ann-imaging', 'ann-laboratory'].sort());
  });

  it('gets nothing of others by what comes along, nor by looking through them', async () => {
    await send('PUT', 'Observation/member', all, {
      ...observation('member', ANN, 'imaging'),
      hasMember: [{ reference: 'Observation/bob-imaging' }],
    });
    const found = await bundle('Observation?_id=member&_include=*', her);
    expect(idsOf(found)).toContain('member');
    expect(idsOf(found)).not.toContain('bob-imaging');
    const others = await wetread.fetch('/fhir/Observation?subject:Patient.identifier=BOB', { headers: her });
    expect(others.status).toBe(403);
    expect(await statusOf(`/fhir/Patient/${BOB}/$everything`, her)).toBe(404);
    expect(idsOf(await bundle(`Patient/${ANN}/$everything?_count=500`, her))).not.toContain('bob-imaging');
    expect(await statusOf('/fhir/Observation/_history', her)).toBe(403);
    expect(await statusOf('/fhir/_history', her)).toBe(403);
  });

  it('opens the images of that patient’s studies, and no other', async () => {
    const study = (one: typeof ann) => `/dicom-web/studies/${one.studyInstanceUID}`;
    expect(await statusOf(`${study(ann)}/metadata`, her)).toBe(200);
    expect(await statusOf(`${study(ann)}/series/${ann.seriesInstanceUID}/instances/${ann.sopInstanceUID}/frames/1`, her)).toBe(200);
    const below = `/series/${bob.seriesInstanceUID}/instances/${bob.sopInstanceUID}`;
    for (const path of [
      '',
      '/metadata',
      '/rendered',
      '/thumbnail',
      below,
      `${below}/frames/1`,
      `${below}/rendered`,
      `${below}/bulkdata/7FE00010`,
    ])
      expect([path, await statusOf(`${study(bob)}${path}`, her)]).toEqual([path, 404]);
    const wado = `/wado?requestType=WADO&studyUID=${bob.studyInstanceUID}&seriesUID=${bob.seriesInstanceUID}&objectUID=${bob.sopInstanceUID}`;
    expect(await statusOf(wado, her)).toBe(404);
    for (const level of ['studies', 'series', 'instances']) {
      const found = (await (await wetread.fetch(`/dicom-web/${level}?limit=100`, { headers: her })).json()) as Record<
        string,
        { Value: string[] }
      >[];
      expect([...new Set(found.map((one) => one['0020000D'].Value[0]))]).toEqual([ann.studyInstanceUID]);
    }
    expect(await (await wetread.fetch(`${study(bob)}/series`, { headers: her })).text()).toBe('[]');
  });

  it('gets the same of the graph', async () => {
    const query = `{ studies { edges { node { studyInstanceUID } } } study(studyInstanceUID: "${bob.studyInstanceUID}") { studyInstanceUID } }`;
    const answer = await wetread.fetch('/graphql', {
      method: 'POST',
      headers: { ...her, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await answer.json()).toEqual({
      data: { studies: { edges: [{ node: { studyInstanceUID: ann.studyInstanceUID } }] }, study: null },
    });
  });

  it('stores, changes and deletes nothing', async () => {
    expect((await send('PUT', 'Observation/ann-imaging', her, observation('ann-imaging', ANN, 'imaging'))).status).toBe(403);
    expect((await send('POST', 'Observation', her, observation('x', ANN, 'imaging'))).status).toBe(403);
    expect((await wetread.fetch('/fhir/Observation/ann-imaging', { method: 'DELETE', headers: her })).status).toBe(403);
    expect((await wetread.storeAs(her, aChestXray().bytes)).status).toBe(403);
  });

  it('without a patient opens nothing at all', async () => {
    const lost = await by({ scope: 'patient/*.cruds' });
    for (const path of ['/fhir/Patient', '/fhir/Observation', `/fhir/Patient/${ANN}`, '/dicom-web/studies', '/dicom-web/workitems'])
      expect([path, await statusOf(path, lost)]).toEqual([path, 403]);
  });
});

describe('A scope with search parameters', () => {
  it('opens what meets them, in each interaction', async () => {
    const narrow = await by({ scope: 'user/Observation.cruds?category=imaging' });
    expect(idsOf(await bundle('Observation?_count=50', narrow))).toEqual(['ann-imaging', 'bob-imaging', 'member']);
    expect(await statusOf('/fhir/Observation/ann-laboratory', narrow)).toBe(404);
    expect(await statusOf('/fhir/Observation/ann-imaging', narrow)).toBe(200);
    expect((await send('PUT', 'Observation/ann-laboratory', narrow, observation('ann-laboratory', ANN, 'imaging'))).status).toBe(404);
    expect((await send('PUT', 'Observation/ann-imaging', narrow, observation('ann-imaging', ANN, 'laboratory'))).status).toBe(403);
    expect((await send('POST', 'Observation', narrow, observation('x', ANN, 'laboratory'))).status).toBe(403);
    expect((await send('POST', 'Observation', narrow, observation('x', ANN, 'imaging'))).status).toBe(201);
    expect((await bundle('Observation/ann-imaging', all)) as object).toMatchObject({ category: [{ coding: [{ code: 'imaging' }] }] });
    expect(await statusOf('/fhir/Patient', narrow)).toBe(403);
  });

  it('opens the images of just the studies that meet them', async () => {
    const token = await by({ scope: `user/ImagingStudy.rs?subject=Patient/${BOB}` });
    expect(await statusOf(`/dicom-web/studies/${bob.studyInstanceUID}/metadata`, token)).toBe(200);
    expect(await statusOf(`/dicom-web/studies/${ann.studyInstanceUID}/metadata`, token)).toBe(404);
    expect(await statusOf('/fhir/ImagingStudy', token)).toBe(200);
    expect(await statusOf('/fhir/Observation', token)).toBe(403);
  });

  it('that nobody can read opens nothing, rather than everything', async () => {
    for (const query of ['nonsense=1', '_include=*', 'subject:Patient.name=ann', '_has:Observation:subject:code=x', ''])
      expect([query, (await bundle('Observation', await by({ scope: `user/Observation.rs?${query}` }))).total ?? 0]).toEqual([query, 0]);
  });

  it('of one context is not mixed with another’s', async () => {
    const both = await by({ scope: 'patient/Observation.rs user/Patient.rs', patient: ANN });
    expect(idsOf(await bundle('Observation?_count=50', both))).not.toContain('bob-imaging');
    expect(idsOf(await bundle('Patient', both))).toEqual([ANN, BOB].sort());
    const system = await by({ scope: 'system/*.cruds' });
    expect(await statusOf('/fhir/Patient', system)).toBe(403); // a person has none of a system's
  });
});

describe('In a Bundle', () => {
  it('an entry is what it is by itself: refused where it is refused', async () => {
    const her = await by({ scope: 'patient/*.rs', patient: ANN });
    const batch = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: ['Observation/ann-imaging', 'Observation/bob-imaging', `Patient/${BOB}`, `Observation?subject=Patient/${BOB}`].map((url) => ({
        request: { method: 'GET', url },
      })),
    };
    const answer = (await (await send('POST', '', her, batch)).json()) as { entry: { response: { status: string }; resource?: Found }[] };
    expect(answer.entry.map(({ response }) => response.status.slice(0, 3))).toEqual(['200', '404', '404', '200']);
    expect(answer.entry[3].resource?.total).toBe(0);
    const transaction = { ...batch, type: 'transaction', entry: [{ request: { method: 'GET', url: 'Observation/bob-imaging' } }] };
    expect((await send('POST', '', her, transaction)).status).toBe(404);
    const write = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ request: { method: 'PUT', url: 'Observation/bob-imaging' }, resource: observation('bob-imaging', BOB, 'imaging') }],
    };
    expect((await send('POST', '', her, write)).status).toBe(403);
  });
});

describe('Bulk export', () => {
  it('gives whole types to whom they are open whole, and an export is its asker’s alone', async () => {
    const prefer = { prefer: 'respond-async' };
    const her = await by({ scope: 'patient/*.rs', patient: ANN });
    expect((await wetread.fetch('/fhir/$export', { headers: { ...her, ...prefer } })).status).toBe(403);
    const begun = await wetread.fetch('/fhir/$export?_type=Observation', { headers: { ...all, ...prefer } });
    expect(begun.status).toBe(202);
    const status = new URL(begun.headers.get('content-location') ?? '').pathname;
    const another = await by({ kind: 'system', roles: ['system'], scope: 'system/*.rs', claims: { sub: 'another', client_id: 'another' } });
    expect(await statusOf(status, another)).toBe(404);
    expect([200, 202]).toContain(await statusOf(status, all));
  });
});

describe('The glass', () => {
  it('is broken with a reason, by who may, for looking alone; and that stands on record', async () => {
    // An app that was let in to one patient needs to be let through this, too.
    const bare = await by({ scope: 'patient/*.rs', patient: ANN });
    expect(await statusOf('/fhir/Observation/bob-imaging', { ...bare, 'x-break-glass': 'Unconscious in the emergency room' })).toBe(403);
    const her = await by({ scope: 'patient/*.rs wetread/access.break-glass', patient: ANN });
    const reason = 'Unconscious in the emergency room';
    expect(await statusOf('/fhir/Observation/bob-imaging', { ...her, 'x-break-glass': reason })).toBe(200);
    expect(await statusOf(`/dicom-web/studies/${bob.studyInstanceUID}/metadata`, { ...her, 'x-break-glass': reason })).toBe(200);
    expect(await statusOf('/fhir/Observation/bob-imaging', { ...her, 'x-break-glass': 'x' })).toBe(400);
    const reviewer = await by({ roles: ['reviewer'], scope: 'patient/*.rs wetread/access.break-glass', patient: ANN });
    expect(await statusOf('/fhir/Observation/bob-imaging', { ...reviewer, 'x-break-glass': reason })).toBe(403);
    const glass = { ...her, 'x-break-glass': reason };
    expect((await send('PUT', 'Observation/bob-imaging', glass, observation('bob-imaging', BOB, 'imaging'))).status).toBe(403);
    const auditor = await by({ roles: ['regulatory'], scope: 'user/AuditEvent.rs' });
    const found = (await (await wetread.fetch(`/fhir/AuditEvent?patient=Patient/${BOB}&_count=100`, { headers: auditor })).json()) as Found;
    expect(JSON.stringify(found)).toContain('BTG');
  });
});
