import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { validateText } from '../../src/records/validation/validate-text.js';
import { xmlToJson } from '../../src/records/xml/from-xml.js';
import { MalformedXml } from '../../src/records/xml/read-xml.js';
import { jsonToXml } from '../../src/records/xml/to-xml.js';

const shared = new URL('../../../../shared/fhir/valid/', import.meta.url);
const present = existsSync(shared);
if (!present) console.warn('1 test skipped: ../shared/fhir is absent');

const FHIR = 'xmlns="http://hl7.org/fhir"';
const json = (xml: string): unknown => JSON.parse(xmlToJson(xml));
const faults = (xml: string): string[] => validateText(xmlToJson(xml)).issues.map(({ expression, words }) => `${expression} ${words}`);

describe('A resource in XML (R4 xml.html)', () => {
  it('is written in the order of its definition, with attributes for values, ids and addresses', () => {
    const resource = {
      resourceType: 'Patient',
      birthDate: '1970',
      _birthDate: { id: 'b', extension: [{ url: 'urn:x', valueBoolean: true }] },
      name: [{ id: 'n', given: ['A', null], _given: [null, { extension: [{ url: 'urn:y', valueString: 'a "b" <c>\n' }] }] }],
      id: 'p',
      contained: [{ resourceType: 'Organization', id: 'o', active: false }],
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p class="x">a &amp; b<br/></p></div>' },
    };
    const xml = jsonToXml(JSON.stringify(resource));
    expect(xml).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><Patient ${FHIR}><id value="p"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p class="x">a &amp; b<br/></p></div></text>` +
        '<contained><Organization><id value="o"/><active value="false"/></Organization></contained>' +
        '<name id="n"><given value="A"/><given><extension url="urn:y"><valueString value="a &quot;b&quot; &lt;c&gt;&#10;"/></extension></given></name>' +
        '<birthDate id="b" value="1970"><extension url="urn:x"><valueBoolean value="true"/></extension></birthDate></Patient>',
    );
    expect(json(xml)).toEqual(resource);
  });

  it('keeps the digits of decimals', () => {
    const text = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.500}}';
    expect(jsonToXml(text)).toContain('<value value="1.500"/>');
    expect(xmlToJson(jsonToXml(text))).toBe(text);
  });

  (present ? it : it.skip)('says the same as in JSON, for every resource of ../shared/fhir', () => {
    const differing = readdirSync(shared).filter((name) => {
      const text = readFileSync(new URL(name, shared), 'utf8');
      return !sameResource(json(jsonToXml(text)), JSON.parse(text));
    });
    expect(differing).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['an open element', `<Patient ${FHIR}>`],
    ['another namespace', '<Patient xmlns="urn:x"/>'],
    ['text between elements', `<Patient ${FHIR}>x</Patient>`],
    ['a DTD', `<!DOCTYPE Patient [<!ENTITY x SYSTEM "file:///etc/passwd">]><Patient ${FHIR}><id value="&x;"/></Patient>`],
    ['an unknown entity', `<Patient ${FHIR}><id value="&x;"/></Patient>`],
    ['more depth than sense', `<Patient ${FHIR}>${'<contact>'.repeat(300)}${'</contact>'.repeat(300)}</Patient>`],
  ])('is refused where it has %s', (_, xml) => {
    expect(() => xmlToJson(xml)).toThrow(MalformedXml);
  });

  it.each([
    ['an element that there is not', `<Patient ${FHIR}><shoe value="1"/></Patient>`, /^Patient\.shoe/],
    ['an attribute that there is not', `<Patient ${FHIR}><active worth="1" value="true"/></Patient>`, /^Patient\._?active/],
    ['two where one is meant', `<Patient ${FHIR}><gender value="male"/><gender value="male"/></Patient>`, /^Patient\.gender/],
    ['a number that is none', `<Patient ${FHIR}><multipleBirthInteger value="two"/></Patient>`, /^Patient\.multipleBirth/],
    ['a boolean that is none', `<Patient ${FHIR}><active value="yes"/></Patient>`, /^Patient\.active/],
    ['a type that there is not', `<Patience ${FHIR}/>`, /^resourceType/],
  ])('is found wanting by the validator where it has %s', (_, xml, place) => {
    expect(faults(xml)).toEqual(expect.arrayContaining([expect.stringMatching(place)]));
  });
});

/** Members in any order; a narrative's markup by its text, as XML may be written in several ways. */
function sameResource(a: unknown, b: unknown, key = ''): boolean {
  if (key === 'div') return plainMarkup(String(a)) === plainMarkup(String(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((one) => sameResource((a as Record<string, unknown>)[one], (b as Record<string, unknown>)[one], one))
  );
}

const plainMarkup = (div: string): string =>
  div
    .replace(
      /<[^>]*>/g,
      (one) =>
        one
          .replace(/\s*\/?>$/, '')
          .replace(/\s+/g, ' ')
          .split(' ')[0],
    )
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&(?:quot|apos|gt);/g, '')
    .replace(/["'>]/g, '')
    .replace(/\s+/g, ' ');
