import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LedgerEvent } from '../../src/ledger/ledger-event.js';
import { aChestXray, withOtherPixels } from './instances.js';
import { aPhantom, found, graph, reportOf } from './phantoms.js';
import { numbered } from '../../src/ledger/canonical-text.js';
import { canonicalEvent } from '../../src/ledger/chain.js';
import { eventually, Wetread } from './wetread.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
const phantom = aPhantom({ seed: 4_711 });
const hand = aChestXray({
  BodyPartExamined: 'HAND',
  PatientName: 'Quixotic^Hidalgo',
  PatientID: 'MRN-5551234',
  PatientBirthDate: '19320229',
  AccessionNumber: 'ACC-98765',
  ReferringPhysicianName: 'Panza^Sancho',
});
const aHash: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
const SECRETS = [
  'Phantom^Chest',
  'Phantom Chest',
  phantom.patientID,
  phantom.patientBirthDate,
  `${phantom.patientBirthDate.slice(0, 4)}-${phantom.patientBirthDate.slice(4, 6)}-${phantom.patientBirthDate.slice(6)}`,
  phantom.accessionNumber,
  'Quixotic',
  'Hidalgo',
  'MRN-5551234',
  '19320229',
  '1932-02-29',
  'ACC-98765',
  'Panza',
  phantom.studyInstanceUID,
  phantom.sopInstanceUID,
  hand.studyInstanceUID,
  hand.sopInstanceUID,
];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' }, { embedded: true });
  await wetread.store(phantom.bytes, hand.bytes, withOtherPixels(hand).bytes, Buffer.from('no DICOM: Quixotic'));
  const report = await reportOf(wetread, phantom.studyInstanceUID);
  await wetread.fetch(`/fhir/DiagnosticReport/${report.id}`);
  await found(wetread, `Patient?identifier=${phantom.patientID}`);
  await graph(wetread, '{ reports { edges { node { id study { patientName } } } } }');
  await wetread.json(`/dicom-web/studies?PatientName=Quixotic*`);
  // What fails must not quote what was asked for.
  await wetread.fetch('/fhir/Patient?name=Quixotic&birthdate=1932-02-29');
  await wetread.fetch('/dicom-web/studies/MRN-5551234/metadata');
  await graph(wetread, '{ study(studyInstanceUID: "MRN-5551234") { id } reports(after: "Quixotic") { edges { cursor } } }');
  await wetread.fetch(hand.path, { headers: { accept: 'application/dicom' } });
  await eventually(
    async () => (/wetread_work_items\{.*\} [1-9]/.test(await (await wetread.fetch('/metrics')).text()) ? undefined : true),
    'end of the work',
  );
});
afterAll(() => wetread.remove());

async function check(): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [CHECK], {
    env: { PATH: process.env['PATH'], WETREAD_DATA: wetread.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said: said.join('') };
}

describe('After a walk through the server', () => {
  let events: LedgerEvent[] = [];
  beforeAll(async () => {
    events = (await wetread.sql<{ event: string }>('SELECT event FROM ledger_record ORDER BY id')).map(
      ({ event }) => JSON.parse(event) as LedgerEvent,
    );
  });
  const of = (action: string) => events.filter((one) => one.action === action);

  it('everything is on record: received, refused, read, not read, reported, fetched', () => {
    expect(of('instance.received').length).toBeGreaterThanOrEqual(2);
    expect(of('instance.refused').map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['instance-conflict', expect.stringMatching(/part10|dicom/)]),
    );
    expect(of('image.read')).toMatchObject([
      {
        actor: 'wetread',
        changes: {
          model: { name: 'chest-pneumonia', version: expect.stringMatching(/^\d+$/), sha256: aHash, cardSha256: aHash },
          software: { version: expect.any(String), sha256: aHash },
          input: { fileSha256: createHash('sha256').update(phantom.bytes).digest('hex'), frame: 1, tensorSha256: aHash },
          provider: 'cpu',
          preparation: { sha256: aHash, parameters: { rows: 192, columns: 192 } },
          thresholds: {
            classes: [{ code: 'no-pneumonia-found' }, { code: '233604007', operating: expect.any(Number), referral: expect.any(Number) }],
          },
          outputs: { logits: expect.any(Array), attentionMap: { sha256: aHash } },
          outputsSha256: aHash,
        },
      },
    ]);
    expect(of('image.not-read')).toMatchObject([{ reason: expect.stringMatching(/\w/) }]);
    expect(of('report.issued')).toMatchObject([{ entity: { type: 'DiagnosticReport', version: 1 } }]);
    expect(new Set(of('data.fetched').map(({ entity }) => entity.type))).toEqual(
      new Set(['DiagnosticReport', 'ImagingStudy', 'Patient', 'report', 'search', 'study']),
    );
    for (const { actor, entity } of events) expect([actor, entity.type, entity.id].every((one) => one !== '')).toBe(true);
  });

  it('nobody is named: no name, number, date of birth nor UID in ledger, log and metrics', async () => {
    const metrics = await (await wetread.fetch('/metrics')).text();
    const leaks = (where: string, text: string) => SECRETS.filter((secret) => text.includes(secret)).map((secret) => `${where}: ${secret}`);
    expect(wetread.log.join('').length).toBeGreaterThan(200);
    expect([...leaks('ledger', JSON.stringify(events)), ...leaks('log', wetread.log.join('')), ...leaks('metrics', metrics)]).toEqual([]);
  });

  it('its log is events: one line of JSON each, with time and name', () => {
    for (const line of wetread.log.join('').trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        event: expect.stringMatching(/^[a-z-]+\.[a-z-]+$/),
      });
  });

  it('each record is written in the canonical form that the chain takes as it is, whichever way it was written', async () => {
    const rows = await wetread.sql<{ event: string }>('SELECT event FROM ledger_record ORDER BY id');
    const others = rows.filter(({ event }) => numbered(event, 1) === undefined).map(({ event }) => event);
    // Fractions are left to the long way, which makes of it what is there.
    for (const event of others) expect(canonicalEvent(JSON.parse(event))).toBe(event);
    expect(others.filter((event) => !/\d\.\d/.test(event))).toEqual([]);
  });

  it('the chain is whole: beside the running server, and after it stopped', async () => {
    expect(await check()).toMatchObject({ code: 0, said: expect.stringMatching(/whole: [1-9]\d* records/) });
    const beside = (await wetread.fetch('/health/ready')).status;
    expect(beside).toBe(200);
    expect(await wetread.stop()).toBe(0);
    expect(await check()).toMatchObject({ code: 0, said: expect.stringMatching(/whole: [1-9]\d* records/) });
  });
});
