/** `npm run bench -- store-memory [MiB]`: one STOW body of that size, chunked; peak resident memory of the server process and of all of them. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Wetread } from '../test/e2e/wetread.js';
import { PhantomSeries } from './instances.js';

const MIB = 2 ** 20;
function residentMib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0; // it ended while we looked
  }
}

/** The process and everything below it. */
function family(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      parents.set(Number(name), Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]));
    } catch {
      // It ended while we looked.
    }
  const found = [pid];
  for (let i = 0; i < found.length; i++) for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  return found;
}

const sizeMib = Number(process.argv[3] ?? 1_024);
const wetread = await Wetread.start({}, { embedded: true });
const series = new PhantomSeries(`memory-${randomUUID()}`, 1_024);
const perInstance = series.part10(0, 0).length;
const instances = Math.ceil((sizeMib * MIB) / perInstance);
const boundary = randomUUID();
async function* body(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < instances; i++) {
    yield Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
    yield series.part10(Math.floor(i / 64), i);
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}
const before = residentMib(wetread.pid);
let peak = 0;
let peakAll = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, residentMib(wetread.pid));
  peakAll = Math.max(
    peakAll,
    family(wetread.pid).reduce((sum, pid) => sum + residentMib(pid), 0),
  );
}, 50);
const began = performance.now();
const answer = await wetread.fetch('/dicom-web/studies', {
  method: 'POST',
  headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`, accept: 'application/dicom+json' },
  body: Readable.toWeb(Readable.from(body(), { objectMode: false })),
  duplex: 'half',
});
const dataset = (await answer.json()) as Record<string, { Value?: unknown[] }>;
const seconds = (performance.now() - began) / 1_000;
clearInterval(watch);
process.stdout.write(
  `one STOW body of ${((instances * perInstance) / MIB).toFixed(0)} MiB, ${instances} instances: HTTP ${answer.status}, ${dataset['00081199']?.Value?.length ?? 0} stored in ${seconds.toFixed(1)} s (${((instances * perInstance) / MIB / seconds).toFixed(0)} MiB/s)\n`,
);
process.stdout.write(
  `resident memory of the server process: ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} MiB peak; with all its children and Postgres ${peakAll.toFixed(0)} MiB (shared pages counted in each)\n`,
);
await wetread.remove();
