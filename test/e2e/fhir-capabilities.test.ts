import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, CapabilityStatement, SearchParameter } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const VALUES: Readonly<Record<string, string>> = { date: '2026', number: '5', quantity: '5' };
/** A value that a parameter of the kind takes; of a composite by what its name ends with. */
const valueFor = (name: string, kind: string): string =>
  kind === 'composite' ? `x$${VALUES[name.split('-').at(-1) ?? ''] ?? 'y'}` : (VALUES[kind] ?? 'x');

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
    expect(resources.map(({ type }) => type)).toEqual(expect.arrayContaining(['DiagnosticReport', 'Patient', 'Task', 'Subscription']));
    for (const { type, searchParam = [], searchInclude = [], searchRevInclude = [] } of resources) {
      const queries = [
        ...searchParam.map(({ name, type: kind }) => `${name}=${valueFor(name ?? '', kind)}`),
        ...searchParam
          .filter(({ type: kind, name }) => kind !== 'composite' && !name.startsWith('_') && (type !== 'AuditEvent' || name === 'date'))
          .map(({ name }) => `_sort=${name}`),
        ...searchInclude.map((one) => `_include=${one}`),
        ...searchRevInclude.map((one) => `_revinclude=${one}`),
      ];
      const statuses = await Promise.all(
        queries.map(async (query) => [type, query, (await wetread.fetch(`/fhir/${type}?${query}`)).status]),
      );
      expect(statuses.filter(([, , status]) => status !== 200)).toEqual([]);
    }
  });

  it('says where each search parameter is defined, and has the definitions of its own', async () => {
    const statement = await wetread.json<CapabilityStatement>('/fhir/metadata', FHIR_JSON);
    const [{ resource = [], compartment = [] } = {}] = statement.rest ?? [];
    const definitions = resource.flatMap(({ searchParam = [] }) => searchParam.map(({ definition }) => definition ?? ''));
    expect(definitions.filter((one) => !/^(?:https?|urn):/.test(one))).toEqual([]);
    const own = [...new Set(definitions.filter((one) => !one.startsWith('http://hl7.org/fhir/SearchParameter/')))];
    expect(own).toHaveLength(3);
    for (const url of own) {
      const found = await wetread.json<Bundle<SearchParameter>>(`/fhir/SearchParameter?url=${encodeURIComponent(url)}`, FHIR_JSON);
      expect([url, found.entry?.map(({ resource: one }) => one?.base)]).toEqual([
        url,
        [[url.includes('Binary') ? 'Binary' : 'DiagnosticReport']],
      ]);
    }
    expect(compartment.map((one) => one.split('/').at(-1))).toEqual(['device', 'encounter', 'patient', 'practitioner']);
  });

  it('names the profiles that a resource is held to where it declares them', async () => {
    const statement = await wetread.json<CapabilityStatement>('/fhir/metadata', FHIR_JSON);
    let claimed = 0;
    for (const { type, supportedProfile = [] } of statement.rest?.[0].resource ?? [])
      for (const profile of supportedProfile) {
        const body = JSON.stringify({ resourceType: type, meta: { profile: [profile] } });
        const answer = await wetread.fetch(`/fhir/${type}/$validate`, { method: 'POST', headers: { 'content-type': FHIR_JSON }, body });
        expect([profile, (await answer.text()).includes('not known')]).toEqual([profile, false]);
        claimed++;
      }
    expect(claimed).toBeGreaterThan(20);
  });
});
