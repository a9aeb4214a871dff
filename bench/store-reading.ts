/** `npm run bench -- store-reading [MiB]`: what splitting a store body and reading its headers costs, without network, disk and database. */
import { randomBytes } from 'node:crypto';
import { multipartParts } from '../src/api/dicomweb/multipart-parts.js';
import { Part10Reader } from '../src/dicom/part10-header.js';
import { PhantomSeries } from './instances.js';

const MIB = 2 ** 20;
const CHUNK_BYTES = 65_536; // what a socket gives at once
const sizeMib = Number(process.argv[3] ?? 1_024);
const noise = randomBytes(CHUNK_BYTES);

/** One body of parts that repeat the same bytes, in chunks as a socket gives them. */
async function* chunks(part: Buffer, parts: number): AsyncGenerator<Buffer> {
  const head = Buffer.from('\r\n--frontier\r\nContent-Type: application/dicom\r\n\r\n');
  const whole = Buffer.concat([head, part]);
  for (let i = 0; i < parts; i++)
    for (let at = 0; at < whole.length; at += CHUNK_BYTES) yield whole.subarray(at, Math.min(at + CHUNK_BYTES, whole.length));
  yield Buffer.from('\r\n--frontier--\r\n');
}

async function measured(name: string, part: Buffer, withReader: boolean): Promise<void> {
  const parts = Math.max(1, Math.round((sizeMib * MIB) / part.length));
  const began = performance.now();
  const cpu = process.cpuUsage();
  let bytes = 0;
  for await (const { body } of multipartParts(chunks(part, parts), 'frontier')) {
    const reader = withReader ? new Part10Reader() : undefined;
    for await (const piece of body) {
      bytes += piece.length;
      await reader?.push(piece);
    }
    await reader?.end();
  }
  if (bytes !== parts * part.length) throw new Error(`${bytes} bytes came of ${parts * part.length}`);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(
    `${name}: ${(bytes / MIB).toFixed(0)} MiB in ${parts} parts, ${seconds.toFixed(2)} s, ${(bytes / MIB / seconds).toFixed(0)} MiB/s, CPU ${((user + system) / 1e6).toFixed(2)} s\n`,
  );
}

const series = new PhantomSeries('reading', 512);
const instance = series.part10(0, 0);
const small = new PhantomSeries('reading-small', 128).part10(0, 0);
const large = Buffer.concat(Array.from({ length: 1_600 }, () => noise)); // 100 MiB of noise
await measured('warm up', instance, true);
await measured('split only, large parts', large, false);
await measured('split only, 512 KiB parts', instance, false);
await measured('split and read, 512 KiB parts', instance, true);
await measured('split and read, 32 KiB parts', small, true);
