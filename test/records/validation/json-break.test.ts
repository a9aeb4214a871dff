import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breakOf } from '../../../src/records/validation/json-break.js';
import { MalformedJson, validateText } from '../../../src/records/validation/validate-text.js';

describe('A text that is no JSON', () => {
  it.each<[string, number, number, string]>([
    ['', 1, 1, ''],
    ['{', 1, 2, ''],
    ['{"resourceType":"Patient",}', 1, 27, 'Patient'],
    ['{"resourceType":"Patient",\n "active": yes}', 2, 12, 'Patient.active'],
    ['{"resourceType":"Patient","name":[{"family":"A"},{"family":"B\n"}]}', 1, 62, 'Patient.name[1].family'],
    ['{"resourceType":"Patient","name":[{"family":"a\\x"}]}', 1, 47, 'Patient.name[0].family'],
    ['{"resourceType":"Patient","name":[{"family":"A"}', 1, 49, 'Patient.name[0]'],
    ['{"resourceType":"Patient"} x', 1, 28, 'Patient'],
    ['{"resourceType":"Patient","multipleBirthInteger":01}', 1, 51, 'Patient.multipleBirthInteger'],
    ['{"resourceType":"Patient" "active":true}', 1, 27, 'Patient'],
    ['{resourceType:"Patient"}', 1, 2, ''],
    ['null x', 1, 6, ''],
    ['{"resourceType":"Patient","SECRET NAME":[{"a" 1}]}', 1, 47, 'Patient'],
    ['{"resourceType":"SECRET","a" 1}', 1, 30, ''],
  ])('breaks where it breaks: %j', (text, line, column, path) => {
    expect(breakOf(text)).toMatchObject({ line, column, path });
  });

  it('is told by its place, and never by what stands there', () => {
    const read = () => validateText('{"resourceType":"Patient","name":[{"family":"Secret\t"}]}');
    expect(read).toThrow(MalformedJson);
    expect(read).toThrow('The body is not JSON: it breaks off at line 1, column 52.');
  });

  it('is not looked through where that would cost more than it tells: too deep, too long', () => {
    expect(breakOf('['.repeat(2_000_000))).toBeUndefined();
    expect(breakOf('{"a":'.repeat(500_000))).toBeUndefined();
    expect(breakOf(`"${'x'.repeat(9_000_000)}`)).toBeUndefined();
    expect(breakOf(`"${'\\n'.repeat(1_000_000)}`)).toMatchObject({ line: 1, column: 2_000_002 });
  });

  it('breaks where V8 says it does, and only where it refuses it', () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', '}', ']', ',', ':', '\\', '\n', '0', '-', 'e', 'x', '\u0001'), fc.boolean())
      .map(([text, place, sign, replaces]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + sign + text.slice(at + (replaces ? 1 : 0));
      });
    let refused = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        const why = reasonOf(text);
        const found = breakOf(text);
        expect(found !== undefined).toBe(why !== undefined);
        refused += why === undefined ? 0 : 1;
        const position = /at position (\d+)/.exec(why ?? '')?.[1];
        // Within a number, a word or an escape V8 points to the letter, we to where the wrong part begins.
        if (position !== undefined)
          expect(text.slice(found?.offset, Number(position))).toMatch(/^(?:[-+.\deE]*|[a-z]{1,4}|\\u?[\da-fA-F]*)$/);
        if (position !== undefined) expect(found?.offset).toBeLessThanOrEqual(Number(position));
      }),
      { numRuns: 5_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });
});

function reasonOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
