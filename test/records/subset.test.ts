import { describe, expect, it } from '@jest/globals';
import { subsetText, type Subset } from '../../src/records/subset.js';

const CONTENT = JSON.stringify({
  resourceType: 'Patient',
  id: '1',
  meta: { versionId: '3', tag: [{ code: 'mine' }] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  active: true,
  name: [{ family: 'A' }],
  _birthDate: { extension: [{ url: 'urn:x', valueBoolean: true }] },
  contact: [{ name: { family: 'B' } }],
  communication: [{ language: { text: 'en' }, preferred: true }],
  link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }],
});
const members = (subset: Subset, content = CONTENT): string[] => Object.keys(JSON.parse(subsetText(content, subset)) as object);

describe('A part of a resource (R4 search.html#summary, #elements)', () => {
  it.each<[string, Subset, string[]]>([
    ['summary', { kind: 'summary' }, ['active', 'name', '_birthDate', 'link']],
    ['text', { kind: 'text' }, ['text']],
    ['data', { kind: 'data' }, ['active', 'name', '_birthDate', 'contact', 'communication', 'link']],
    ['elements', { kind: 'elements', names: new Set(['name', 'birthDate']) }, ['name', '_birthDate']],
  ])('%s', (_, subset, expected) => {
    expect(members(subset)).toEqual(['resourceType', 'id', 'meta', ...expected]);
  });

  it('is tagged as one beside the tags that it has', () => {
    expect(JSON.parse(subsetText(CONTENT, { kind: 'text' }))).toMatchObject({
      meta: {
        versionId: '3',
        tag: [{ code: 'mine' }, { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }],
      },
    });
  });

  it('keeps what R4 makes mandatory, the choice of a type, and the digits of numbers', () => {
    const content =
      '{"resourceType":"Observation","id":"o","meta":{},"status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50},"note":[{"text":"n"}],"component":[{"code":{"text":"c"},"interpretation":[{"text":"i"}],"valueInteger":1}]}';
    expect(members({ kind: 'elements', names: new Set(['value']) }, content)).toEqual([
      'resourceType',
      'id',
      'meta',
      'status',
      'code',
      'valueQuantity',
    ]);
    const summary = subsetText(content, { kind: 'summary' });
    expect(summary).toContain('1.50');
    expect(JSON.parse(summary)).toMatchObject({ component: [{ code: { text: 'c' }, valueInteger: 1 }] });
    expect(summary).not.toMatch(/interpretation|note/);
  });
});
