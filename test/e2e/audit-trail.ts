import { expect } from '@jest/globals';
import type { AuditEvent, Bundle, ImagingStudy, OperationOutcome } from 'fhir/r4.js';
import type { TestInstance } from './instances.js';
import { found, idle, imagingStudyOf } from './phantoms.js';
import type { Wetread } from './wetread.js';

export const FHIR_JSON = 'application/fhir+json';

/** The entities of a role (R4 valueset-object-role): 1 patient, 4 resource, 24 query. */
export const slice = ({ entity = [] }: AuditEvent, role: string) => entity.filter((one) => one.role?.code === role);

/** The record of accesses, as an auditor reads it. */
export class Trail {
  private constructor(
    private readonly wetread: Wetread,
    /** Ids of the Patient and the ImagingStudy of what was stored. */
    readonly patient: string,
    readonly imagingStudy: string,
  ) {}

  static async of(wetread: Wetread, image: TestInstance): Promise<Trail> {
    await wetread.store(image.bytes);
    await idle(wetread);
    const [known] = await found<ImagingStudy>(wetread, imagingStudyOf(image.studyInstanceUID));
    return new Trail(wetread, known.subject.reference?.replace('Patient/', '') ?? '', known.id ?? '');
  }

  async ask(path: string, accept = FHIR_JSON): Promise<Response> {
    const answer = await this.wetread.fetch(path, { headers: { accept } });
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers: answer.headers });
  }

  bundle(search: string): Promise<Bundle<AuditEvent>> {
    return this.wetread.json<Bundle<AuditEvent>>(`/fhir/${search}`, FHIR_JSON);
  }

  async events(search: string): Promise<AuditEvent[]> {
    return ((await this.bundle(search)).entry ?? []).flatMap(({ resource }) => resource ?? []);
  }

  /** The one AuditEvent of a request. */
  async eventOf(request: Response): Promise<AuditEvent> {
    const id = request.headers.get('x-request-id') ?? '';
    const all = await this.events('AuditEvent?_count=50');
    const own = all.filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === id));
    expect(own).toHaveLength(1);
    return own[0];
  }

  /** What the server's own validator finds wrong with an AuditEvent. */
  async errorsIn(event: AuditEvent): Promise<unknown[]> {
    const answer = await this.wetread.fetch('/fhir/AuditEvent/$validate', {
      method: 'POST',
      headers: { 'content-type': FHIR_JSON },
      body: JSON.stringify(event),
    });
    return ((await answer.json()) as OperationOutcome).issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  }
}

/** A record as it lies in the ledger. */
export interface Recorded {
  readonly event: {
    readonly action: string;
    readonly request?: string;
    readonly door?: string;
    readonly outcome?: string;
    readonly changes: Readonly<Record<string, unknown>>;
  };
  readonly patients: string[];
  readonly subtype: string;
  readonly type: string;
  readonly entity: string;
}

/** What was put on record meanwhile. */
export async function recordedBy(wetread: Wetread, work: () => Promise<unknown>): Promise<Recorded[]> {
  const [{ last }] = await wetread.sql<{ last: string }>('SELECT coalesce(max(id), 0) AS last FROM ledger_record');
  await work();
  const rows = await wetread.sql<Omit<Recorded, 'event'> & { event: string }>(
    `SELECT event, patients, type, subtype, entity_type || '/' || entity_id AS entity FROM ledger_record WHERE id > $1 ORDER BY id`,
    [last],
  );
  return rows.map((row) => ({ ...row, event: JSON.parse(row.event) as Recorded['event'] }));
}
