import { describe, expect, it } from '@jest/globals';
import { exactJson } from '../../../src/records/edit/exact-json.js';
import { MalformedJson } from '../../../src/records/validation/validate-text.js';

describe('A number that is read and written again', () => {
  it.each([
    '1.00',
    '0.10',
    '100',
    '1e3',
    '1.5E-7',
    '-0',
    '-0.0',
    '0.0000001',
    '0.00000012345',
    '1234567890.12345678',
    '12345678.123456789012',
    '12345678901234567890',
    '-123456789012345678901234567890.5',
    '0.30000000000000004',
    '1.7976931348623157e308',
  ])('has the digits that it came with: %s', (number) => {
    for (const text of [`{"value":${number}}`, `{"value": ${number}}`, `[1,${number}]`, `[ ${number}]`])
      expect(JSON.stringify(exactJson(text, JSON.parse(text)))).toBe(text.replaceAll(' ', ''));
  });

  it('in more depth than the stack has is no JSON', () => {
    const text = `{"x":1.0,"e":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(() => exactJson(text, undefined)).toThrow(MalformedJson);
  });
});
