import { describe, expect, it } from '@jest/globals';
import { fhirPathPatch } from '../../../src/records/edit/patch/fhirpath-patch.js';
import { validateText } from '../../../src/records/validation/validate-text.js';

const faults = (resource: object): (string | undefined)[] =>
  validateText(JSON.stringify({ resourceType: 'Patient', ...resource })).issues.map(({ expression }) => expression);
const narrative = (inner: string) => ({ text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>` } });

describe('Text that neither Postgres nor XML can hold', () => {
  it.each<[string, object, string]>([
    ['U+0000 in a URL', { photo: [{ url: 'http://x/\u0000' }] }, 'Patient.photo[0].url'],
    ['U+0000 in a URI', { implicitRules: 'urn:\u0000' }, 'Patient.implicitRules'],
    ['U+0000 in a code', { language: 'e\u0000n' }, 'Patient.language'],
    ['U+0001 in a canonical', { meta: { profile: ['urn:\u0001'] } }, 'Patient.meta.profile[0]'],
    ['half a pair in a string', { name: [{ family: 'A\ud800' }] }, 'Patient.name[0].family'],
    ['the other half in Markdown', { extension: [{ url: 'urn:x', valueMarkdown: '\udc00' }] }, 'Patient.extension[0].value'],
    ['U+FFFE', { name: [{ family: 'A\ufffe' }] }, 'Patient.name[0].family'],
    ['U+FFFF in a narrative', narrative('a\uffff'), 'Patient.text.div'],
  ])('is refused with its place: %s', (_, resource, place) => {
    expect(faults(resource)).toEqual([place]);
  });

  it('is not taken for what is there: whole pairs, tabs, lines', () => {
    expect(faults({ name: [{ family: 'A\u{1f600}\t\n' }], language: 'en' })).toEqual([]);
  });
});

describe('A Bundle with two addresses of its own', () => {
  it('is told so, and not refused', () => {
    const link = ['self', 'next', 'self'].map((relation) => ({ relation, url: 'http://x/' }));
    const { issues } = validateText(JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link }));
    expect(issues.map(({ severity, expression }) => [severity, expression])).toEqual([['warning', 'Bundle.link[2]']]);
  });
});

describe('A relative reference of a type that R4 does not have', () => {
  it('is refused: it can lead nowhere', () => {
    expect(faults({ managingOrganization: { reference: 'Secret/1' } })).toEqual(['Patient.managingOrganization.reference']);
    expect(faults({ extension: [{ url: 'urn:x', valueReference: { reference: 'Nonsense/1' } }] })).toHaveLength(1);
    expect(faults({ managingOrganization: { reference: 'http://elsewhere/Secret/1' } })).toEqual([]);
  });
});

describe('What would take minutes is refused before it does', () => {
  it('a narrative that is nested without end', () => {
    expect(faults(narrative('<b>'.repeat(200_000)))).toEqual(['Patient.text.div']);
    expect(faults(narrative(`${'<b>'.repeat(90)}x${'</b>'.repeat(90)}`))).toEqual([]);
  });

  it('a style of comments that nobody closes', () => {
    expect(faults(narrative(`<p style="${'/* '.repeat(200_000)}">x</p>`))).toEqual([]);
    expect(faults(narrative('<p style="a:b/* */; background:u/* */rl(http://x/y)">x</p>'))).toEqual(['Patient.text.div']);
  });

  it('a FHIRPath Patch of many operations on a long resource', () => {
    const operation = {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: 'Patient.active' },
        { name: 'value', valueBoolean: true },
      ],
    };
    const patch = fhirPathPatch({ resourceType: 'Parameters', parameter: Array.from({ length: 1_000 }, () => operation) });
    const long = JSON.stringify({ resourceType: 'Patient', id: 'x', active: false, name: [{ family: 'x'.repeat(700_000) }] });
    expect(() => patch(long, 'Patient')).toThrow(/too much work/);
  });
});
