import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CapabilityStatement } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const TYPES = ['DiagnosticReport', 'Observation', 'ImagingStudy', 'Patient', 'Device', 'Endpoint', 'Provenance'];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

describe('The capability statement', () => {
  it('names what the server does, and all of it works', async () => {
    const statement = await wetread.json<CapabilityStatement>('/fhir/metadata', FHIR_JSON);
    expect(statement).toMatchObject({
      resourceType: 'CapabilityStatement',
      status: 'active',
      kind: 'instance',
      fhirVersion: '4.0.1',
      format: expect.arrayContaining(['json']),
      implementation: { url: `${wetread.url}/fhir` },
    });
    const resources = statement.rest?.[0].resource ?? [];
    expect(resources.map(({ type }) => type).sort()).toEqual([...TYPES].sort());
    for (const { type, searchParam = [] } of resources)
      for (const { name, type: kind } of searchParam) {
        const answer = await wetread.fetch(`/fhir/${type}?${name}=${kind === 'date' ? '2026' : 'x'}`);
        expect([type, name, answer.status]).toEqual([type, name, 200]);
      }
  });
});
