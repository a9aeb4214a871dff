import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';
import { aClient, killed } from './clients.js';
import { aChestXray, bytesRamp, inRle, TRANSFER_SYNTAX } from './instances.js';
import { manySlices } from './many-slices.js';
import { aSpoolFileIsOpen, noSpoolFileIsOpen } from './spool-files.js';
import { H2, H2C, Wire, type Asked, type WireName } from './wires.js';

/** Longer than anything may be untaken: two minutes, and the time in which it is seen. */
const LONG_MS = 140_000;
const FRAME_BYTES = 1_024 * 1_024;
/** 32 MiB each. */
const large = aChestXray({ Rows: 4_096, Columns: 4_096 });
const frames = { Rows: 1_024, Columns: 1_024, NumberOfFrames: 32, BitsAllocated: 8, BitsStored: 8, HighBit: 7 };
const compressed = inRle(aChestXray(frames, { pixelData: bytesRamp(32 * FRAME_BYTES) }), FRAME_BYTES);

const STORED = { method: 'GET', path: large.path, headers: { accept: 'application/dicom; transfer-syntax=*' } };
const MADE = {
  method: 'GET',
  path: compressed.path,
  headers: { accept: `application/dicom; transfer-syntax=${TRANSFER_SYNTAX.explicitLittleEndian}` },
};
const query = `{ study(studyInstanceUID: "${large.studyInstanceUID}") { series { instances { id sopInstanceUID sha256 bytes } } } }`;
const graph = (accept: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept },
  body: JSON.stringify({ query }),
});

/** A server, and what is asked of it and not taken. */
interface Stalled {
  readonly wire: Wire;
  readonly answers: ReadonlyMap<string, Asked>;
  /** Reads its answer all the while, and slowly. */
  readonly slow: Promise<string>;
  /** Is stopped as a laptop is that is shut, in the middle of its answers. */
  readonly asleep: ChildProcess;
}

async function stalled(name: WireName): Promise<Stalled> {
  const wire = await Wire.to(name);
  for (const one of [large, compressed]) await wire.store(one.bytes);
  await manySlices(wire.wetread, 3_000);
  const answers = new Map([
    ['stored', wire.ask(STORED.path, STORED)],
    ['made', wire.ask(MADE.path, MADE)],
    ['of the graph', wire.ask('/graphql', graph('application/json'))],
    ['of events', wire.ask('/graphql/stream', graph('text/event-stream'))],
  ]);
  for (const one of answers.values()) expect(await one.status).toBe(200);
  await aSpoolFileIsOpen(wire.wetread);
  const asleep = await aClient(wire, { ...STORED, times: 2 });
  asleep.kill('SIGSTOP');
  return { wire, answers, slow: wire.ask(STORED.path, STORED).endSlowly(LONG_MS), asleep };
}

/** A connection of HTTP/1.1 has but one answer at a time, and Node's own limit. */
const HTTP2 = [H2C, H2] as const;
const all = new Map<WireName, Stalled>();
beforeAll(async () => {
  for (const name of HTTP2) all.set(name, await stalled(name));
  // Their connections are busy with others.
  const health = () => [...all.values()].map(({ wire }) => wire.exchange('/health/live').catch(() => undefined));
  const busy = setInterval(() => void Promise.all(health()), 2_000);
  await later(LONG_MS);
  clearInterval(busy);
}, LONG_MS + 120_000);
afterAll(async () => {
  for (const { asleep, wire } of all.values()) {
    await killed(asleep);
    await wire.remove();
  }
});

describe.each(HTTP2)('By %s, answers that nobody takes', (name) => {
  const one = (): Stalled => all.get(name) as Stalled; // beforeAll made it

  it('are held no more', async () => {
    expect(await noSpoolFileIsOpen(one().wire.wetread)).toBe(true);
  });

  it('are broken off, each so that nobody takes a part for the whole', async () => {
    const { answers } = one();
    const ends = await Promise.all([...answers].map(async ([what, answer]) => [what, await answer.end()]));
    const broken: unknown = expect.stringContaining('INTERNAL_ERROR');
    expect(ends).toEqual([...answers.keys()].map((what) => [what, broken]));
  });

  it('are no reason to break off another, which is taken slowly', async () => {
    expect(await one().slow).toBe('whole');
    expect((await one().wire.exchange('/health/live')).status).toBe(200);
  });
});

it('A server stops though a client does not hear that it does', async () => {
  const stopped = Promise.all([...all.values()].map(({ wire }) => wire.wetread.stop()));
  expect(await Promise.race([stopped, later(50_000, 'they still run', { ref: false })])).toEqual(HTTP2.map(() => 0));
});
