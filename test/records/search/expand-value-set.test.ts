import { describe, expect, it } from '@jest/globals';
import type { ValueSet } from 'fhir/r4.js';
import { expandValueSet } from '../../../src/records/search/expand-value-set.js';

const aSet = (parts: Partial<ValueSet>): ValueSet => ({ resourceType: 'ValueSet', status: 'active', ...parts });
const listed = (system: string, ...codes: string[]) => ({ system, concept: codes.map((code) => ({ code })) });
const OTHERS: Readonly<Record<string, ValueSet>> = {
  'urn:ab': aSet({ compose: { include: [listed('s', 'a', 'b')] } }),
  'urn:bc': aSet({ compose: { include: [listed('s', 'b', 'c')] } }),
  'urn:ring': aSet({ compose: { include: [{ valueSet: ['urn:ring'] }] } }),
};
const codesOf = async (parts: Partial<ValueSet>) =>
  (await expandValueSet(aSet(parts), (url) => Promise.resolve(OTHERS[url])))?.map(({ system, value }) => `${system}|${value ?? ''}`);

describe('The codes of a stored value set', () => {
  it.each<[string, Partial<ValueSet>, string[]]>([
    ['what it lists', { compose: { include: [listed('s', 'a'), listed('t', 'a')] } }, ['s|a', 't|a']],
    ['all of a system', { compose: { include: [{ system: 's' }] } }, ['s|']],
    ['less what it excludes', { compose: { include: [listed('s', 'a', 'b')], exclude: [listed('s', 'b'), listed('t', 'a')] } }, ['s|a']],
    ['less a whole system', { compose: { include: [listed('s', 'a'), listed('t', 'a')], exclude: [{ system: 't' }] } }, ['s|a']],
    ['another value set', { compose: { include: [{ valueSet: ['urn:ab'] }] } }, ['s|a', 's|b']],
    ['what two have in common', { compose: { include: [{ valueSet: ['urn:ab', 'urn:bc'] }] } }, ['s|b']],
    ['what a system and another have in common', { compose: { include: [{ system: 's', valueSet: ['urn:ab'] }] } }, ['s|a', 's|b']],
    ['one of R4', { compose: { include: [{ valueSet: ['http://hl7.org/fhir/ValueSet/link-type|4.0.1'] }] } }, linkTypes()],
    [
      'its expansion, where that is whole; what is abstract only groups',
      {
        compose: { include: [{ system: 's', filter: [{ property: 'p', op: '=', value: 'v' }] }] },
        expansion: {
          timestamp: '2026',
          total: 3,
          contains: [
            { system: 's', code: 'x', abstract: true, contains: [{ system: 's', code: 'y' }] },
            { system: 's', code: 'z' },
            { system: 't', code: 'z' },
          ],
        },
      },
      ['s|y', 's|z', 't|z'],
    ],
  ])('are %s', async (_, parts, expected) => {
    expect(await codesOf(parts)).toEqual(expected);
  });

  it.each<[string, Partial<ValueSet>]>([
    ['a filter', { compose: { include: [{ system: 's', filter: [{ property: 'p', op: '=', value: 'v' }] }] } }],
    ['codes out of a whole system', { compose: { include: [{ system: 's' }], exclude: [listed('s', 'b')] } }],
    ['a value set that is not there', { compose: { include: [{ valueSet: ['urn:nowhere'] }] } }],
    ['itself', { compose: { include: [{ valueSet: ['urn:ring'] }] } }],
    ['nothing', {}],
    ['a page of its expansion', { expansion: { timestamp: '2026', total: 9, contains: [{ system: 's', code: 'z' }] } }],
    ['more codes than a search holds', { compose: { include: [listed('s', ...Array.from({ length: 10_001 }, (_, i) => `c${i}`))] } }],
  ])('are not told where it asks for %s', async (_, parts) => {
    expect(await codesOf(parts)).toBeUndefined();
  });
});

function linkTypes(): string[] {
  return ['replaced-by', 'replaces', 'refer', 'seealso'].map((code) => `http://hl7.org/fhir/link-type|${code}`);
}
