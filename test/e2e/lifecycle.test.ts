import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { aChestXray, sha256, type TestInstance } from './instances.js';
import { multipartBody } from './multipart.js';
import { aPhantom, reportOf } from './phantoms.js';
import { childrenOf, isRunning } from './processes.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const folders: string[] = [];
const newFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'wetread-lifecycle-')));
  return folders.at(-1) ?? '';
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const begin = (environment: NodeJS.ProcessEnv) =>
  spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });

/** Starts a server that is expected to end by itself. */
async function ended(environment: NodeJS.ProcessEnv): Promise<{ code: number; said: string }> {
  const server = begin(environment);
  const said: string[] = [];
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = (await once(server, 'close')) as [number];
  return { code, said: said.join('') };
}

describe('A server that cannot start', () => {
  it.each([
    ['PORT', { PORT: 'three' }],
    ['EXECUTION_PROVIDERS', { EXECUTION_PROVIDERS: 'cpu,abacus' }],
  ])('names the setting that is wrong: %s', async (name, environment) => {
    const { code, said } = await ended({ ...environment, WETREAD_DATA: newFolder() });
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^wetread did not start: ${name}: `, 'm'));
    expect(said).not.toContain('    at '); // a sentence, no stack
  });

  it.each(['0.0.0.0', '::'])('says why it may not listen on %s', async (host) => {
    const { code, said } = await ended({ HOST: host, WETREAD_DATA: newFolder() });
    expect(code).toBe(1);
    expect(said).toContain(`HOST=${host} would open the server beyond this machine`);
    expect(said).not.toContain('    at ');
  });
});

describe('A server that asks nobody for a token', () => {
  it.each([
    'https://reads.example',
    'http://reads.example/reading',
    'http://192.168.1.7:3000',
    'http://localhost.reads.example',
    'https://localhost', // whatever speaks TLS there, this server does not
  ])('says why it may not be reached by PUBLIC_URL=%s', async (address) => {
    const { code, said } = await ended({ AUTH: 'none', PUBLIC_URL: address, WETREAD_DATA: newFolder() });
    expect(code).toBe(1);
    expect(said).toContain(`PUBLIC_URL=${address} would open the server beyond this machine`);
    expect(said).toContain('AUTH=none lets everybody do everything');
    expect(said).not.toContain('    at ');
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000/reading', 'http://[::1]:3000'])(
    'starts where PUBLIC_URL is %s',
    async (address) => {
      const wetread = await Wetread.start({ PUBLIC_URL: address });
      expect((await wetread.fetch('/health')).status).toBe(200);
      await wetread.remove();
    },
  );
});

describe('A server that starts', () => {
  it('without any setting asks for tokens, and prints by what code the first account is made', async () => {
    const server = begin({ WETREAD_DATA: newFolder(), DATABASE_URL: await newDatabase() });
    try {
      server.stderr.resume();
      let said = '';
      server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      const [, url, code] = await eventually(
        () =>
          Promise.resolve(
            /^wetread is ready at (\S+)\nThere is no account yet\..* with the code (\S+) \(good once\); then `npm run login` gives a token\.\n/.exec(
              said,
            ) ?? undefined,
          ),
        'the code',
      );
      expect((await fetch(`${url}/fhir/Patient`)).status).toBe(401);
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ live: true, ready: true, status: 'ok' });
      const make = (given: string) =>
        fetch(`${url}/oauth/first-admin`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ code: given, username: 'ada', name: 'Ada', password: 'a long enough password' }),
        });
      expect((await make('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA')).status).toBe(403);
      expect((await make(code)).status).toBe(201);
      expect((await make(code)).status).toBeGreaterThanOrEqual(400);
    } finally {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
  });

  it('prints the port it took, and what it serves there is whole', async () => {
    const server = begin({ AUTH: 'none', WETREAD_DATA: newFolder(), DATABASE_URL: await newDatabase() });
    try {
      server.stderr.resume();
      const [text] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
      const [, url] = /^wetread is ready at (http:\/\/127\.0\.0\.1:[1-9]\d+)\n/.exec(text) ?? [];
      const get = async (path: string) => {
        const answer = await fetch(`${url}${path}`);
        return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
      };
      expect(await get('/health/live')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
      expect(await get('/health/ready')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
      expect(JSON.parse((await get('/health')).text)).toMatchObject({
        live: true,
        ready: true,
        checks: { database: { ok: true }, storage: { ok: true }, inference: { ok: true, refusedModels: [] } },
      });
      const metrics = await get('/metrics');
      expect(metrics).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/plain; ?version=0\.0\.4/) });
      expect(metrics.text).toMatch(/^# TYPE wetread_http_request_seconds histogram$/m);
      expect(metrics.text).toMatch(/^wetread_http_request_seconds_count\{method="GET",route="\/health\/live",status="200"\} 1$/m);
      for (const line of metrics.text.trimEnd().split('\n'))
        expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? (-?[\d.e+-]+|NaN|[+-]Inf))?$/);
      expect(await get('/docs')).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/html/) });
      const { openapi, paths } = JSON.parse((await get('/docs/openapi.json')).text) as { openapi: string; paths: object };
      expect(openapi).toMatch(/^3\./);
      expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/dicom-web/studies', '/fhir/{type}/{id}', '/health', '/metrics']));
      expect(await get('/nothing')).toMatchObject({ status: 404, type: expect.stringMatching(/^application\/problem\+json/) });
    } finally {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    expect(server.exitCode).toBe(0);
  });
});

describe('A server with its own Postgres', () => {
  const phantom = aPhantom();
  let wetread: Wetread;
  beforeAll(async () => {
    wetread = await Wetread.start({}, { embedded: true });
    await wetread.store(phantom.bytes);
    await reportOf(wetread, phantom.studyInstanceUID);
  });
  afterAll(() => wetread.remove());

  const isThere = async ({ path, sha256: wanted }: TestInstance): Promise<boolean> => {
    const answer = await wetread.fetch(path, { headers: { accept: 'application/dicom' } });
    return answer.ok && sha256(Buffer.from(await answer.arrayBuffer())) === wanted;
  };
  /** Its processes: supervisor, Postgres and its workers, engine. Postgres daemonises nothing: all are below the server. */
  const processes = (): number[] => childrenOf(wetread.pid).map(({ pid }) => pid);
  const noneOf = (pids: readonly number[]) =>
    eventually(() => Promise.resolve(pids.some(isRunning) ? undefined : true), 'end of all its processes', 15_000);

  it('keeps another from its data folder, and says who has it', async () => {
    const { code, said } = await ended({ WETREAD_DATA: wetread.folder });
    expect(code).toBe(1);
    expect(said).toContain(`The data folder ${wetread.folder} is already in use by another wetread server (pid ${wetread.pid})`);
    expect((await wetread.fetch('/health/ready')).status).toBe(200);
  });

  it('is killed, leaves no process, and starts again within seconds with all it acknowledged', async () => {
    const instances = Array.from({ length: 8 }, () => aChestXray({ BodyPartExamined: 'HAND' }));
    const pids = processes();
    expect(childrenOf(wetread.pid).filter(({ command }) => /postgres/.test(command)).length).toBeGreaterThan(3);
    const answers = instances.map((one) =>
      wetread.store(one.bytes).then(
        ({ status }) => status,
        () => undefined,
      ),
    );
    await Promise.race(answers); // some are acknowledged, some are under way
    await wetread.kill();
    const statuses = await Promise.all(answers);
    const acknowledged = instances.filter((_, i) => statuses[i] === 200);
    await noneOf(pids);
    const began = performance.now();
    await wetread.launch();
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const one of acknowledged) expect(await isThere(one)).toBe(true);
    expect((await reportOf(wetread, phantom.studyInstanceUID)).status).toBe('preliminary');
    expect((await wetread.store(...instances.map(({ bytes }) => bytes))).status).toBe(200);
  });

  it('starts again at once though its killed Postgres is still on its way out', async () => {
    await wetread.kill();
    await wetread.launch();
    expect((await wetread.fetch('/health/ready')).status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes by %s what is in flight, takes nothing new, leaves no process, and keeps its data',
    async (signal) => {
      const pids = processes();
      const server = wetread.pid;
      const instance = aChestXray({ BodyPartExamined: 'HAND' });
      const body = multipartBody([instance.bytes]);
      const agent = new Agent({ keepAlive: true }); // a client that would like to go on
      const slow = request(`${wetread.url}/dicom-web/studies`, {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'multipart/related; type="application/dicom"; boundary=frontier',
          accept: 'application/dicom+json',
          'content-length': body.length,
        },
      });
      slow.write(body.subarray(0, 700));
      await sleep(300);
      process.kill(server, signal);
      await eventually(
        () =>
          wetread.fetch('/health/live').then(
            () => undefined,
            () => true,
          ),
        'end of listening',
      );
      expect(isRunning(server)).toBe(true);
      slow.end(body.subarray(700));
      const [answer] = (await once(slow, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(200);
      answer.resume();
      await noneOf([server, ...pids]);
      agent.destroy();
      expect(wetread.log.join('')).toContain(`"why":"${signal}"`);
      await wetread.launch();
      expect(await isThere(instance)).toBe(true);
      expect((await reportOf(wetread, phantom.studyInstanceUID)).status).toBe('preliminary');
    },
  );

  it('leaves no pid file of its own when it stopped', async () => {
    expect(JSON.parse(readFileSync(join(wetread.folder, 'server.lock'), 'utf8'))).toMatchObject({ pid: wetread.pid });
    expect(await wetread.stop()).toBe(0);
    expect(() => readFileSync(join(wetread.folder, 'server.lock'))).toThrow('ENOENT');
  });
});
