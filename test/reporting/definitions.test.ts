import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from 'fhir/r4.js';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { profileIssues } from '../../src/records/profiles/check-profiles.js';
import { knownProfile } from '../../src/records/profiles/known-profiles.js';
import { OWN_PROFILES } from '../../src/records/profiles/own-profiles.js';
import type { JsonObject } from '../../src/records/validation/json-object.js';
import { validateResource } from '../../src/records/validation/validate-resource.js';
import { definitionResources } from '../../src/reporting/definitions/definitions.js';
import { reportResources } from '../../src/reporting/fhir/report-resources.js';
import { reviewProvenance, signedContent } from '../../src/reporting/review/review-provenance.js';
import { aReading, aReport } from './a-report.js';

const FOLDER = fileURLToPath(new URL('../../../docs/fhir/', import.meta.url));
const NOW = new Date('2026-01-05T10:00:00.000Z');

/** What the server makes of a study, and of a review of it; one of each profile. */
function examples(): (FhirResource & { id: string })[] {
  const report = aReport([aReading(0.9)]);
  const review = {
    decision: 'accept',
    version: 1,
    reviewer: { type: 'Practitioner', id: 'reader' },
    organization: 'clinic',
    reason: undefined,
    conclusion: undefined,
    findings: [],
  } as const;
  const content = signedContent(review, [{ reference: `DiagnosticReport/${report.id}/_history/2`, sha256: '0'.repeat(64) }], NOW);
  const given = { reportId: report.id, before: 1, after: 2, device: 'Device/model', jws: 'e30.e30.c2lnbmF0dXJl' };
  return [...reportResources(report), reviewProvenance(review, content, given)];
}

const plain = (resource: object): JsonObject => JSON.parse(JSON.stringify(resource)) as JsonObject;
const declared = (resource: FhirResource): string => resource.meta?.profile?.[0] ?? '';

describe('The profiles of this server', () => {
  it('are held by what it makes of a study and of a review, and each is used', () => {
    const found = examples().flatMap((one) => {
      const known = knownProfile(declared(one));
      return known === undefined
        ? [`${one.resourceType} declares none`]
        : profileIssues(plain(one), known).map(({ expression, words }) => `${expression} ${words}`);
    });
    expect(found).toEqual([]);
    expect(new Set(examples().map(declared))).toEqual(new Set(OWN_PROFILES.map(({ url }) => url)));
  });

  it.each(OWN_PROFILES.map((one) => [one.name, one] as const))('%s refuses a resource that holds nothing of it, rule by rule', (_, one) => {
    const bare = plain({ resourceType: one.type, status: 'final' });
    const refused = new Set(profileIssues(bare, one).map(({ words }) => words.replace(/ \([^()]*\)$/, '')));
    const atAll = one.rules.filter(({ at, test = '' }) => at === '' && !test.includes('implies'));
    expect(atAll.length).toBeGreaterThan(1);
    for (const { words } of atAll) expect([words, refused.has(words)]).toEqual([words, true]);
  });

  it.each([
    ['a signed report that nobody signed', 'ai-report', { status: 'final' }, 'DiagnosticReport.resultsInterpreter'],
    [
      'a preliminary report with a signature',
      'ai-report',
      { resultsInterpreter: [{ display: 'x' }] },
      'DiagnosticReport.resultsInterpreter',
    ],
    ['a preliminary finding without its label', 'ai-finding', { meta: {} }, 'Observation.meta.security'],
    ['a finding of something else', 'ai-finding', { derivedFrom: [{ reference: 'Patient/p' }] }, 'Observation.derivedFrom[0]'],
    ['a quality above 100', 'image-quality', { valueInteger: 101 }, 'Observation.value'],
    ['a review of no version', 'review', { target: [{ reference: 'DiagnosticReport/r' }] }, 'Provenance.target[0]'],
  ])('refuse %s', (_, name, change, place) => {
    const profile = OWN_PROFILES.find((one) => one.name === name);
    const example = examples().find((one) => declared(one) === profile?.url);
    if (profile === undefined || example === undefined) throw new Error('no such profile');
    expect(profileIssues(plain({ ...example, ...change }), profile).map(({ expression }) => expression)).toContain(place);
  });

  it('are valid StructureDefinitions, with a CodeSystem that has every code in use', () => {
    for (const one of definitionResources()) expect([one.id, validateResource(plain(one))]).toEqual([one.id, []]);
    const system = definitionResources().find((one) => one.resourceType === 'CodeSystem');
    const codes = new Set(system?.concept?.map(({ code }) => code));
    const used = [...JSON.stringify(examples()).matchAll(/"system":"urn:wetread:codesystem:measure","code":"([^"]+)"/g)].map(
      ([, code]) => code,
    );
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('lie in docs/fhir as they are, each with an example (WRITE_GOLDEN=1 writes them)', () => {
    const files = [
      ...definitionResources().map((one) => [`${one.resourceType}-${one.id}.json`, one] as const),
      ...examples().map((one) => [`examples/${declared(one).split(':').at(-1)}.json`, one] as const),
    ];
    for (const [name, resource] of files) {
      const text = `${JSON.stringify(resource, null, 2)}\n`;
      mkdirSync(`${FOLDER}examples`, { recursive: true });
      if (process.env['WRITE_GOLDEN'] !== undefined) writeFileSync(FOLDER + name, text);
      expect([name, readFileSync(FOLDER + name, 'utf8')]).toEqual([name, text]);
    }
  });
});
