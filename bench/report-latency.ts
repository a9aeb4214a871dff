/**
 * `npm run bench -- report-latency [studies]`: from the last byte stored (the STOW answer) to the DiagnosticReport being
 * fetchable, one study after another on a quiet server with the default settings; and how much of it is the model.
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { setTimeout as sleep } from 'node:timers/promises';
import { resourceId } from '../src/records/resource-id.js';
import { Wetread } from '../test/e2e/wetread.js';
import { PhantomSeries } from './instances.js';

interface Answer {
  readonly data: {
    readonly study: {
      readonly series: {
        readonly instances: {
          readonly readings: { readonly timings: { readonly decode: number; readonly prepare: number; readonly run: number } | null }[];
        }[];
      }[];
    };
  };
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];
const line = (name: string, values: readonly number[]): string =>
  `${name.padEnd(44)} median ${quantile(values, 0.5).toFixed(1).padStart(7)} ms   p90 ${quantile(values, 0.9).toFixed(1).padStart(7)}   max ${quantile(values, 1).toFixed(1).padStart(7)}\n`;

const studies = Number(process.argv[3] ?? 50);
const wetread = await Wetread.start({}, { embedded: true });
const series = new PhantomSeries(`latency-${randomUUID()}`, 1_024);
/** Told by the subscription, as an app would be: asking again and again would weigh on what is measured. */
const seen = new Set<string>();
let tell: (() => void) | undefined;
const client = createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql` });
const unsubscribe = client.subscribe<{ reportIssued: { id: string } }>(
  { query: 'subscription { reportIssued { id } }' },
  {
    next: ({ data }) => {
      seen.add(data?.reportIssued.id ?? '');
      tell?.();
    },
    error: (error) => {
      throw error;
    },
    complete: () => undefined,
  },
);
async function issued(id: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; !seen.has(id);) {
    if (Date.now() > deadline) throw new Error('there was no report within 30 s');
    await Promise.race([
      new Promise<void>((done) => {
        tell = done;
      }),
      sleep(1_000),
    ]);
  }
}
await sleep(500); // the subscription stands before the first study comes

const [stow, report, model, decode, prepare]: number[][] = [[], [], [], [], []];
for (let study = 0; study < studies + 3; study++) {
  const file = series.part10(study, 0);
  const began = performance.now();
  const { status } = await wetread.store(file);
  const stored = performance.now();
  if (status !== 200) throw new Error(`STOW answered ${status}`);
  const id = resourceId('DiagnosticReport', series.studyInstanceUID(study), 'chest-pneumonia', '1');
  await issued(id);
  const { status: found } = await wetread.fetch(`/fhir/DiagnosticReport/${id}`);
  if (found !== 200) throw new Error(`the issued report answered ${found}`);
  const fetched = performance.now();
  const query = `{ study(studyInstanceUID: "${series.studyInstanceUID(study)}") { series { instances { readings { timings { decode prepare run } } } } } }`;
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const readings = ((await answer.json()) as Answer).data.study.series.flatMap((one) => one.instances).flatMap((one) => one.readings);
  const timings = readings.find((one) => one.timings !== null)?.timings;
  if (!timings) throw new Error('the study was not read');
  if (study < 3) continue; // the first ones warm the code up
  stow.push(stored - began);
  report.push(fetched - stored);
  model.push(timings.run);
  decode.push(timings.decode);
  prepare.push(timings.prepare);
  await sleep(100); // the SR and the attention map of this study must not weigh on the next
}
const around = report.map((ms, i) => ms - model[i]);
process.stdout.write(`${studies} studies of one 1024 × 1024 radiograph, 12 bits of 16\n`);
process.stdout.write(line('STOW request, sent to answered', stow) + line('STOW answer to DiagnosticReport fetchable', report));
process.stdout.write(
  line('  of it session.run', model) +
    line('  of it decoding', decode) +
    line('  of it preparation and quality', prepare) +
    line('  everything around the model', around),
);
process.stdout.write(`share of bare session.run: ${((quantile(model, 0.5) / quantile(report, 0.5)) * 100).toFixed(1)} % of the median\n`);
unsubscribe();
await client.dispose();
await wetread.remove();
