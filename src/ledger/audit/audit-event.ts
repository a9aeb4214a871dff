import type { AuditEvent } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';
import { agentsOf, SERVER } from './agents.js';
import { APPLICATION_SERVER, purpose, REDACTED, subtypeCoding, typeCoding } from './codings.js';
import { entitiesOf } from './entities.js';
import type { ToldRecord } from './told-record.js';
import { wordsOf } from './words.js';

const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';

/** IHE BALP's patterns, by what a RESTful event says that was done. */
const PATTERNS: Readonly<Record<string, string>> = {
  read: 'Read',
  vread: 'Read',
  'search-type': 'Query',
  'search-system': 'Query',
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
};

/** All that AuditEvents here may be held to. */
export const AUDIT_PROFILES: readonly string[] = [
  ...[...new Set(Object.values(PATTERNS))].flatMap((pattern) => [`${BALP}${pattern}`, `${BALP}Patient${pattern}`]),
  `${BALP}OAUTHaccessTokenUse.Minimal`,
];

/**
 * A record of the ledger as an AuditEvent (R4 auditevent.html; IHE ITI BALP 1.1; DICOM PS3.15 A.5 for the codes of what was done
 * with images). It is made of the record whenever it is asked for, and says nothing that the record does not.
 * @param base  the server's own address
 */
export function auditEvent(record: ToldRecord, base: string): AuditEvent & { id: string } {
  const { id, event, columns, sealed } = record;
  const { type, subtype, action, outcome, occurredAt } = columns;
  const profile = profilesOf(record);
  const security = record.isPartial === true ? [REDACTED] : [];
  return {
    resourceType: 'AuditEvent',
    id: String(id),
    meta: { versionId: '1', lastUpdated: occurredAt, ...(profile.length > 0 && { profile }), ...(security.length > 0 && { security }) },
    text: narrative(wordsOf(record)),
    type: typeCoding(type),
    ...(subtype !== '' && { subtype: [subtypeCoding(subtype)] }),
    action,
    recorded: occurredAt,
    outcome: `${outcome}`,
    ...outcomeWords(record),
    ...(event.why !== undefined && { purposeOfEvent: [purpose(event.why, sealed.reason)] }),
    agent: agentsOf(record, base),
    source: { observer: SERVER, type: [APPLICATION_SERVER] },
    entity: entitiesOf(record),
  };
}

/** What it is held to: the patterns are for what was asked by a request and done; a patient's pattern is for one patient. */
function profilesOf({ event: { who, door }, columns: { type, subtype, outcome, patients }, isPartial }: ToldRecord): string[] {
  if (isPartial === true) return [];
  const token = who?.tokenId === undefined ? [] : [`${BALP}OAUTHaccessTokenUse.Minimal`];
  const pattern = type === 'rest' && who !== undefined && door !== undefined && outcome === 0 ? PATTERNS[subtype] : undefined;
  return pattern === undefined ? token : [`${BALP}${patients.length === 1 ? 'Patient' : ''}${pattern}`, ...token];
}

/** The code of the fault. */
function outcomeWords({ event, columns }: ToldRecord): Pick<AuditEvent, 'outcomeDesc'> {
  const code = typeof event.changes['code'] === 'string' ? event.changes['code'] : event.reason;
  const status = event.changes['status'];
  const words = [code, typeof status === 'number' ? `HTTP ${status}` : ''].filter((one) => one !== '').join(', ');
  return columns.outcome === 0 || words === '' ? {} : { outcomeDesc: words };
}
