import { describe, expect, it } from '@jest/globals';
import { auditMessage } from '../../../src/delivery/audit/audit-message.js';
import { auditEvent } from '../../../src/ledger/audit/audit-event.js';
import { ownRecord } from '../../../src/ledger/audit/own-record.js';
import { toldRecord } from '../../../src/ledger/audit/told-record.js';
import type { RecordColumns } from '../../../src/ledger/record-columns.js';

const EVENT = {
  occurred_at: '2026-11-28T09:00:00.000Z',
  actor: 'user:7',
  who: { kind: 'person', tenant: 1, roles: ['radiologist'], fhirUser: 'Practitioner/7' },
  action: 'data.fetched',
  entity: { type: 'Patient', id: 'p1' },
  changes: { what: 'resource' },
  reason: '',
  patients: ['p1'],
};
const columns: RecordColumns = {
  occurredAt: '2026-11-28T09:30:00.000Z',
  tenant: 1,
  actor: 'user:8',
  agent: '',
  action: 'R',
  type: 'rest',
  subtype: 'read',
  entityType: 'Patient',
  entityId: 'p2',
  patients: ['p2'],
  outcome: 0,
};
const told = (event: string, sealed: Buffer | null = null, lying: Partial<RecordColumns> = {}) =>
  toldRecord({ id: 12, event, sealed, columns: { ...columns, ...lying } });
const unfit = (change: object): string => JSON.stringify({ ...EVENT, ...change });

describe('A record of the ledger', () => {
  it('is told as its text says, whatever lies beside it', () => {
    expect(auditEvent(told(JSON.stringify(EVENT)), 'x')).toMatchObject({
      outcome: '0',
      recorded: EVENT.occurred_at,
      subtype: [{ code: 'read' }],
    });
  });

  it.each([
    'no JSON',
    '',
    'null',
    '[]',
    '{}',
    unfit({ entity: null }),
    unfit({ entity: { type: 'Patient' } }),
    unfit({ changes: 'x' }),
    unfit({ changes: null }),
    unfit({ actor: 7 }),
    unfit({ reason: null }),
    unfit({ occurred_at: 'yesterday' }),
    unfit({ who: 'x' }),
    unfit({ who: { kind: 'person', roles: 'x' } }),
    unfit({ who: { kind: 'person', fhirUser: 7 } }),
    unfit({ patients: [7] }),
    unfit({ why: {} }),
  ])('that says %s is told as one that cannot be read, with the ids that lie beside it', (event) => {
    const one = told(event);
    const fhir = auditEvent(one, 'http://server');
    expect(fhir).toMatchObject({ id: '12', outcome: '8', outcomeDesc: 'unreadable-record', recorded: columns.occurredAt });
    expect(fhir.text?.div).toContain('the record of it cannot be read');
    expect(fhir.entity?.map(({ what }) => what?.reference)).toEqual(['Patient/p2', 'Patient/p2']);
    expect(auditMessage(fhir)).toContain('EventOutcomeIndicator="8"');
    expect(auditEvent(ownRecord(one, 'p2'), 'x').text?.div).toContain('the record of it cannot be read');
  });

  it.each([{ occurredAt: '' }, { action: '?' as 'R' }, { type: '', subtype: '', entityType: '', entityId: '', actor: '', patients: [] }])(
    'is told where nothing beside it can be read, either: %j',
    (lying) => {
      const fhir = auditEvent(told('no JSON', null, lying), 'x');
      expect(fhir).toMatchObject({ outcome: '8', type: { code: expect.stringMatching(/./) }, action: expect.stringMatching(/^[CRUDE]$/) });
      expect(auditMessage(fhir)).toContain('<AuditMessage>');
    },
  );

  it.each(['null', '5', '{"query":5,"reason":[]}', 'no JSON'])('is told without what is sealed beside it where that is %s', (sealed) => {
    const bytes = Buffer.from('0'.repeat(36) + sealed);
    const search = unfit({ entity: { type: 'Patient', id: 'search' }, changes: { what: 'search' } });
    expect(auditEvent(told(search, bytes), 'x').entity?.at(-1)?.query).toBe(Buffer.from('Patient').toString('base64'));
  });
});
