import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { canonicalEvent, chainHash } from '../../src/ledger/chain.js';
import { CHAIN_START } from '../../src/ledger/link-hash.js';

const REFERENCE = new URL('../../../../shared/stats/audit_chain.json', import.meta.url);
const present = existsSync(REFERENCE);
if (!present) console.warn('2 tests of the reference chain are skipped: there is no ../shared/stats/audit_chain.json');

interface Case {
  readonly input: { readonly events: readonly object[] };
  readonly expected: { readonly canonical_sha256: readonly string[]; readonly chain: readonly string[] };
}
const reference = (): Case => (JSON.parse(readFileSync(REFERENCE, 'utf8')) as { cases: [Case] }).cases[0];

describe('The chain of the ledger', () => {
  (present ? it : it.skip)('has the canonical form of the reference (RFC 8785)', () => {
    const { input, expected } = reference();
    expect(input.events.map((event) => createHash('sha256').update(canonicalEvent(event), 'utf8').digest('hex'))).toEqual(
      expected.canonical_sha256,
    );
  });

  (present ? it : it.skip)('has the hashes of the reference', () => {
    const { input, expected } = reference();
    let hash: Buffer = CHAIN_START;
    expect(input.events.map((event) => (hash = chainHash(hash, event)).toString('hex'))).toEqual(expected.chain);
  });

  it('hashes what an event says, not the order its members are written in', () => {
    expect(chainHash(CHAIN_START, { a: 1, b: [2, { d: 4, c: 3 }] })).toEqual(chainHash(CHAIN_START, { b: [2, { c: 3, d: 4 }], a: 1 }));
  });

  it.each([
    [{ seq: 1 }, { seq: 2 }],
    [{ a: '1' }, { a: 1 }],
    [{ a: null }, {}],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: 'é' }, { a: 'e\u0301' }],
  ])('hashes %j and %j apart', (one, other) => {
    expect(chainHash(CHAIN_START, one)).not.toEqual(chainHash(CHAIN_START, other));
  });

  it('hashes the same event apart after another past', () => {
    expect(chainHash(CHAIN_START, { seq: 1 })).not.toEqual(chainHash(chainHash(CHAIN_START, { seq: 1 }), { seq: 1 }));
  });

  it.each([[undefined], [Number.NaN], [{ a: Infinity }]])('takes nothing that JSON cannot hold: %p', (event) => {
    expect(() => canonicalEvent(event)).toThrow(/JSON|NaN|Infinity|allowed/);
  });
});
