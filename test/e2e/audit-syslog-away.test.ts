import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aCertificate } from './a-certificate.js';
import { childrenOf } from './processes.js';
import { SyslogReceiver } from './syslog-receiver.js';
import { eventually, Wetread } from './wetread.js';

/** More than lies in the buffers between the two: what is sent waits for a receiver that is slow. */
const BACKLOG = 20_000;
const certificate = aCertificate(mkdtempSync(join(tmpdir(), 'wetread-syslog-away-')), 'receiver');

let receiver: SyslogReceiver;
let wetread: Wetread;
beforeAll(async () => {
  receiver = await SyslogReceiver.listen({ cert: certificate.pem, key: readFileSync(certificate.TLS_KEY_FILE) });
  receiver.restMs = 40;
  wetread = await Wetread.start(
    { AUDIT_SYSLOG: `tls://localhost:${receiver.port}`, AUDIT_SYSLOG_CA_FILE: certificate.TLS_CERT_FILE },
    { embedded: true },
  );
  await wetread.json('/fhir/StructureDefinition?_count=1', 'application/fhir+json');
  await eventually(async () => (receiver.messages.length > 0 ? true : undefined), 'first message');
}, 60_000);
afterAll(async () => {
  await wetread.remove();
  await receiver.close();
});

const columns = 'event, occurred_at, tenant, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome, sealed';

it('A server whose Postgres is killed while it sends audit messages goes on, and sends them all', async () => {
  const server = wetread.pid;
  const before = receiver.messages.length;
  await wetread.sql(
    `WITH copy AS (INSERT INTO ledger_record (${columns}) SELECT ${columns} FROM (SELECT * FROM ledger_record ORDER BY id DESC LIMIT 1) r,
       generate_series(1, ${BACKLOG}) RETURNING id)
     INSERT INTO ledger_unlinked (record_id) SELECT id FROM copy`,
  );
  await eventually(async () => (receiver.messages.length > before + 300 ? true : undefined), 'some hundred messages');
  await sleep(2_000); // the buffers are full
  expect(receiver.messages.length).toBeLessThan(BACKLOG); // there is more to send
  receiver.restMs = 4; // it takes more, and Postgres is not there when the next are asked for
  await eventually(async () => {
    killPostgres(server);
    return wetread.log.join('').includes('audit.not-sent') ? true : undefined;
  }, 'failure to send');
  receiver.restMs = 0;
  const last = await eventually(
    async () => {
      const [seen] = await wetread
        .sql<{ records: number; taken: number }>(
          `SELECT (SELECT count(*)::int FROM ledger_record) AS records, (SELECT max(sent_seq)::int FROM audit_forwarding) AS taken`,
        )
        .catch(() => [{ records: -1, taken: 0 }]);
      return seen.taken === seen.records ? seen.taken : undefined;
    },
    'end of what is to be sent',
    240_000,
  );
  expect(last).toBeGreaterThan(BACKLOG);
  const sequences = new Set(receiver.messages.map(({ sequence }) => sequence));
  expect([sequences.size, Math.max(...sequences)]).toEqual([last, last]);
  expect([wetread.pid, (await wetread.fetch('/health/live')).status]).toEqual([server, 200]);
}, 360_000);

/** Each of its processes, as the kernel's killer does; the server starts it again. */
function killPostgres(server: number): void {
  for (const { pid, command } of childrenOf(server))
    try {
      if (/^postgres: |^\S*bin\/postgres -D/.test(command)) process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with the others.
    }
}
