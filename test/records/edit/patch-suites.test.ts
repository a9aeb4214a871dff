import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../../../src/faults.js';
import { applyFhirPathOperations } from '../../../src/records/edit/patch/fhirpath-patch.js';
import { applyOperations } from '../../../src/records/edit/patch/json-patch.js';
import { objectsOf, type JsonObject } from '../../../src/records/validation/json-object.js';
import { xmlToJson } from '../../../src/records/xml/from-xml.js';

const shared = new URL('../../../../../shared/fhir/suites/patch/', import.meta.url);
const present = existsSync(shared);
if (!present) console.warn('2 suites skipped: ../shared/fhir/suites/patch is absent');
const textOf = (name: string): string => (present ? readFileSync(new URL(name, shared), 'utf8') : '');

interface JsonCase {
  readonly comment: string;
  readonly doc: unknown;
  readonly patch: unknown;
  readonly expected?: unknown;
  readonly error?: string;
  readonly disabled?: boolean;
}

const cases = [...textOf('fhir-patch-tests.xml').matchAll(/<case name="([^"]*)"[^>]*>(.*?)<\/case>/gs)].map(([, name, inside]) => {
  const part = (of: string): string | undefined => new RegExp(`<${of}>\\s*(.*?)\\s*</${of}>`, 's').exec(inside)?.[1];
  return { name, input: part('input') ?? '', diff: part('diff') ?? '', output: part('output') };
});
/** The output's `meta` and `id` are the server's to say: none of the suite's has any. */
const json = (xml: string): JsonObject => JSON.parse(xmlToJson(xml)) as JsonObject;

describe('HL7’s FHIRPath Patch suite', () => {
  (present ? it.each(cases) : it.skip.each([{ name: 'absent', input: '', diff: '', output: undefined }]))(
    '$name',
    ({ input, diff, output }) => {
      const resource = json(input);
      const patched = () => {
        const tree = structuredClone(resource) as Record<string, unknown>;
        applyFhirPathOperations(tree, objectsOf(json(diff)['parameter']), String(resource['resourceType']));
        return tree;
      };
      if (output === undefined) expect(patched).toThrow(Fault);
      else expect(patched()).toEqual(json(output));
    },
  );

  (present ? it : it.skip)('has all of its cases here', () => {
    expect(cases).toHaveLength(33);
  });
});

describe('HL7’s JSON Patch suite', () => {
  const suite = (present ? (JSON.parse(textOf('json-patch-tests.json')) as JsonCase[]) : []).filter(({ disabled }) => disabled !== true);
  (present ? it.each(suite) : it.skip.each([{ comment: 'absent' } as JsonCase]))('$comment', ({ doc, patch, expected, error }) => {
    const value = structuredClone(doc);
    if (error !== undefined) expect(() => applyOperations(value, patch)).toThrow(Fault);
    else {
      applyOperations(value, patch);
      expect(value).toEqual(expected);
    }
  });
});
