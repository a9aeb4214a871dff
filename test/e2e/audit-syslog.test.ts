import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { aCertificate } from './a-certificate.js';
import { aChestXray } from './instances.js';
import { idle } from './phantoms.js';
import { SyslogReceiver } from './syslog-receiver.js';
import { eventually, Wetread } from './wetread.js';

const folder = (name: string): string => mkdtempSync(join(tmpdir(), `wetread-syslog-${name}-`));
const [receiverFolder, ownFolder, strangerFolder] = ['receiver', 'own', 'stranger'].map(folder);
const receivers = aCertificate(receiverFolder, 'receiver');
const own = aCertificate(ownFolder, 'wetread');
const stranger = aCertificate(strangerFolder, 'stranger');
const trusting = {
  cert: receivers.pem,
  key: readFileSync(receivers.TLS_KEY_FILE),
  ca: own.pem,
  requestCert: true,
  rejectUnauthorized: true,
};

let receiver: SyslogReceiver;
let wetread: Wetread;
const image = aChestXray({ PatientID: 'SYSLOG', PatientName: 'Quixote^Alonso', BodyPartExamined: 'HAND' });
beforeAll(async () => {
  receiver = await SyslogReceiver.listen(trusting);
  wetread = await Wetread.start({
    AUDIT_SYSLOG: `tls://localhost:${receiver.port}`,
    AUDIT_SYSLOG_CA_FILE: receivers.TLS_CERT_FILE,
    AUDIT_SYSLOG_CERT_FILE: own.TLS_CERT_FILE,
    AUDIT_SYSLOG_KEY_FILE: own.TLS_KEY_FILE,
  });
  await wetread.store(image.bytes);
  await idle(wetread);
});
afterAll(async () => {
  await wetread.remove();
  await receiver.close();
});

/** Waits until the receiver has taken the whole chain, and every record is in it. */
const sent = async (): Promise<number> =>
  eventually(
    async () => {
      const [{ records, links, taken }] = await wetread.sql<{ records: number; links: number; taken: number }>(
        `SELECT (SELECT count(*)::int FROM ledger_record) AS records, (SELECT count(*)::int FROM ledger_link) AS links,
              (SELECT coalesce(max(sent_seq), 0)::int FROM audit_forwarding) AS taken`,
      );
      return links === records && taken === links ? taken : undefined;
    },
    'end of what is to be sent',
    90_000,
  );
const sequences = () => receiver.messages.map(({ sequence }) => sequence);
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
const search = () => wetread.fetch('/dicom-web/studies?PatientName=Quixote*', { headers: { accept: 'application/dicom+json' } });

/** The elements of an audit message: name and attributes; a text that is no XML throws. */
function elements(text: string): [name: string, attributes: Record<string, string>][] {
  const found: [string, Record<string, string>][] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => found.push([name, attributes as Record<string, string>]));
  parser.write(text).close();
  return found;
}

describe('The receiver of audit messages', () => {
  it('is sent every record once, in the order of the chain, in well-formed messages over a connection that both have proved', async () => {
    await search();
    const last = await sent();
    expect(sequences()).toEqual(upTo(last));
    expect(receiver.wrong).toEqual([]);
    for (const { priority, app, id, text } of receiver.messages) {
      expect([priority, app, id]).toEqual([85, 'wetread', 'DICOM+RFC3881']); // PS3.15 A.6: facility 10, severity 5
      expect(elements(text)[0][0]).toBe('AuditMessage');
    }
    expect(receiver.messages.map(({ text }) => text).join('')).not.toMatch(/Quixote|SYSLOG/);
  });

  it('is told of a query as PS3.15 A.5.3.10 has it: what, who, from where, whose', async () => {
    const message = receiver.messages.find(({ text }) => text.includes('csd-code="110112"'))?.text ?? '';
    const all = elements(message);
    const attributes = (name: string) => all.filter(([one]) => one === name).map(([, given]) => given);
    expect(attributes('EventIdentification')).toMatchObject([{ EventActionCode: 'E', EventOutcomeIndicator: '0' }]);
    expect(attributes('EventID')).toEqual([{ 'csd-code': '110112', codeSystemName: 'DCM', originalText: 'Query' }]);
    expect(attributes('EventTypeCode')).toMatchObject([{ 'csd-code': 'RAD-129', codeSystemName: 'IHE Transactions' }]);
    expect(attributes('ActiveParticipant')).toMatchObject([
      { UserID: 'local', UserIsRequestor: 'true' },
      { UserIsRequestor: 'false', NetworkAccessPointTypeCode: '2' },
      { UserID: 'wetread', NetworkAccessPointID: wetread.url, NetworkAccessPointTypeCode: '5' },
    ]);
    expect(attributes('AuditSourceIdentification')).toEqual([{ AuditSourceID: 'wetread' }]);
    expect(attributes('ParticipantObjectIdentification')).toMatchObject([
      {},
      { ParticipantObjectID: expect.stringMatching(/^Patient\//), ParticipantObjectTypeCode: '1', ParticipantObjectTypeCodeRole: '1' },
      { ParticipantObjectTypeCode: '2', ParticipantObjectTypeCodeRole: '24' },
    ]);
    const query = /<ParticipantObjectQuery>([^<]+)</.exec(message)?.[1] ?? '';
    expect(Buffer.from(query, 'base64').toString()).toBe('studies?PatientName=Quixote*');
  });

  it('is told of a record that cannot be read that it is one, and is sent those after it', async () => {
    const [{ id }] = await wetread.sql<{ id: number }>(
      `WITH record AS (INSERT INTO ledger_record (event, occurred_at, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome)
       VALUES ('no JSON', now(), 'x', '', 'R', 'rest', 'read', 'Patient', 'p1', '{}', 0) RETURNING id::int), mark AS (INSERT INTO ledger_unlinked SELECT id FROM record)
       SELECT id FROM record`,
    );
    await search();
    const last = await sent();
    expect(sequences()).toEqual(upTo(last));
    const [{ seq }] = await wetread.sql<{ seq: number }>('SELECT seq::int FROM ledger_link WHERE record_id = $1', [id]);
    const { text } = receiver.messages[seq - 1];
    expect(elements(text)[1]).toMatchObject(['EventIdentification', { EventOutcomeIndicator: '8' }]);
    expect(text).toContain('ParticipantObjectID="Patient/p1"');
  });

  it('is sent what it missed while it was away, or broke off before it took it, and the server goes on meanwhile', async () => {
    const { port } = receiver;
    const before = await sent();
    await receiver.close();
    for (let i = 0; i < 40; i++) expect((await search()).status).toBe(200);
    const anew = await SyslogReceiver.listen(trusting, port);
    anew.messages.push(...receiver.messages);
    anew.breakAfterBytes = 2_000;
    receiver = anew;
    await eventually(async () => (anew.connections > 0 ? true : undefined), 'connection');
    anew.breakAfterBytes = Infinity;
    const last = await sent();
    expect(last).toBeGreaterThanOrEqual(before + 40);
    expect([...new Set(sequences())].sort((a, b) => a - b)).toEqual(upTo(last)); // at least once
    expect(wetread.log.join('')).toContain('audit.not-sent');
    expect(wetread.log.join('')).not.toMatch(/Quixote|SYSLOG/);
  });

  it('is sent what was left by a server that was killed, from where it had taken them', async () => {
    await search();
    await wetread.kill();
    await wetread.sql(`UPDATE audit_forwarding SET lease_until = now()`); // who is dead gives nothing back: half a minute
    await wetread.launch();
    await search();
    const last = await sent();
    expect([...new Set(sequences())].sort((a, b) => a - b)).toEqual(upTo(last));
    const metrics = await (await wetread.fetch('/metrics')).text();
    expect(metrics).toMatch(/wetread_audit_unsent_records \d+/);
  });

  it('gets nothing where it cannot prove who it is', async () => {
    const { port } = receiver;
    await receiver.close();
    const other = await SyslogReceiver.listen({ cert: stranger.pem, key: readFileSync(stranger.TLS_KEY_FILE) }, port);
    const failures = () => wetread.log.join('').split('audit.not-sent').length;
    const before = failures();
    await search();
    await eventually(async () => (failures() > before ? true : undefined), 'refusal');
    await other.close();
    expect(other.messages).toEqual([]);
    receiver = await SyslogReceiver.listen(trusting, port);
    await sent();
  });

  it('is sent none twice where a number of the chain is missing', async () => {
    const { port } = receiver;
    const before = await sent();
    await receiver.close();
    for (let i = 0; i < 130; i++) expect((await search()).status).toBe(200);
    const ends = () =>
      wetread.sql<{ last: number; taken: number }>(
        `SELECT (SELECT max(seq)::int FROM ledger_link) AS last, (SELECT max(sent_seq)::int FROM audit_forwarding) AS taken`,
      );
    const last = await eventually(async () => (await ends()).find((one) => one.last >= before + 130)?.last, 'chain');
    await wetread.sql(`ALTER TABLE ledger_link DISABLE TRIGGER ALL; DELETE FROM ledger_link WHERE seq = ${before + 5}`);
    receiver = await SyslogReceiver.listen(trusting, port);
    await eventually(async () => (await ends()).find(({ taken }) => taken >= last), 'end of what is to be sent', 90_000);
    expect(sequences().filter((seq) => seq > before && seq <= last)).toEqual(
      upTo(last).filter((seq) => seq > before && seq !== before + 5),
    );
  });
});
