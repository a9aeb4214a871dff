import { NotPermitted } from '../../../src/access/permits.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../src/access/caller.js';
import { inTenant } from '../../../src/database/scope.js';
import { ROLES } from '../../../src/access/roles.js';
import type { Database } from '../../../src/database/database.js';
import { AccessLog } from '../../../src/ledger/access-log.js';
import { auditEvent } from '../../../src/ledger/audit/audit-event.js';
import { parseAuditSearch } from '../../../src/ledger/audit/audit-search.js';
import { AuditTrail } from '../../../src/ledger/audit/audit-trail.js';
import { RecordOfAccessAbsent } from '../../../src/ledger/audit/faults.js';
import { aCaller } from '../../a-caller.js';
import { aDatabase } from '../../a-database.js';

const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
let database: Database;
let log: AccessLog;
let trail: AuditTrail;
beforeAll(async () => {
  database = await aDatabase();
  log = new AccessLog(database);
  trail = new AuditTrail(database, log);
});
afterAll(() => database.close());

const { search } = parseAuditSearch([], { base: '', lenient: false });
const asked = { names: [], query: 'AuditEvent' };
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'given',
    (fault: Error) => fault.name,
  );
const auditor = aCaller('system', 'system/*.cruds');

describe('Who may read the record of accesses', () => {
  it('is decided by role: regulatory, administrators and systems', async () => {
    const may = await Promise.all(ROLES.map(async (role) => [role, await outcomeOf(trail.search(aCaller(role), search, asked))]));
    expect(may.filter(([, outcome]) => outcome === 'given').map(([role]) => role)).toEqual(['regulatory', 'administrator', 'system']);
    expect(new Set(may.map(([, outcome]) => outcome))).toEqual(new Set(['given', 'NotPermitted']));
  });

  it.each([
    ['user/AuditEvent.rs', 'given'],
    ['user/AuditEvent.r', 'NotPermitted'],
    ['user/Patient.rs', 'NotPermitted'],
    ['patient/AuditEvent.rs', 'NotPermitted'],
    ['user/AuditEvent.rs?patient=Patient/1', 'NotPermitted'],
    ['openid', 'NotPermitted'],
  ])('and by scope: with %s a search is %s', async (scopes, outcome) => {
    expect(await outcomeOf(trail.search(aCaller('regulatory', scopes), search, asked))).toBe(outcome);
  });

  it('a patient may see the accesses to their own data, and no others', async () => {
    const ann = aCaller('patient', 'patient/*.rs', { patient: 'ann' });
    const there = () => Promise.resolve();
    expect(await outcomeOf(trail.ofPatient(ann, 'ann', search, there))).toBe('given');
    await expect(trail.ofPatient(ann, 'bob', search, there)).rejects.toThrow(NotPermitted);
    await expect(trail.ofPatient(aCaller('radiologist'), 'ann', search, there)).rejects.toThrow(NotPermitted);
    expect(await outcomeOf(trail.ofPatient(aCaller('regulatory'), 'ann', search, there))).toBe('given');
  });

  it('sees no other organisation’s', async () => {
    const elsewhere = aCaller('radiologist', 'user/*.rs', { tenant: 2 });
    const look = { caller: elsewhere, entity: { type: 'Patient', id: 'far' }, what: 'resource', patients: ['far'] };
    await inTenant(2, () => log.record(look));
    const of = async (caller: Caller) =>
      (await trail.search(caller, { ...search, count: 1_000 }, asked)).records.filter(({ columns }) => columns.entityId === 'far');
    const [theirs] = await inTenant(2, () => of(aCaller('regulatory', 'user/*.rs', { tenant: 2 })));
    expect(theirs.columns.tenant).toBe(2);
    expect(await of(auditor)).toEqual([]);
    await expect(trail.read(auditor, String(theirs.id))).rejects.toThrow(RecordOfAccessAbsent);
  });
});

describe('An access with a token', () => {
  const emergency = aCaller('radiologist', 'user/*.rs', {
    id: 'user:7',
    client: 'viewer',
    fhirUser: 'Practitioner/7',
    tokenId: 'c187cc48',
    purposeOfUse: 'BTG',
    reason: 'unconscious',
    asking: { door: 'fhir', id: '0c5e7a52-3a63-4d29-8f8e-0d3bd6b0a113', network: '192.0.2.7', address: 'Patient/ann' },
  });
  const last = async () => (await trail.search(auditor, { ...search, count: 1 }, asked)).records[0];

  it('says who by their resource, role, app and token, and why in a code and in their words', async () => {
    await log.record({ caller: emergency, entity: { type: 'Patient', id: 'ann' }, what: 'resource', patients: ['ann'] });
    const told = auditEvent(await last(), 'https://wetread.example');
    expect(told).toMatchObject({
      meta: { profile: [`${BALP}PatientRead`, `${BALP}OAUTHaccessTokenUse.Minimal`] },
      purposeOfEvent: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'BTG' }], text: 'unconscious' }],
      agent: [
        {
          type: {
            coding: [{ code: 'IRCP' }, { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes', code: 'UserOauthAgent' }],
          },
          role: [{ coding: [{ code: 'radiologist' }] }],
          who: { reference: 'Practitioner/7' },
          altId: 'user:7',
          requestor: true,
          policy: ['c187cc48'],
          purposeOfUse: [{ coding: [{ code: 'BTG' }] }],
        },
        { who: { identifier: { value: 'viewer' } }, requestor: false, network: { address: '192.0.2.7', type: '2' } },
        { requestor: false, network: { address: 'https://wetread.example', type: '5' } },
      ],
    });
    expect(told.text?.div).toContain(
      'a radiologist (user:7) through the application viewer looked at name, date of birth and other personal details, in an emergency, past the usual rules. The reason given: unconscious',
    );
    const found = await trail.search(auditor, parseAuditSearch([['agent', 'Practitioner/7']], { base: '', lenient: false }).search, asked);
    expect(found.records.map(({ event }) => event.actor)).toEqual(['user:7']);
  });

  it('of a system has the system itself as who asks', async () => {
    const caller = aCaller('system', 'system/*.rs', { id: 'client:pacs', client: 'pacs', tokenId: 'a1', asking: emergency.asking });
    await log.record({ caller, entity: { type: 'Device', id: 'd' }, what: 'resource' });
    const told = auditEvent(await last(), '');
    expect(told.meta?.profile).toEqual([`${BALP}Read`, `${BALP}OAUTHaccessTokenUse.Minimal`]);
    expect(told.agent).toMatchObject([{ who: { identifier: { value: 'pacs' } }, requestor: true, policy: ['a1'] }, { requestor: false }]);
  });

  it('that was refused is of no pattern, and says how', async () => {
    await log.refused({
      caller: emergency,
      entity: { type: 'Patient', id: 'unknown' },
      what: 'resource',
      status: 403,
      code: 'not-permitted',
    });
    const told = auditEvent(await last(), '');
    expect(told).toMatchObject({
      outcome: '4',
      outcomeDesc: 'not-permitted, HTTP 403',
      meta: { profile: [`${BALP}OAUTHaccessTokenUse.Minimal`] },
    });
    expect(told.text?.div).toContain('This was refused: nothing was given.');
  });
});
