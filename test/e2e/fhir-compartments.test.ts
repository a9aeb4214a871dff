import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { storeAll } from './fhir-fixtures.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await storeAll(wetread);
  for (const resource of CARE) {
    const headers = { 'content-type': FHIR_JSON };
    const address = `/fhir/${resource.resourceType}/${resource.id}`;
    expect((await wetread.fetch(address, { method: 'PUT', headers, body: JSON.stringify(resource) })).status).toBe(201);
  }
});
afterAll(() => wetread.remove());

/** A visit, who saw the patient there, and what was measured with what. */
const CARE = [
  { resourceType: 'Practitioner', id: 'nurse' },
  { resourceType: 'PractitionerRole', id: 'role', practitioner: { reference: 'Practitioner/nurse' } },
  { resourceType: 'Device', id: 'scale' },
  // An id that another type has too.
  { resourceType: 'Encounter', id: 'scale', status: 'finished', class: { code: 'AMB' }, subject: { reference: 'Patient/ada' } },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/ada' },
    participant: [{ individual: { reference: 'Practitioner/nurse' } }],
  },
  {
    resourceType: 'Observation',
    id: 'weight',
    status: 'final',
    code: { text: 'Weight' },
    subject: { reference: 'Patient/ada' },
    encounter: { reference: 'Encounter/visit' },
    performer: [{ reference: 'Practitioner/nurse' }],
    device: { reference: 'Device/scale' },
  },
];

const found = async (path: string): Promise<string[]> =>
  ((await wetread.json<Bundle>(`/fhir/${path}`, FHIR_JSON)).entry ?? [])
    .map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)
    .sort();

describe('A compartment (R4 compartmentdefinition.html)', () => {
  it.each([
    ['Patient/ada/DiagnosticReport', ['DiagnosticReport/r1', 'DiagnosticReport/r2']],
    ['Patient/ada/Patient', ['Patient/ada']],
    ['Encounter/visit/Observation', ['Observation/weight']],
    ['Encounter/visit/Encounter', ['Encounter/visit']],
    ['Encounter/scale/Observation', []],
    ['Practitioner/nurse/Observation', ['Observation/weight']],
    ['Practitioner/nurse/Encounter', ['Encounter/visit']],
    ['Practitioner/nurse/PractitionerRole', ['PractitionerRole/role']],
    ['Device/scale/Observation', ['Observation/weight']],
    ['Device/scale/Patient', []],
    ['Encounter/visit/*', ['Encounter/visit', 'Observation/weight']],
    ['Practitioner/nurse/*', ['Encounter/visit', 'Observation/weight', 'Practitioner/nurse', 'PractitionerRole/role']],
    ['Device/scale/*', ['Device/scale', 'Observation/weight']],
    ['Device/scale/*?_id=scale', ['Device/scale']],
    ['Device/scale/*?_id=weight', ['Observation/weight']],
    ['Device/scale/*?_lastUpdated=gt2999', []],
    ['Device/scale/*?_type=Observation', ['Observation/weight']],
    ['Device/scale/*?_type=Device', ['Device/scale']],
    ['Patient/ada/*?_type=Patient', ['Patient/ada']],
    ['Patient/ada/$everything?_type=Patient', ['Patient/ada']],
    ['Patient/ada/$everything?_tag=no-such', []],
    ['Device/scale/*?_count=0', []],
    ['Device/scale/*?_summary=count', []],
    ['Patient/ada/$everything?_summary=count', []],
  ])('%s gives what is in it', async (path, expected) => {
    expect(await found(path)).toEqual(expected);
  });

  it('is gone through page by page, whole', async () => {
    const all: string[] = [];
    for (let path: string | undefined = 'Patient/ada/*?_count=3'; path !== undefined;) {
      const page: Bundle = await wetread.json<Bundle>(`/fhir/${path}`, FHIR_JSON);
      expect([page.total, (page.entry ?? []).length <= 3]).toEqual([10, true]);
      all.push(...(page.entry ?? []).map(({ fullUrl = '' }) => fullUrl.split('/fhir/')[1]));
      path = page.link?.find(({ relation }) => relation === 'next')?.url.split('/fhir/')[1];
    }
    expect([...new Set(all)].sort()).toEqual([...all].sort());
    const within = ['DiagnosticReport/r1', 'DiagnosticReport/r2', 'Encounter/scale', 'Encounter/visit', 'ImagingStudy/study'];
    const rest = ['Observation/o1', 'Observation/o2', 'Observation/weight', 'Patient/ada', 'ServiceRequest/order'];
    expect(all.sort()).toEqual([...within, ...rest]);
  });

  it('is refused of a type that has none, and absent where its resource is', async () => {
    const status = async (path: string) => (await wetread.fetch(`/fhir/${path}`)).status;
    expect(await status('Organization/org/Patient')).toBe(404);
    expect(await status('Device/nobody/*')).toBe(404);
    expect(await status('Device/nobody/Observation')).toBe(200);
    expect(await status('Device/scale/Nonsense')).toBe(404);
  });
});
