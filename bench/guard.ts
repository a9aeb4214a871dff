/**
 * What the guard costs: the same requests to two servers of this build, with AUTH=on and with AUTH=none, in slices by turns on one
 * machine, one client each. `npm run bench -- guard [rounds]`.
 */
import { Agent, request } from 'node:http';
import { aChestXray } from '../test/e2e/instances.js';
import { TokenMaker } from '../test/e2e/tokens.js';
import { Wetread } from '../test/e2e/wetread.js';

const SLICE = 300;
const rounds = Number(process.argv[3] ?? 12);

const [guarded, open] = [await Wetread.start({ AUTH: 'on' }, { embedded: true }), await Wetread.start({}, { embedded: true })];
const maker = await TokenMaker.of(guarded);
const headers = await maker.headers({
  roles: ['system'],
  kind: 'system',
  scope: 'system/*.cruds',
  claims: { exp: Math.floor(Date.now() / 1_000) + 3_000 },
});
const one = aChestXray({ Rows: 64, Columns: 64 });
await guarded.storeAs(headers, one.bytes);
await open.store(one.bytes);
const fhir = { 'content-type': 'application/fhir+json' };
const body = JSON.stringify({ resourceType: 'Organization', id: 'o', name: 'A hospital' });
for (const [wetread, own] of [
  [guarded, headers],
  [open, {}],
] as const)
  await wetread.fetch('/fhir/Organization/o', { method: 'PUT', headers: { ...fhir, ...own }, body });

const series = `/dicom-web/studies/${one.studyInstanceUID}/series/${one.seriesInstanceUID}`;
const WAYS = {
  'a FHIR read': '/fhir/Organization/o',
  'a frame': `${series}/instances/${one.sopInstanceUID}/frames/1`,
  'a QIDO search': '/dicom-web/studies?limit=10',
};
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds of one request, to the last byte. */
const timed = (wetread: Wetread, path: string, own: Record<string, string>): Promise<number> =>
  new Promise((done, fail) => {
    const began = performance.now();
    request(`${wetread.url}${path}`, { agent, headers: own }, (answer) => {
      if (answer.statusCode !== 200) fail(new Error(`${answer.statusCode} from ${path}`));
      answer.resume().once('end', () => done(performance.now() - began));
    })
      .once('error', fail)
      .end();
  });
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

for (const [name, path] of Object.entries(WAYS)) {
  const times = { on: [] as number[], none: [] as number[] };
  for (let round = -1; round < rounds; round++)
    for (const [which, wetread, own] of [
      ['on', guarded, headers],
      ['none', open, {}],
    ] as const) {
      const slice: number[] = [];
      for (let i = 0; i < SLICE; i++) slice.push(await timed(wetread, path, own));
      if (round >= 0) times[which].push(median(slice)); // the first slices warm up
    }
  const [on, none] = [median(times.on), median(times.none)];
  process.stdout.write(`${name}: p50 ${on.toFixed(3)} ms with the guard, ${none.toFixed(3)} ms without: ${(on - none).toFixed(3)} ms\n`);
}
agent.destroy();
await Promise.all([guarded.remove(), open.remove()]);
process.exit(0);
