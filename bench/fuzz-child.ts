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
  const began = process.cpuUsage();
  try {
    await target.check(target.makeCase(number), randomOf(number ^ 0x5bd1e995));
  } catch (error) {
    process.send?.({ number, what: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  const { user, system } = process.cpuUsage(began); // of the processor, as the machine may have other work
  if (user + system > 2_000_000) process.send?.({ number, what: `it took ${((user + system) / 1_000).toFixed(0)} ms` });
}
