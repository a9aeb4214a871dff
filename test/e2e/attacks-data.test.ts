import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { aChestXray, newUid } from './instances.js';
import { graph } from './phantoms.js';
import { Wetread } from './wetread.js';

/** What stands in data and searches does nothing but what it says. */
const NAME = 'Quixote^Alonso';
const image = aChestXray({ PatientID: 'LA-MANCHA-1605', PatientName: NAME });

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(image.bytes);
});
afterAll(() => wetread.remove());

const post = (path: string, body: string, type = 'application/fhir+json') =>
  wetread.fetch(path, { method: 'POST', headers: { 'content-type': type, accept: 'application/fhir+json' }, body });

describe('SQL in a search', () => {
  const SLEEPS = [
    `'; SELECT pg_sleep(20)--`,
    `') OR (SELECT pg_sleep(20)) IS NULL--`,
    `1 AND (SELECT 1 FROM pg_sleep(20))`,
    `\\'; DROP TABLE resource;--`,
  ];

  it.each(SLEEPS)('is looked for as a text, and not done: %s', async (sql) => {
    const text = encodeURIComponent(sql);
    const began = performance.now();
    for (const path of [
      `/fhir/Patient?name=${text}`,
      `/fhir/Patient?identifier=${text}`,
      `/fhir/Patient?birthdate=${text}`,
      `/fhir/Observation?value-quantity=${text}`,
      `/fhir/Observation?subject=${text}`,
      `/fhir/Patient?_sort=${text}`,
      `/fhir/Patient?_count=${text}`,
      `/fhir/Patient?_id=${text}`,
      `/fhir/Patient?_content=${text}`,
      `/fhir/Patient?${text}=1`,
      `/fhir/AuditEvent?agent=${text}`,
      `/dicom-web/studies?PatientName=${text}`,
      `/dicom-web/studies?StudyDate=${text}`,
      `/dicom-web/instances?00100020=${text}`,
      `/dicom-web/studies?limit=${text}`,
      `/dicom-web/studies/${text}/metadata`,
      `/dicom-web/workitems?WorklistLabel=${text}`,
    ])
      expect([path, (await wetread.fetch(path)).status]).toEqual([path, expect.any(Number)]);
    const quoted = JSON.stringify(sql);
    await graph(
      wetread,
      `{ studies(filter: { text: ${quoted}, patientID: ${quoted} }) { edges { node { id } } } report(id: ${quoted}) { id } }`,
    );
    expect(performance.now() - began).toBeLessThan(15_000); // one that slept would take longer
    const { total } = await wetread.json<{ total: number }>('/fhir/Patient?_summary=count');
    expect(total).toBe(1);
  });

  it('and patterns that are dear to match end as soon as others', async () => {
    const dear = `${'a*'.repeat(2_000)}b`;
    const began = performance.now();
    for (const path of [
      `/dicom-web/studies?PatientName=${dear}&fuzzymatching=true`,
      `/dicom-web/studies?PatientName=${encodeURIComponent('%_'.repeat(1_000))}`,
      `/fhir/Patient?name:contains=${'a'.repeat(4_000)}`,
    ])
      expect((await wetread.fetch(path)).status).toBeLessThan(500);
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe('A resource', () => {
  it('of 100,000 open elements is refused, and nothing is fetched or included', async () => {
    const deep = `<Patient xmlns="http://hl7.org/fhir">${'<extension url="x">'.repeat(100_000)}`;
    expect((await post('/fhir/Patient', deep, 'application/fhir+xml')).status).toBe(400);
    const include =
      '<Patient xmlns="http://hl7.org/fhir" xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></Patient>';
    const answer = await post('/fhir/Patient', include, 'application/fhir+xml');
    expect([answer.status < 500 && answer.status >= 400, (await answer.text()).includes('root:')]).toEqual([true, false]);
  });

  it('with 50,000 entries is done within bounds or refused, and the server goes on', async () => {
    const entry = Array.from({ length: 50_000 }, () => ({ request: { method: 'GET', url: 'Patient?_count=0' } }));
    const { status } = await post('/fhir', JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }));
    expect([200, 400, 413, 422]).toContain(status);
    expect((await wetread.fetch('/health/live')).status).toBe(200);
  }, 60_000);
});

describe('A DICOM file', () => {
  it('whose lengths and bytes lie is refused or kept as it is, and spoils nothing', async () => {
    let seed = 1605;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const files = Array.from({ length: 300 }, () => {
      const bytes = Buffer.from(aChestXray().bytes);
      const at = 132 + random(Math.min(bytes.length - 140, 1_200));
      // A length of the size of the world, one beyond the end, one that is none.
      bytes.writeUInt32LE([0xffff_ffff, 0x7fff_fff0, bytes.length + 1, random(70_000), 0][random(5)], at);
      return bytes;
    });
    for (let i = 0; i < files.length; i += 30) expect((await wetread.store(...files.slice(i, i + 30))).status).toBeLessThan(500);
    const whole = aChestXray();
    expect((await wetread.store(whole.bytes)).stored).toHaveLength(1);
    const kept = await wetread.fetch(`/dicom-web/studies/${image.studyInstanceUID}/metadata`, {
      headers: { accept: 'application/dicom+json' },
    });
    expect(await kept.text()).toContain(NAME);
  }, 60_000);

  it('that says that its pixels lie at an address has nobody ask there', async () => {
    let asked = 0;
    const elsewhere = createServer((_request, response) => {
      asked += 1;
      response.end('x');
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    const { port } = elsewhere.address() as { port: number };
    const dataset = {
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.1.1'] },
      '00080018': { vr: 'UI', Value: [newUid()] },
      '0020000D': { vr: 'UI', Value: [newUid()] },
      '0020000E': { vr: 'UI', Value: [newUid()] },
      '7FE00010': { vr: 'OW', BulkDataURI: `http://127.0.0.1:${port}/pixels` },
    };
    const boundary = 'x';
    const body = `--${boundary}\r\nContent-Type: application/dicom+json\r\n\r\n${JSON.stringify([dataset])}\r\n--${boundary}--\r\n`;
    const answer = await wetread.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: {
        'content-type': `multipart/related; type="application/dicom+json"; boundary=${boundary}`,
        accept: 'application/dicom+json',
      },
      body,
    });
    expect(answer.status).toBeLessThan(500);
    await new Promise((done) => setTimeout(done, 500));
    elsewhere.close();
    expect([asked, answer.status >= 400]).toEqual([0, true]);
  });
});

it('The log names nobody, whatever was asked and whatever failed', async () => {
  await wetread.fetch(`/fhir/Patient?name=Quixote&identifier=LA-MANCHA-1605&_sort=nothing`);
  await wetread.fetch(`/dicom-web/studies?PatientName=${NAME}&limit=x`);
  await post('/fhir/Patient', '{"resourceType":"Patient","name":[{"family":"Quixote","given":5}]}');
  await wetread.fetch('/fhir/Patient/Quixote');
  const said = wetread.log.join('');
  expect(said).toContain('server.ready');
  expect(said).not.toMatch(/Quixote|Alonso|LA-MANCHA/);
});
