/**
 * `npm run bench -- crash [rounds]`: kill -9 at a random moment of a 300-instance STOW, ten times. After each restart every
 * acknowledged instance must be there byte for byte; at the end every stored study has its one report and the ledger is
 * whole. Exit code 1 when any of it fails.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, Wetread } from '../test/e2e/wetread.js';
import { PhantomSeries } from './instances.js';

const INSTANCES = 300;
const PER_STUDY = 10;
const rounds = Number(process.argv[3] ?? 10);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Sent {
  readonly url: string;
  readonly sha256: string;
}

const wetread = await Wetread.start({}, { embedded: true });
const acknowledged: Sent[] = [];
const problems: string[] = [];
for (let round = 0; round < rounds; round++) {
  const series = new PhantomSeries(`crash-${randomUUID()}`, 256);
  const files = Array.from({ length: INSTANCES }, (_, i) => ({
    uid: series.sopInstanceUID(Math.floor(i / PER_STUDY), i),
    bytes: series.part10(Math.floor(i / PER_STUDY), i),
  }));
  // By turns: one request of 300; requests of 7, two at a time; one instance a request.
  const perRequest = [INSTANCES, 7, 1][round % 3];
  const now: Sent[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    for (let from = next; from < files.length; from = next) {
      next = from + perRequest;
      const group = files.slice(from, from + perRequest);
      const answer = await wetread.store(...group.map(({ bytes }) => bytes));
      const sent = new Map(group.map(({ uid, bytes }) => [uid, bytes]));
      for (const { sopInstanceUID, retrieveUrl } of answer.stored) {
        const bytes = sent.get(sopInstanceUID);
        if (bytes) now.push({ url: new URL(retrieveUrl).pathname, sha256: sha256(bytes) });
      }
    }
  };
  const sending = Promise.allSettled([send(), send()]);
  // One request of 300 has no acknowledgement to count: a moment while its bytes arrive or are committed.
  const target = 1 + Math.floor(Math.random() * (INSTANCES - 10));
  if (perRequest === INSTANCES) await sleep(50 + Math.random() * 1_500);
  else while (now.length < target) await sleep(1);
  await wetread.kill();
  await sending;
  acknowledged.push(...now);
  const began = performance.now();
  await wetread.launch();
  const restart = performance.now() - began;
  let lost = 0;
  for (const { url, sha256: expected } of now) {
    const answer = await wetread.fetch(url, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    if (answer.status !== 200 || sha256(new Uint8Array(await answer.arrayBuffer())) !== expected) lost += 1;
  }
  if (lost > 0) problems.push(`round ${round + 1}: ${lost} acknowledged instances are not there`);
  process.stdout.write(
    `round ${round + 1}: ${perRequest} a request, ${now.length} acknowledged when killed, ${lost} lost, ready again after ${restart.toFixed(0)} ms\n`,
  );
}

interface Studies {
  readonly data: {
    readonly studies: {
      readonly edges: { readonly node: { readonly studyInstanceUID: string; readonly reports: { readonly id: string }[] } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}
/** Reports of every study that was stored, acknowledged or not. */
async function reportCounts(): Promise<number[]> {
  const counts: number[] = [];
  for (let after: string | null = null, more = true; more;) {
    const query = `query ($after: String) { studies(first: 200, after: $after) { edges { node { studyInstanceUID reports { id } } } pageInfo { hasNextPage endCursor } } }`;
    const answer = await wetread.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { after } }),
    });
    const { edges, pageInfo } = ((await answer.json()) as Studies).data.studies;
    counts.push(...edges.map(({ node }) => node.reports.length));
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
  return counts;
}
const counts = await eventually(
  async () => {
    const found = await reportCounts();
    return found.every((count) => count >= 1) ? found : undefined;
  },
  'report for every stored study',
  300_000,
).catch(async (error: unknown) => (problems.push(String(error)), reportCounts()));
if (counts.some((count) => count > 1)) problems.push(`${counts.filter((count) => count > 1).length} studies have more than one report`);
let lost = 0;
for (const { url, sha256: expected } of acknowledged) {
  const answer = await wetread.fetch(url, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
  if (answer.status !== 200 || sha256(new Uint8Array(await answer.arrayBuffer())) !== expected) lost += 1;
}
if (lost > 0) problems.push(`${lost} acknowledged instances are gone at the end`);
await wetread.stop();
const verified = spawnSync(process.execPath, [fileURLToPath(new URL('../src/ledger/commands/verify.js', import.meta.url))], {
  env: { PATH: process.env['PATH'], WETREAD_DATA: wetread.folder },
  encoding: 'utf8',
});
if (verified.status !== 0) problems.push(`the ledger does not verify: ${verified.stdout}${verified.stderr}`);
process.stdout.write(
  `${acknowledged.length} acknowledged instances, ${lost} lost; ${counts.length} stored studies, ${counts.filter((count) => count === 1).length} with exactly one report\n${verified.stdout}`,
);
if (acknowledged.length < rounds * 10) problems.push(`only ${acknowledged.length} instances were acknowledged: this proves little`);
process.stdout.write(problems.length === 0 ? 'Nothing was lost.\n' : `FAILED:\n${problems.join('\n')}\n`);
await wetread.remove();
process.exit(problems.length === 0 ? 0 : 1);
