/** The process that the fuzzer watches: runs cases from a number on, and says before each which one it is. */
import { openSync, writeSync } from 'node:fs';
import { randomOf } from './fuzz-mutators.js';
import { fuzzTarget } from './fuzz-targets.js';

const [, , name = '', first = '0', progressFile = ''] = process.argv;
const target = await fuzzTarget(name);
if (target === undefined) process.exit(2);
const progress = openSync(progressFile, 'w');
const word = Buffer.alloc(8);

for (let number = Number(first); ; number++) {
  word.writeDoubleLE(number);
  writeSync(progress, word, 0, 8, 0);
  const began = performance.now();
  try {
    await target.check(target.makeCase(number), randomOf(number ^ 0x5bd1e995));
  } catch (error) {
    process.send?.({ number, what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  const ms = performance.now() - began;
  if (ms > 3_000) process.send?.({ number, what: `it took ${ms.toFixed(0)} ms` });
}
