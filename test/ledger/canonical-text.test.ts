import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalEvent } from '../../src/ledger/chain.js';
import { numbered } from '../../src/ledger/canonical-text.js';

/** What the chain hashes, the long way. */
const theLongWay = (text: string, seq: number): string => canonicalEvent({ seq, ...(JSON.parse(text) as object) });

describe('The text of an event with its number', () => {
  it.each([
    ['{}'],
    ['{"a":1}'],
    ['{"z":1}'],
    ['{"action":"data.fetched","seal":"x","tenant":1,"who":{"kind":"person","roles":["a","b"]}}'],
    ['{"a":"\\"\\\\","b":[],"c":{},"d":[[1,-2],{"e":null}],"f":true,"g":false}'],
    ['{"a":"grün € \u2028"}'],
    ['{"seqx":1}'],
    ['{"sepp":1,"ser":2}'],
    ['{"a":123456789012345,"b":-5,"c":0}'],
  ])('%s is what the long way makes of it', (text) => {
    expect(numbered(text, 12)).toBe(theLongWay(text, 12));
  });

  it.each([
    ['blanks', '{"a": 1}'],
    ['members out of order', '{"b":1,"a":2}'],
    ['members within out of order', '{"a":{"c":1,"b":2}}'],
    ['a member twice', '{"a":1,"a":2}'],
    ['a number of its own', '{"seq":1}'],
    ['a fraction', '{"a":0.1}'],
    ['an exponent', '{"a":1e3}'],
    ['a leading zero', '{"a":01}'],
    ['minus zero', '{"a":-0}'],
    ['a number too large to be sure of', '{"a":9007199254740993}'],
    ['an escape that need not be', '{"a":"\\u0061"}'],
    ['an escaped slash', '{"a":"\\/"}'],
    ['a name with an escape', '{"a\\"":1}'],
    ['a half of a pair', '{"a":"\ud800"}'],
    ['a control character', '{"a":"\u0001"}'],
    ['a comma too much', '{"a":1,}'],
    ['a list’s comma too much', '{"a":[1,]}'],
    ['no end', '{"a":1'],
    ['an end too early', '{"a":1}}'],
    ['a text without its end', '{"a":"b}'],
    ['no value', '{"a":}'],
    ['a word that is none', '{"a":nul}'],
    ['a list', '[1]'],
    ['nothing', ''],
    ['a sign alone', '{"a":-}'],
  ])('is left to the long way where it has %s', (_, text) => {
    expect(numbered(text, 1)).toBeUndefined();
  });

  it('is never another than the long way makes, whatever the event', () => {
    const members = fc.dictionary(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('seal', 'seq', 'sep', 'ser', 'a', 'who')),
      fc.jsonValue(),
    );
    const held = fc.check(
      fc.property(members, fc.integer({ min: 1, max: 2 ** 40 }), fc.boolean(), (event, seq, isCanonical) => {
        const text = isCanonical ? canonicalEvent(event) : JSON.stringify(event);
        const short = numbered(text, seq);
        return short === undefined || short === theLongWay(text, seq);
      }),
      { numRuns: 3_000 },
    );
    expect(held.counterexample).toBeNull();
  });

  it('is never made of a text that is no JSON', () => {
    const text = '{"action":"data.fetched","changes":{"n":[1,2,{"x":"\\"y\\\\"}]},"who":{"tenant":1}}';
    const held = fc.check(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('', '"', '\\', '{', '}', ',', ':', '0', '-', ' ', 'a', '[', ']'), (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        const short = numbered(changed, 3);
        return short === undefined || short === theLongWay(changed, 3);
      }),
      { numRuns: 5_000 },
    );
    expect(held.counterexample).toBeNull();
  });
});
