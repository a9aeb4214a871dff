import { expect } from '@jest/globals';
import type { FhirResource } from 'fhir/r4.js';
import type { Wetread } from './wetread.js';

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

/** Stores two patients with their reports, observations, order and study, in one transaction. */
export async function storeAll(wetread: Wetread): Promise<void> {
  const entry = RESOURCES.map((resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  }));
  const answer = await wetread.fetch('/fhir', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  expect(answer.status).toBe(200);
}
