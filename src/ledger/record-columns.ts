import { kindOf, type ActionCode } from './event-kind.js';

/** What records are searched by. All of it follows from the event's text: `ledger:verify` compares the two. */
export interface RecordColumns {
  /** ISO 8601, as the event has it. */
  readonly occurredAt: string;
  readonly tenant: number;
  readonly actor: string;
  /** The FHIR resource that the actor is (`Practitioner/…`); '' where it is not known. */
  readonly agent: string;
  readonly action: ActionCode;
  readonly type: string;
  readonly subtype: string;
  readonly entityType: string;
  readonly entityId: string;
  /** Ids of Patients, each once. */
  readonly patients: readonly string[];
  /** 0 success, 4 minor failure: refused, 8 serious failure (R4 valueset-audit-event-outcome). */
  readonly outcome: 0 | 4 | 8;
}

const FAILED: ReadonlySet<unknown> = new Set(['image.failed', 'study.failed', 'event.lost', 'archive.damaged']);
const REFUSED: ReadonlySet<unknown> = new Set(['access.refused', 'instance.refused', 'user.not-authenticated', 'login.failed']);

const object = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The columns of an event, of whichever version of this server wrote it. */
export function columnsOf(event: Readonly<Record<string, unknown>>): RecordColumns {
  const { action, outcome, patients } = event;
  const [entity, who] = [object(event['entity']), object(event['who'])];
  const about = { type: text(entity['type']), id: text(entity['id']) };
  const resource = resourceOf(about, object(event['changes']));
  const kind = kindOf({ action: text(action), entity: about, changes: object(event['changes']) });
  const tenant = who['tenant'] ?? event['tenant'];
  return {
    occurredAt: text(event['occurred_at']),
    tenant: typeof tenant === 'number' ? tenant : 1,
    actor: text(event['actor']),
    agent: text(who['fhirUser']),
    ...kind,
    entityType: resource.type,
    entityId: resource.id,
    patients: Array.isArray(patients) ? [...new Set(patients.map(text))] : patientBefore(about),
    outcome: FAILED.has(action) ? 8 : outcome === 'refused' || REFUSED.has(action) ? 4 : 0,
  };
}

/** The FHIR resource that says of a study or a report what it is: it is looked for by that. */
function resourceOf(about: About, { imagingStudy }: Readonly<Record<string, unknown>>): About {
  if (typeof imagingStudy === 'string') return { type: 'ImagingStudy', id: imagingStudy };
  return about.type === 'report' && !NO_ID.has(about.id) ? { type: 'DiagnosticReport', id: about.id } : about;
}

interface About {
  readonly type: string;
  readonly id: string;
}

/** What stands for an id where an event is about no single resource. */
const NO_ID: ReadonlySet<string> = new Set(['search', 'history', 'meta', 'export', 'unknown']);

/** Whom an event is about that was written before events told. */
const patientBefore = ({ type, id }: About): string[] => (type === 'Patient' && !NO_ID.has(id) ? [id] : []);
