/**
 * `npm run bench -- fuzz header|multipart|metadata [SECONDS] [FIRST]`: feeds a reader with spoilt input for that long, in a process that
 * is watched for crashes, hangs and memory. What it finds lies in a folder, a file a case; cases are numbered, and the same
 * number is the same case.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fuzzTarget } from './fuzz-targets.js';

const HANG_MS = 10_000;
const MOST_RESIDENT_MIB = 512;
const MOST_FINDINGS = 50;
const [, , , name = '', seconds = '600', first = '0'] = process.argv;
const target = await fuzzTarget(name);
if (target === undefined) {
  process.stderr.write('npm run bench -- fuzz header|multipart|metadata [SECONDS] [FIRST]\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), `fuzz-${name}-`));
const progressFile = join(folder, 'progress');
let findings = 0;

function found(number: number, what: string): void {
  findings += 1;
  if (findings > MOST_FINDINGS) return;
  writeFileSync(join(folder, `${number}.bin`), target!.makeCase(number)); // there, or we had left above
  process.stdout.write(`case ${number}: ${what.split('\n').slice(0, 4).join(' ')}\n`);
}

function progress(): number {
  const bytes = readFileSync(progressFile);
  return bytes.length === 8 ? bytes.readDoubleLE() : -1;
}

function residentMib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0; // it ended while we looked, or this is no Linux
  }
}

/** One process until it ends or is ended; answers the case it was at. */
async function watched(from: number, deadline: number): Promise<{ at: number; what: string | undefined }> {
  writeFileSync(progressFile, '');
  const child: ChildProcess = fork(fileURLToPath(new URL('fuzz-child.js', import.meta.url)), [name, String(from), progressFile], {
    execArgv: ['--max-old-space-size=384'],
  });
  child.on('message', (message) => {
    const { number, what } = message as { number: number; what: string };
    found(number, what);
  });
  let exit: string | undefined;
  child.on('exit', (code, signal) => (exit = `the process ended with ${signal ?? code}`));
  let what: string | undefined;
  for (let last = -1, since = Date.now(); what === undefined && Date.now() < deadline; await sleep(200)) {
    const at = progress();
    if (at !== last) [last, since] = [at, Date.now()];
    const resident = residentMib(child.pid ?? -1);
    peakMib = Math.max(peakMib, resident);
    if (exit !== undefined) what = exit;
    else if (Date.now() - since > HANG_MS + (at < 0 ? 50_000 : 0))
      what = 'it hangs'; // at first the seeds are read
    else if (resident > MOST_RESIDENT_MIB) what = `${resident.toFixed(0)} MiB resident`;
  }
  child.kill('SIGKILL');
  return { at: Math.max(from, progress()), what };
}

let peakMib = 0;
const began = Date.now();
const deadline = began + Number(seconds) * 1_000;
let at = Number(first);
while (Date.now() < deadline) {
  const { at: reached, what } = await watched(at, deadline);
  if (what !== undefined) found(reached, what);
  at = reached + 1;
}
const cases = at - Number(first);
process.stdout.write(
  `${name}: ${cases} cases in ${((Date.now() - began) / 1_000).toFixed(0)} s (${((cases * 1_000) / (Date.now() - began)).toFixed(0)}/s), ${findings} findings, ${peakMib.toFixed(0)} MiB resident at most; ${folder}\n`,
);
