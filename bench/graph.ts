/**
 * A page of 50 reports with their findings and patients by the graph, beside the same page by one hand-written SQL statement behind a
 * plain HTTP server in a process of its own, on the same Postgres, in slices by turns, one client. `npm run bench -- graph [rounds]`.
 */
import { fork } from 'node:child_process';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { patientResourceId } from '../src/archive/fhir/patient.js';
import { aPhantom, idle } from '../test/e2e/phantoms.js';
import { runningUrl } from '../src/database/embedded-postgres.js';
import { Wetread } from '../test/e2e/wetread.js';

const STUDIES = 60;
const CYCLES = 20;
const SLICE = 100;
const FIELDS =
  '{ reports(first: 50) { edges { cursor node { id status issued conclusion findings { label code probability verdict } patient { id name birthDate identifiers { system value } } } } pageInfo { hasNextPage } } }';
const SQL = `SELECT r.id, r.status, r.issued, r.conclusion, r.findings, p.content AS patient
               FROM report r JOIN bench_patient b ON b.study_row = r.study_row JOIN resource p ON p.type = 'Patient' AND p.id = b.patient
              ORDER BY r.issued DESC, r.id DESC LIMIT 51`;

if (process.argv[3] === 'floor') await floor(process.argv[4]);
else await compare(Number(process.argv[3] ?? 8));

/** What one statement and no guard, no record and no graph take. */
async function floor(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  const page = async (): Promise<string> => {
    const { rows } = await pool.query<{ patient: string }>({ text: SQL, name: 'page' });
    return JSON.stringify({ data: rows.map(({ patient, ...row }) => ({ ...row, patient: JSON.parse(patient) as object })) });
  };
  const answer = async (response: ServerResponse): Promise<void> => {
    response.setHeader('content-type', 'application/json').end(await page());
  };
  const server = createServer((_request, response) => void answer(response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  process.send?.((server.address() as { port: number }).port);
}

async function compare(rounds: number): Promise<void> {
  const wetread = await Wetread.start({}, { embedded: true });
  const phantoms = Array.from({ length: STUDIES }, () => aPhantom());
  for (const { bytes } of phantoms) await wetread.store(bytes);
  await idle(wetread);
  await wetread.sql(`CREATE TABLE bench_patient (study_row bigint PRIMARY KEY, patient text)`);
  for (const { studyInstanceUID, patientID } of phantoms)
    await wetread.sql(`INSERT INTO bench_patient SELECT id, $2 FROM study WHERE study_instance_uid = $1`, [
      studyInstanceUID,
      patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, studyInstanceUID),
    ]);
  await wetread.sql(
    `INSERT INTO report SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'cycle', n, 'issued', r.issued + make_interval(secs => n)))).*
       FROM report r, generate_series(2, ${CYCLES}) AS n WHERE cycle = 1`,
  );
  await wetread.sql('ANALYZE');
  const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), ['graph', 'floor', runningUrl(wetread.folder, 'wetread') ?? '']);
  const port = await new Promise<number>((done) => child.once('message', (message) => done(Number(message))));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = JSON.stringify({ query: FIELDS });

  /** Milliseconds of one page, to the last byte. */
  const timed = (url: string, method: 'GET' | 'POST'): Promise<number> =>
    new Promise((done, fail) => {
      const began = performance.now();
      const asked = request(url, { agent, method, headers: { 'content-type': 'application/json' } }, (answer) => {
        if (answer.statusCode !== 200) fail(new Error(`${answer.statusCode} from ${url}`));
        answer.resume().once('end', () => done(performance.now() - began));
      }).once('error', fail);
      asked.end(method === 'POST' ? body : undefined);
    });

  const times = { graph: [] as number[], sql: [] as number[] };
  for (let round = -1; round < rounds; round++)
    for (const which of ['graph', 'sql'] as const)
      for (let i = 0; i < SLICE; i++) {
        const ms = which === 'graph' ? await timed(`${wetread.url}/graphql`, 'POST') : await timed(`http://127.0.0.1:${port}`, 'GET');
        if (round >= 0) times[which].push(ms); // the first slices warm up
      }
  const at = (all: readonly number[], share: number): number => [...all].sort((a, b) => a - b)[Math.floor(all.length * share)];
  for (const share of [0.5, 0.95]) {
    const [graph, sql] = [at(times.graph, share), at(times.sql, share)];
    process.stdout.write(
      `page of 50 reports, p${share * 100}: graph ${graph.toFixed(2)} ms, one SQL ${sql.toFixed(2)} ms: ${(graph / sql).toFixed(2)} ×\n`,
    );
  }
  agent.destroy();
  child.kill();
  await wetread.remove();
  process.exit(0);
}
