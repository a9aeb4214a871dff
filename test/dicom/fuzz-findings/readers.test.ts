import { describe, expect, it } from '@jest/globals';
import { randomOf } from '../../../bench/fuzz-mutators.js';
import { fuzzTarget } from '../../../bench/fuzz-targets.js';

/** Numbers of cases that once failed, by reader; `npm run bench -- fuzz` finds new ones. They need ../shared for the same bytes, and are good cases without it. */
const FOUND: Readonly<Record<string, readonly number[]>> = {
  header: [1450, 1520, 1905, 3540, 100784, 101564, 105033, 125351],
  multipart: [],
  metadata: [],
};

describe('Readers under spoilt input', () => {
  it.each(['header', 'multipart', 'metadata'])('keep their promises: %s', async (name) => {
    const target = (await fuzzTarget(name))!; // these are its names
    const broken: string[] = [];
    for (const number of [...Array.from({ length: 400 }, (_, i) => i), ...FOUND[name]])
      await target
        .check(target.makeCase(number), randomOf(number ^ 0x5bd1e995))
        .catch((error: unknown) => broken.push(`${number}: ${String(error)}`));
    expect(broken).toEqual([]);
  });
});
