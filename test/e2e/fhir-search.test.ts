import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { storeAll } from './fhir-fixtures.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await storeAll(wetread);
});
afterAll(() => wetread.remove());

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
    [
      'the parts of a patient’s name as IMR writes them (IHE RAD-143)',
      'DiagnosticReport?patient.name.given=ada&patient.name.family=lovelace',
      ['r1', 'r2'],
    ],
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
    'Patient?birthdate=0000',
    'Patient?_format=constructor&birthdate=x',
    `ValueSet?url:above=http://a${'/a'.repeat(2_000)}`,
    `DiagnosticReport?_cursor=${Buffer.from('["9999999999",1]').toString('base64url')}`,
    `Observation?_sort=value-quantity&_cursor=${Buffer.from('["1.2.3",1]').toString('base64url')}`,
    `Patient/_history?_cursor=${Buffer.from('["+275760-01-01T00:00:00Z","Patient","x",1]').toString('base64url')}`,
    `Patient/_history?_cursor=${Buffer.from('["2026-01-01T00:00:00Z","Patient","x",9007199254740991]').toString('base64url')}`,
    'DiagnosticReport?_sort=date&_cursor=WyJ4IiwxXQ',
    'DiagnosticReport?_cursor=WyJpbmZpbml0eTsgRFJPUCIsMV0',
  ])('refuses %s', async (search) => {
    expect((await wetread.fetch(`/fhir/${search}`)).status).toBe(400);
  });
});
