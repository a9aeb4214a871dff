import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { declaredIssues, profileIssues } from '../../../src/records/profiles/check-profiles.js';
import { knownProfile, knownProfiles } from '../../../src/records/profiles/known-profiles.js';
import type { Profile } from '../../../src/records/profiles/profile.js';
import { isObject, type JsonObject } from '../../../src/records/validation/json-object.js';

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const shared = new URL('../../../../../shared/fhir/valid/', import.meta.url);
const present = existsSync(shared);
if (!present) console.warn('2 tests skipped: ../shared/fhir is absent');
const onShared = present ? it : it.skip;
const examples = present
  ? readdirSync(shared).map((file) => ({ file, resource: JSON.parse(readFileSync(new URL(file, shared), 'utf8')) as JsonObject }))
  : [];
const declares = (resource: JsonObject, url: string): boolean =>
  isObject(resource['meta']) && ((resource['meta']['profile'] ?? []) as string[]).includes(url);
const profile = (name: string): Profile => knownProfile(`${US_CORE}${name}`) ?? knownProfiles()[0];
/** A resource without an element, whichever type it has where it is a choice. */
const without = (resource: JsonObject, name: string): JsonObject =>
  Object.fromEntries(
    Object.entries(resource).filter(([key]) => key !== name && !(key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length)))),
  );

describe('Profiles that a resource declares', () => {
  onShared('raise no false alarm on resources that others wrote by them', () => {
    const raised = examples.flatMap(({ file, resource }) =>
      declaredIssues(resource)
        .filter(({ severity }) => severity === 'error')
        .map(({ expression, words }) => [file, expression, words]),
    );
    // US Core made these two to break what they declare, as their names say: R4 lets them be.
    expect(raised).toEqual([
      ['uscore-pd-1-f1-fail.json', 'PractitionerRole', expect.stringContaining('pd-1')],
      ['uscore-provenance-1-f1-fail.json', 'Provenance.agent', expect.stringContaining('provenance-1')],
    ]);
    const used = knownProfiles().filter(({ url }) => examples.some(({ resource }) => declares(resource, url)));
    expect(used.length).toBeGreaterThanOrEqual(10);
    console.info(`held by ${examples.length} resources: ${used.map(({ name }) => name).join(', ')}`);
  });

  onShared('refuse a resource that lacks what they ask for, and say where', () => {
    const asked = knownProfiles().flatMap((one) =>
      one.rules.filter(({ at, names }) => at === '' && names !== undefined).map((rule) => ({ one, rule })),
    );
    let broken = 0;
    for (const { one, rule } of asked) {
      const [element] = (rule.names ?? '').split('.');
      for (const { file, resource } of examples.filter((example) => declares(example.resource, one.url))) {
        if (!new RegExp(String.raw`^\(?${element}(\.ofType\(\w+\))?\.exists\(\)\)?$`).test(rule.test ?? '')) continue; // says more than that it is there
        const places = profileIssues(without(resource, element), one).map(({ expression }) => expression);
        expect([file, rule.names, places]).toEqual([file, rule.names, expect.arrayContaining([`${one.type}.${rule.names}`])]);
        broken++;
      }
    }
    expect(broken).toBeGreaterThan(30);
  });

  it('name the element that is wrong, by its index', () => {
    const patient = {
      resourceType: 'Patient',
      identifier: [{ system: 'urn:s', value: '1' }, { value: '2' }],
      name: [{ family: 'X' }],
      gender: 'unknown',
    };
    const issues = profileIssues(patient, profile('us-core-patient'));
    expect(issues.map(({ expression, severity }) => [expression, severity])).toEqual([
      [expect.stringMatching(/^Patient\.identifier\[1\]/), 'error'],
    ]);
  });

  it('that are not known, or not in that version, are told to be so, and nothing is refused by them', () => {
    const resource = { resourceType: 'Patient', meta: { profile: ['urn:other', `${US_CORE}us-core-patient|1.0.0`] } };
    expect(declaredIssues(resource)).toEqual(
      [0, 1].map((i) => ({
        severity: 'warning',
        code: 'not-supported',
        expression: `Patient.meta.profile[${i}]`,
        words: expect.stringContaining('not known'),
      })),
    );
  });

  it('that are named again are looked at once, at their first place', () => {
    const places = declaredIssues({ resourceType: 'Patient', meta: { profile: ['urn:a', 'urn:a', 'urn:b'] } });
    expect(places.map(({ expression }) => expression)).toEqual(['Patient.meta.profile[0]', 'Patient.meta.profile[2]']);
  });

  it('are of one type of resource', () => {
    const issues = declaredIssues({ resourceType: 'Observation', meta: { profile: [`${US_CORE}us-core-patient`] } });
    expect(issues).toMatchObject([{ severity: 'error', expression: 'Observation' }]);
  });

  it('are looked at within a Bundle too', () => {
    const entry = [{ resource: { resourceType: 'Patient', meta: { profile: [`${US_CORE}us-core-patient`] } } }];
    const [issue] = declaredIssues({ resourceType: 'Bundle', entry });
    expect(issue.expression).toMatch(/^Bundle\.entry\[0\]\.resource\./);
  });

  it.each(knownProfiles().map((one) => [one.name, one] as const))(
    '%s says what it asks for in expressions that can be evaluated',
    (_, one) => {
      expect(one.rules.length).toBeGreaterThan(0);
      expect(() => profileIssues({ resourceType: one.type }, one)).not.toThrow();
      for (const { test, refersTo } of one.rules) expect([test, refersTo].filter((part) => part !== undefined)).toHaveLength(1);
    },
  );
});
