import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  const entry = RESOURCES.map((resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  }));
  const answer = await wetread.fetch('/fhir', {
    method: 'POST',
    headers: { 'content-type': FHIR_JSON },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  expect(answer.status).toBe(200);
});
afterAll(() => wetread.remove());

const RADIOLOGY = { coding: [{ system: 'http://loinc.org', code: 'LP29684-5' }] };
const observation = (id: string, patient: string, value: number, more: object = {}): FhirResource =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'urn:c', code: 'p' }], text: 'Pneumothorax probability' },
    subject: { reference: `Patient/${patient}` },
    valueQuantity: { value, system: 'http://unitsofmeasure.org', code: '1', unit: 'of one' },
    ...more,
  }) as FhirResource;
const report = (id: string, patient: string, date: string, more: object = {}): FhirResource =>
  ({
    resourceType: 'DiagnosticReport',
    id,
    status: 'preliminary',
    category: [RADIOLOGY],
    code: { coding: [{ system: 'http://loinc.org', code: '36643-5' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: date,
    ...more,
  }) as FhirResource;
const RESOURCES: FhirResource[] = [
  { resourceType: 'Organization', id: 'org', name: 'Clinic' },
  { resourceType: 'Organization', id: 'ward', name: 'Ward', partOf: { reference: 'Organization/org' } },
  {
    resourceType: 'Patient',
    id: 'ada',
    identifier: [{ system: 'urn:mrn', value: '1', type: { coding: [{ system: 'urn:t', code: 'MR' }], text: 'Medical record' } }],
    name: [{ family: 'Lovelace-Ångström', given: ['Ada', 'Augusta'] }],
    birthDate: '1815-12-10',
    managingOrganization: { reference: 'Organization/ward' },
  },
  { resourceType: 'Patient', id: 'bob', identifier: [{ value: '1' }], name: [{ family: 'Builder' }], birthDate: '1990', active: true },
  {
    resourceType: 'ServiceRequest',
    id: 'order',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/ada' },
    identifier: [{ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] }, value: 'ACC1' }],
  },
  {
    resourceType: 'ImagingStudy',
    id: 'study',
    status: 'available',
    subject: { reference: 'Patient/ada' },
    started: '2026-01-02T10:00:00Z',
    series: [{ uid: '1.2.3.4', modality: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'DX' } }],
    identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.3' }],
  },
  observation('o1', 'ada', 0.25),
  observation('o2', 'ada', 0.75, { component: [{ code: { coding: [{ system: 'urn:c', code: 'q' }] }, valueQuantity: { value: 9 } }] }),
  observation('o3', 'bob', 9, { status: 'amended' }),
  report('r1', 'ada', '2026-01-02T11:00:00Z', {
    result: [{ reference: 'Observation/o1' }],
    basedOn: [{ reference: 'ServiceRequest/order' }],
    imagingStudy: [{ reference: 'ImagingStudy/study' }],
    meta: { tag: [{ system: 'urn:tag', code: 'night' }], profile: ['http://hl7.org/fhir/StructureDefinition/x'] },
  }),
  report('r2', 'ada', '2026-02', { status: 'final', result: [{ reference: 'Observation/o2' }] }),
  report('r3', 'bob', '2025-12-31', { result: [{ reference: 'Observation/o3' }] }),
  { ...report('r4', 'bob', '2026-01-02T11:00:00Z'), effectiveDateTime: undefined } as FhirResource,
];

const bundle = (search: string) => wetread.json<Bundle>(`/fhir/${search}`, FHIR_JSON);
const ids = async (search: string, mode = 'match'): Promise<string[]> =>
  ((await bundle(search)).entry ?? []).filter(({ search: found }) => found?.mode === mode).map(({ resource }) => resource?.id ?? '');

describe('Search (R4 search.html)', () => {
  it.each<[string, string, string[]]>([
    ['a name that begins so, without case and accents', 'Patient?name=lovelace-angs', ['ada']],
    ['any of its parts', 'Patient?given=aug', ['ada']],
    ['an exact one', 'Patient?family:exact=Builder', ['bob']],
    ['an exact one in another case', 'Patient?family:exact=builder', []],
    ['a part of one', 'Patient?family:contains=STROM', ['ada']],
    ['an identifier of a type', 'Patient?identifier:of-type=urn:t|MR|1', ['ada']],
    ['the words of a type', 'Patient?identifier:text=medical', ['ada']],
    ['an identifier without a system', 'Patient?identifier=|1', ['bob']],
    ['a boolean', 'Patient?active=true', ['bob']],
    ['what is missing', 'Patient?active:missing=true', ['ada']],
    ['what is not missing', 'Patient?active:missing=false', ['bob']],
    ['a year of birth', 'Patient?birthdate=1815', ['ada']],
    ['a time before', 'Patient?birthdate=lt1900', ['ada']],
    ['what is not so', 'DiagnosticReport?status:not=final', ['r1', 'r3', 'r4']],
    ['a code in a value set', 'DiagnosticReport?status:in=http://hl7.org/fhir/ValueSet/diagnostic-report-status', ['r1', 'r2', 'r3', 'r4']],
    ['a code of a system', 'Observation?code=urn:c|', ['o1', 'o2', 'o3']],
    ['the words of a code', 'Observation?code:text=pneumo', ['o1', 'o2', 'o3']],
    ['a quantity within its digits', 'Observation?value-quantity=0.3', ['o1']],
    ['a quantity above', 'Observation?value-quantity=gt0.7', ['o2', 'o3']],
    ['a quantity of a unit', 'Observation?value-quantity=le1|http://unitsofmeasure.org|1', ['o1', 'o2']],
    ['a unit as it is written', 'Observation?value-quantity=le1||of one', ['o1', 'o2']],
    ['a code and a value at one place', 'Observation?code-value-quantity=urn:c|p$9', ['o3']],
    ['a code and a value at one component', 'Observation?component-code-value-quantity=urn:c|q$9', ['o2']],
    ['either', 'Observation?combo-code-value-quantity=q$9,p$9', ['o2', 'o3']],
    ['a code here or in a component', 'Observation?combo-code=q', ['o2']],
    ['a tag', 'DiagnosticReport?_tag=urn:tag|night', ['r1']],
    ['a profile', 'DiagnosticReport?_profile=http://hl7.org/fhir/StructureDefinition/x', ['r1']],
    ['the profiles below an address', 'DiagnosticReport?_profile:below=http://hl7.org/fhir', ['r1']],
    ['a date as far as it says', 'DiagnosticReport?date=2026-02', ['r2']],
    ['the dates of two bounds', 'DiagnosticReport?date=ge2026-01&date=lt2026-02', ['r1']],
    ['a month that may have begun', 'DiagnosticReport?date=ge2026-02-10', ['r2']],
    ['a chain', 'DiagnosticReport?patient.name=lovelace', ['r1', 'r2']],
    ['a chain of a named type', 'DiagnosticReport?subject:Patient.birthdate=1990', ['r3', 'r4']],
    ['a chain of three links', 'DiagnosticReport?patient.organization.partof.name=clinic', ['r1', 'r2']],
    ['an accession number (IHE RAD-143)', 'DiagnosticReport?basedOn.identifier=ACC1', ['r1']],
    ['a StudyInstanceUID (IHE RAD-143)', 'DiagnosticReport?imagingStudy.identifier=urn:dicom:uid|urn:oid:1.2.3', ['r1']],
    ['a modality (IHE RAD-143)', 'DiagnosticReport?imagingStudy.modality=DX', ['r1']],
    ['a start (IHE RAD-143)', 'DiagnosticReport?imagingStudy.started=ge2026-01-02', ['r1']],
    ['a patient’s identifier (IHE RAD-143)', 'DiagnosticReport?patient.identifier=urn:mrn|1', ['r1', 'r2']],
    ['a patient’s given name (IHE RAD-143)', 'DiagnosticReport?patient.given=ada', ['r1', 'r2']],
    ['what refers to it', 'Patient?_has:Observation:patient:status=amended', ['bob']],
    ['what refers to what refers to it', 'Patient?_has:Observation:patient:_has:DiagnosticReport:result:status=final', ['ada']],
    ['what refers to it by its own date', 'Observation?_has:DiagnosticReport:result:date=lt2026', ['o3']],
    ['patient and category (US Core)', 'DiagnosticReport?patient=ada&category=http://loinc.org|LP29684-5', ['r1', 'r2']],
    ['patient, category and date (US Core)', 'DiagnosticReport?patient=ada&category=LP29684-5&date=ge2026-02', ['r2']],
    ['patient and code (US Core)', 'DiagnosticReport?patient=ada&code=http://loinc.org|36643-5', ['r1', 'r2']],
    ['patient and status (US Core)', 'DiagnosticReport?patient=ada&status=final', ['r2']],
    ['patient, code and date (US Core)', 'DiagnosticReport?patient=ada&code=36643-5&date=lt2026-02', ['r1']],
    ['patient, category and _lastUpdated (US Core)', 'DiagnosticReport?patient=ada&category=LP29684-5&_lastUpdated=ge2026', ['r1', 'r2']],
    ['a compartment', 'Patient/ada/Observation', ['o1', 'o2']],
    ['a compartment, by more', 'Patient/ada/DiagnosticReport?status=final', ['r2']],
    ['several ids', 'DiagnosticReport?_id=r1,r3', ['r1', 'r3']],
  ])('finds by %s', async (_, search, expected) => {
    expect((await ids(search)).sort()).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['a date, the latest first, what has none last', 'DiagnosticReport?_sort=-date', ['r2', 'r1', 'r3', 'r4']],
    ['a date, the earliest first, what has none last', 'DiagnosticReport?_sort=date', ['r3', 'r1', 'r2', 'r4']],
    ['a code and then an id', 'DiagnosticReport?_sort=status,-_id', ['r2', 'r4', 'r3', 'r1']],
    ['a quantity', 'Observation?_sort=-value-quantity', ['o3', 'o2', 'o1']],
    ['a name', 'Patient?_sort=family', ['bob', 'ada']],
    ['an id', 'Observation?_sort=_id', ['o1', 'o2', 'o3']],
  ])('sorts by %s, on one page and on many', async (_, search, expected) => {
    expect(await ids(search)).toEqual(expected);
    const paged: string[] = [];
    for (let path: string | undefined = `${search}&_count=1`; path !== undefined;) {
      const page: Bundle = await bundle(path);
      paged.push(...(page.entry ?? []).map(({ resource }) => resource?.id ?? ''));
      path = page.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '');
    }
    expect(paged).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['what a match refers to', 'DiagnosticReport?_id=r1&_include=DiagnosticReport:result', ['o1']],
    ['what it refers to of a type', 'DiagnosticReport?_id=r1&_include=DiagnosticReport:subject:Patient', ['ada']],
    ['nothing of another type', 'DiagnosticReport?_id=r1&_include=DiagnosticReport:subject:Group', []],
    ['all that it refers to', 'DiagnosticReport?_id=r1&_include=*', ['ada', 'o1', 'order', 'study']],
    ['what that refers to in turn', 'Patient?_id=ada&_include=Patient:organization&_include:iterate=Organization:partof', ['org', 'ward']],
    ['not what that refers to without :iterate', 'Patient?_id=ada&_include=Patient:organization&_include=Organization:partof', ['ward']],
    ['what refers to a match', 'Observation?_id=o2&_revinclude=DiagnosticReport:result', ['r2']],
    [
      'what refers to it, and where that leads',
      'Observation?_id=o1&_revinclude=DiagnosticReport:result&_include:iterate=DiagnosticReport:based-on',
      ['order', 'r1'],
    ],
  ])('includes %s', async (_, search, expected) => {
    expect((await ids(search, 'include')).sort()).toEqual(expected);
  });

  it('by POST is the same as by GET', async () => {
    const answer = await wetread.fetch('/fhir/DiagnosticReport/_search?status=final', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'patient=Patient%2Fada&_sort=-date',
    });
    const { entry, link } = (await answer.json()) as Bundle;
    expect([answer.status, entry?.map(({ resource }) => resource?.id)]).toEqual([200, ['r2']]);
    expect(link?.[0].url).toContain('status=final&patient=Patient%2Fada');
  });

  it('of the whole server asks for types by _type', async () => {
    const { entry = [] } = await bundle('?_type=Patient,Organization&_count=100');
    expect(new Set(entry.map(({ resource }) => resource?.resourceType))).toEqual(new Set(['Patient', 'Organization']));
    expect((await wetread.fetch('/fhir?_type=Medication')).status).toBe(400);
    expect((await bundle('?_type=Observation,DiagnosticReport&status=final')).total).toBe(3);
  });

  it('counts only as far as it is asked to', async () => {
    expect((await bundle('DiagnosticReport?_count=1&_total=none')).total).toBeUndefined();
    expect((await bundle('DiagnosticReport?_count=1&_total=accurate')).total).toBe(4);
    expect((await bundle('DiagnosticReport?_count=1')).total).toBe(4);
  });

  it.each([
    'DiagnosticReport?date=yesterday',
    'Observation?value-quantity=much',
    'Observation?code-value-quantity=x',
    'DiagnosticReport?_sort=shoe',
    'DiagnosticReport?_include=Patient',
    'DiagnosticReport?_include=DiagnosticReport:status',
    'DiagnosticReport?subject.shoe=1',
    'Patient?_has:DiagnosticReport:status:x=1',
    'DiagnosticReport?status:in=http://nowhere',
    'DiagnosticReport?status:above=x',
    'DiagnosticReport?_total=some',
    'DiagnosticReport?_sort=date&_cursor=WyJ4IiwxXQ',
    'DiagnosticReport?_cursor=WyJpbmZpbml0eTsgRFJPUCIsMV0',
  ])('refuses %s', async (search) => {
    expect((await wetread.fetch(`/fhir/${search}`)).status).toBe(400);
  });
});

describe('Operations (R4 operations.html)', () => {
  it('$everything gives the compartment of a patient, and what it refers to', async () => {
    const all = await bundle('Patient/ada/$everything');
    const of = (mode: string) =>
      all.entry
        ?.filter(({ search }) => search?.mode === mode)
        .map(({ resource }) => resource?.id)
        .sort();
    expect(of('match')).toEqual(['o1', 'o2', 'order', 'r1', 'r2', 'study']);
    expect(of('include')).toEqual(['ada']);
    expect(all.link?.[0].url).toBe(`${wetread.url}/fhir/Patient/ada/$everything`);
    const some = await bundle('Patient/ada/$everything?_type=Observation,DiagnosticReport&_count=3');
    expect(some.entry?.filter(({ search }) => search?.mode === 'match')).toHaveLength(3);
    const next = some.link?.find(({ relation }) => relation === 'next')?.url.replace(`${wetread.url}/fhir/`, '') ?? '';
    expect((await bundle(next)).entry?.filter(({ search }) => search?.mode === 'match')).toHaveLength(1);
    expect((await bundle('Patient/ada/$everything?_since=2999-01-01T00:00:00Z')).entry).toBeUndefined();
    expect((await wetread.fetch('/fhir/Patient/nobody/$everything')).status).toBe(404);
    expect((await wetread.fetch('/fhir/Patient/ada/$everything?start=2020')).status).toBe(400);
  });

  it('$lastn gives the last of each code', async () => {
    const lab = (id: string, code: string, effectiveDateTime: string | undefined) => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      code: { coding: [{ system: 'urn:lab', code }] },
      subject: { reference: 'Patient/last' },
      effectiveDateTime,
    });
    const labs = [
      lab('a1', 'a', '2026-01-01'),
      lab('a2', 'a', '2026-01-02'),
      lab('a3', 'a', '2026-01-02'),
      lab('b1', 'b', undefined),
      lab('b2', 'b', '2020'),
    ];
    for (const one of labs) {
      const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(one) };
      expect((await wetread.fetch(`/fhir/Observation/${one.id}`, init)).status).toBe(201);
    }
    expect((await ids('Observation/$lastn?patient=last')).sort()).toEqual(['a2', 'a3', 'b2']);
    expect((await ids('Observation/$lastn?patient=last&max=2')).sort()).toEqual(['a2', 'a3', 'b1', 'b2']);
    expect(await ids('Observation/$lastn?patient=last&code=urn:lab|b')).toEqual(['b2']);
    for (const wrong of ['code=a', 'patient=last&max=0', 'patient=last&shoe=1'])
      expect((await wetread.fetch(`/fhir/Observation/$lastn?${wrong}`)).status).toBe(400);
  });

  it('$meta gives the tags and profiles alone', async () => {
    const { parameter } = await wetread.json<{ parameter: { valueMeta: { tag: unknown } }[] }>(
      '/fhir/DiagnosticReport/r1/$meta',
      FHIR_JSON,
    );
    expect(parameter[0].valueMeta.tag).toEqual([{ system: 'urn:tag', code: 'night' }]);
  });

  it('gives parts of resources where they are asked for', async () => {
    const { entry = [] } = await bundle('DiagnosticReport?_id=r1&_elements=subject');
    expect(Object.keys(entry[0].resource ?? {})).toEqual(['resourceType', 'id', 'meta', 'status', 'code', 'subject']);
    expect((await wetread.json<{ meta: { tag: unknown[] } }>('/fhir/DiagnosticReport/r1?_summary=true', FHIR_JSON)).meta.tag).toHaveLength(
      2,
    );
    expect((await bundle('DiagnosticReport?patient=ada&_summary=count')).total).toBe(2);
    expect((await wetread.fetch('/fhir/DiagnosticReport/r1?_summary=all')).status).toBe(400);
  });
});
