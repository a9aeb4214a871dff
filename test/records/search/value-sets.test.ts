import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from 'fhir/r4.js';
import { valueSetTests } from '../../../src/records/search/value-sets.js';
import definitions from '../../../src/records/definitions/fhir-r4.json' with { type: 'json' };

/** R4's own value sets and code systems, where `npm run outside-clients` has fetched its examples. */
const EXAMPLES = new URL('../../../../.cache/r4-examples-4.0.1/', import.meta.url);
const present = existsSync(EXAMPLES);
if (!present) console.warn("1 test skipped: R4's examples are absent (npm run outside-clients fetches them)");

function byUrl<T extends { url?: string }>(type: string): Map<string, T> {
  const names = readdirSync(EXAMPLES).filter((name) => name.startsWith(`${type}-`));
  return new Map(
    names.map((name) => {
      const resource = JSON.parse(readFileSync(new URL(name, EXAMPLES), 'utf8')) as T;
      return [resource.url ?? '', resource] as const;
    }),
  );
}

describe('Value sets that :in and :not-in know (R4 search.html#token)', () => {
  (present ? it : it.skip)('have the codes that R4 composes them of', () => {
    const systems = byUrl<CodeSystem>('CodeSystem');
    const sets = byUrl<ValueSet>('ValueSet');
    const ofConcepts = (concepts: readonly CodeSystemConcept[] = []): string[] =>
      concepts.flatMap(({ code, property = [], concept }) => {
        const isAbstract = property.some((one) => one.code === 'notSelectable' && one.valueBoolean === true);
        return [...(isAbstract ? [] : [code]), ...ofConcepts(concept)];
      });
    const ofSystem = ({ system = '', concept, filter }: ValueSetComposeInclude): string[] => {
      const whole = systems.get(system);
      if (concept === undefined && (filter !== undefined || whole?.content !== 'complete')) throw new Error(`${system} is not all there`);
      return (concept?.map(({ code }) => code) ?? ofConcepts(whole?.concept)).map((code) => `${system}|${code}`);
    };
    const ofPart = (part: ValueSetComposeInclude): string[] => {
      const parts = (part.valueSet ?? []).map((url) => codesOf(url));
      const all = part.system === undefined ? [...parts[0]] : ofSystem(part);
      return all.filter((one) => parts.every((codes) => codes.has(one)));
    };
    const codesOf = (url: string): Set<string> => {
      const { include = [], exclude = [] } = sets.get(url.split('|')[0])?.compose ?? {};
      const out = new Set(exclude.flatMap(ofPart));
      return new Set(include.flatMap(ofPart).filter((one) => !out.has(one)));
    };

    const urls = Object.keys(definitions.valueSets).filter((url) => !url.endsWith('/currencies')); // all of ISO 4217, which is not R4's
    const written = (codes: Iterable<string>): string[] => [...codes].sort();
    const known = urls.map((url) => [url, written(valueSetTests('code', url, undefined).map(({ system, value }) => `${system}|${value}`))]);
    expect(known).toEqual(urls.map((url) => [url, written(codesOf(url))]));
    expect(urls.length).toBeGreaterThan(200);
  });
});
