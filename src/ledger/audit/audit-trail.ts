import { withoutBounds, type Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import type { AccessLog } from '../access-log.js';
import { auditShareOf, requireAudit } from './audit-rights.js';
import { auditPage, countAudit, oneAudit } from './audit-search.sql.js';
import type { AuditCursor, AuditSearch } from './audit-search.js';
import { RecordOfAccessAbsent } from './faults.js';
import { ownRecord } from './own-record.js';
import { toldRecord, type ToldRecord } from './told-record.js';

/** A page of records. */
export interface AuditPage {
  readonly records: readonly ToldRecord[];
  /** How many there are in all; undefined where nobody counted. */
  readonly total: number | undefined;
  /** Where the next page begins; undefined after the last. */
  readonly next: AuditCursor | undefined;
}

/** A search as its own record tells of it. */
export interface AuditAsked {
  readonly names: readonly string[];
  readonly query: string;
}

/** The record of accesses, to be read by those who may; nobody writes it here. Who reads it is on record as others are. */
export class AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {}

  /** One record. Throws NotPermitted, RecordOfAccessAbsent. */
  async read(caller: Caller, id: string): Promise<ToldRecord> {
    requireAudit(caller, 'r');
    const row = /^[1-9]\d{0,14}$/.test(id) ? await this.database.statement((tx) => oneAudit(tx, caller.tenant, Number(id))) : undefined;
    if (row === undefined) throw new RecordOfAccessAbsent();
    const record = toldRecord(row);
    await this.accessLog.record({ caller, entity: { type: 'AuditEvent', id }, what: 'resource', patients: record.columns.patients });
    return record;
  }

  /** A page of records, on record before it is given. Throws NotPermitted. */
  async search(caller: Caller, search: AuditSearch, { names, query }: AuditAsked): Promise<AuditPage> {
    requireAudit(caller, 's');
    const page = await this.page(caller, search);
    await this.accessLog.record({
      caller,
      entity: { type: 'AuditEvent', id: 'search' },
      what: 'search',
      details: { parameters: [...new Set(names)], matches: page.records.length },
      patients: sought(search, page),
      query,
    });
    return page;
  }

  /** A page of the accesses to one patient; for the patient, too, who is told of nobody else. Throws NotPermitted, and what `there` throws where there is none. */
  async ofPatient(caller: Caller, patient: string, search: AuditSearch, there: (who: Caller) => Promise<unknown>): Promise<AuditPage> {
    const share = auditShareOf(caller, patient);
    // Who may read all accesses need not be one who may see patients.
    await there(share === 'all' ? withoutBounds(caller) : caller);
    const whose = { kind: 'patients', any: [patient] } as const;
    const page = await this.page(caller, { ...search, conditions: [whose, ...search.conditions] });
    await this.accessLog.record({
      caller,
      entity: { type: 'Patient', id: patient },
      what: 'access-log',
      details: { matches: page.records.length },
      patients: [patient],
    });
    return share === 'all' ? page : { ...page, records: page.records.map((record) => ownRecord(record, patient)) };
  }

  private async page({ tenant }: Caller, search: AuditSearch): Promise<AuditPage> {
    const { count } = search;
    const [rows, counted] = await this.database.statement((tx) =>
      Promise.all([
        count === 0 ? [] : auditPage(tx, tenant, search),
        search.total === 'accurate' ? countAudit(tx, tenant, search) : undefined,
      ]),
    );
    const records = rows.slice(0, count).map(toldRecord);
    const last = rows.length > count ? records.at(-1) : undefined;
    const isAll = count > 0 && last === undefined && search.cursor === undefined;
    return {
      records,
      total: counted ?? (isAll ? records.length : undefined),
      next: last && { at: last.columns.occurredAt, id: last.id },
    };
  }
}

/** Whom the search was about: the Patients that were asked for and are there. */
function sought({ conditions }: AuditSearch, { records }: AuditPage): string[] {
  const asked = conditions.flatMap((one) => (one.kind === 'patients' ? one.any : []));
  return [...new Set(asked)].filter((id) => records.some(({ columns }) => columns.patients.includes(id)));
}
