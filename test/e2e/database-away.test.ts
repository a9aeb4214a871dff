import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aChestXray, type TestInstance } from './instances.js';
import { childrenOf } from './processes.js';
import { Way } from './way-to-postgres.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models

const storeOne = (wetread: Wetread, { bytes }: TestInstance): Promise<Response> =>
  wetread.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': 'application/dicom' }, body: bytes });
const isThere = async (wetread: Wetread, one: TestInstance): Promise<boolean> => {
  const answer = await wetread.fetch(one.path, { headers: { accept: 'application/dicom' } });
  return answer.ok && Buffer.from(await answer.arrayBuffer()).equals(one.bytes);
};

const putPatient = (wetread: Wetread, id: string): Promise<Response> =>
  wetread.fetch(`/fhir/Patient/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Patient', id, active: true }),
  });

/** Stores one instance after another until told to stop; answers those that were acknowledged and every other status. */
function sender(wetread: Wetread): { stop(): Promise<{ acknowledged: TestInstance[]; others: Set<number> }> } {
  const acknowledged: TestInstance[] = [];
  const others = new Set<number>();
  let going = true;
  const sending = (async () => {
    while (going) {
      const one = aChestXray(HAND);
      const { status } = await storeOne(wetread, one);
      if (status === 200) acknowledged.push(one);
      else others.add(status);
    }
  })();
  return {
    async stop() {
      going = false;
      await sending;
      return { acknowledged, others };
    },
  };
}

async function servedAgain(wetread: Wetread): Promise<void> {
  await eventually(async () => ((await wetread.fetch('/health/ready')).status === 200 ? true : undefined), 'readiness');
  const one = aChestXray(HAND);
  expect((await storeOne(wetread, one)).status).toBe(200);
  expect(await isThere(wetread, one)).toBe(true);
}

describe('An outside Postgres that stops and comes back', () => {
  let wetread: Wetread;
  let way: Way;
  beforeAll(async () => {
    const url = await newDatabase();
    const by = await Way.to(url);
    way = by.way;
    wetread = await Wetread.start({ DATABASE_URL: by.url });
  });
  afterAll(async () => {
    await wetread.remove();
    await way.cut();
  });

  it('is told by 503 and Retry-After; nothing acknowledged is lost, and the server goes on without a restart', async () => {
    const sending = sender(wetread);
    const before = aChestXray(HAND);
    expect((await storeOne(wetread, before)).status).toBe(200);
    await way.cut();
    const refused = await storeOne(wetread, aChestXray(HAND));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'database-away' });
    expect((await wetread.fetch(before.path)).status).toBe(503);
    expect((await wetread.fetch('/dicom-web/studies')).status).toBe(503);
    expect((await wetread.fetch('/health')).status).toBe(503);
    expect((await wetread.fetch('/health/live')).status).toBe(200);
    await way.open();
    await servedAgain(wetread);
    const { acknowledged, others } = await sending.stop();
    expect([...others]).toEqual([503]);
    for (const one of [before, ...acknowledged]) expect(await isThere(wetread, one)).toBe(true);
  });
});

describe('An outside Postgres that hangs', () => {
  let wetread: Wetread;
  let way: Way;
  beforeAll(async () => {
    const by = await Way.to(await newDatabase());
    way = by.way;
    wetread = await Wetread.start({ DATABASE_URL: by.url });
  });
  afterAll(async () => {
    way.goOn();
    await wetread.remove();
    await way.cut();
  });

  it('is told by 503 within seconds, by who waits and at once by who comes; when it goes on, so does the server', async () => {
    const before = aChestXray(HAND);
    expect((await storeOne(wetread, before)).status).toBe(200);
    way.hang();
    const began = performance.now();
    const waiting = [wetread.fetch(before.path), storeOne(wetread, aChestXray(HAND)), wetread.fetch('/fhir/Patient')];
    for (const answer of await Promise.all(waiting)) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      await answer.arrayBuffer();
    }
    expect(performance.now() - began).toBeLessThan(15_000); // Postgres' own time limit for a statement is twice that
    await eventually(async () => {
      expect((await wetread.fetch('/dicom-web/studies')).status).toBe(503);
      return wetread.log.join('').includes('"database.hangs"') || undefined;
    }, 'word of it in the log');
    const next = performance.now();
    expect((await wetread.fetch('/dicom-web/studies')).status).toBe(503);
    expect((await wetread.fetch('/health/live')).status).toBe(200);
    expect(performance.now() - next).toBeLessThan(2_000);
    way.goOn();
    await servedAgain(wetread);
    expect(await isThere(wetread, before)).toBe(true);
  }, 60_000);

  it('is told so over connections that were in use for long, too, by many at once', async () => {
    const before = aChestXray(HAND);
    expect((await storeOne(wetread, before)).status).toBe(200);
    const kinds = [
      () => wetread.fetch(before.path, { headers: { accept: 'application/dicom' } }),
      () => wetread.fetch('/dicom-web/studies?limit=5'),
      () => wetread.fetch('/fhir/Patient?_count=3'),
      () => wetread.fetch('/fhir/Patient/of-nobody'),
      () => storeOne(wetread, aChestXray(HAND)),
      () => putPatient(wetread, `one-of-many-${Math.random().toString(36).slice(2)}`),
    ];
    const all = (times: number) => Promise.all(Array.from({ length: times }).flatMap(() => kinds.map((ask) => ask())));
    for (let round = 0; round < 2; round++) for (const answer of await all(4)) await answer.arrayBuffer();
    way.hang();
    const began = performance.now();
    for (const answer of await all(4)) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      await answer.arrayBuffer();
    }
    expect(performance.now() - began).toBeLessThan(12_000);
    way.goOn();
    await servedAgain(wetread);
    expect(await isThere(wetread, before)).toBe(true);
  }, 60_000);

  it('and one that is slow is waited for', async () => {
    way.delayMs = 250;
    const one = aChestXray(HAND);
    expect((await storeOne(wetread, one)).status).toBe(200);
    expect(await isThere(wetread, one)).toBe(true);
    expect((await wetread.fetch('/fhir/Patient')).status).toBe(200);
    way.delayMs = 0;
  }, 60_000);
});

describe('The embedded Postgres that is killed', () => {
  let wetread: Wetread;
  beforeAll(async () => {
    wetread = await Wetread.start({}, { embedded: true });
  });
  afterAll(() => wetread.remove());

  const postmaster = (): number =>
    childrenOf(wetread.pid).find(({ command }) => /bin\/postgres -D/.test(command) && !/postgres-supervisor/.test(command))?.pid ?? -1;

  it('is started again by the server, which answers 503 meanwhile and loses nothing that it acknowledged', async () => {
    const sending = sender(wetread);
    const [server, killed] = [wetread.pid, postmaster()];
    for (let round = 0; round < 2; round++) {
      const before = aChestXray(HAND);
      expect((await storeOne(wetread, before)).status).toBe(200);
      process.kill(postmaster(), 'SIGKILL');
      await eventually(
        () => Promise.resolve(wetread.log.join('').split('"postgres.restarted"').length > round + 1 || undefined),
        'restart',
      );
      await servedAgain(wetread);
      expect(await isThere(wetread, before)).toBe(true);
    }
    expect(wetread.pid).toBe(server);
    expect(postmaster()).not.toBe(killed);
    const { acknowledged, others } = await sending.stop();
    for (const status of others) expect(status).toBe(503);
    for (const one of acknowledged) expect(await isThere(wetread, one)).toBe(true);
  });

  it('has every look on record that was answered, whenever it was killed', async () => {
    const patient = JSON.stringify({ resourceType: 'Patient', id: 'looked-at', active: true });
    await wetread.fetch('/fhir/Patient/looked-at', { method: 'PUT', headers: { 'content-type': 'application/fhir+json' }, body: patient });
    const given: string[] = [];
    let going = true;
    const readers = Array.from({ length: 8 }, async () => {
      while (going) {
        const answer = await wetread.fetch('/fhir/Patient/looked-at');
        await answer.arrayBuffer();
        if (answer.status === 200) given.push(answer.headers.get('x-request-id') ?? '');
      }
    });
    for (let round = 0; round < 2; round++) {
      const before = given.length;
      await eventually(() => Promise.resolve(given.length > before + 100 || undefined), 'readers');
      const killed = postmaster();
      for (const pid of [killed, ...childrenOf(killed).map((child) => child.pid)]) process.kill(pid, 'SIGKILL'); // as a power cut: nobody writes what is left
      await eventually(
        async () => (postmaster() !== killed && (await wetread.fetch('/health/ready')).status === 200) || undefined,
        'restart',
      );
    }
    going = false;
    await Promise.all(readers);
    const rows = await wetread.sql<{ request: string }>(
      `SELECT event::json ->> 'request' AS request FROM ledger_record WHERE entity_id = 'looked-at'`,
    );
    const recorded = new Set(rows.map(({ request }) => request));
    expect(given.filter((id) => !recorded.has(id))).toEqual([]);
    expect(given.length).toBeGreaterThan(200);
  });

  it('is stopped with the server, started anew or not', async () => {
    const pid = postmaster();
    expect(await wetread.stop()).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
