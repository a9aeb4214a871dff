import { randomBytes } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import { refuseBrokenGlass } from '../access/one-look.js';
import type { Account } from './accounts.sql.js';
import type { Database } from '../database/database.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { fetched, type LedgerEvent } from '../ledger/ledger-event.js';
import { LaunchAbsent } from './faults.js';
import { consumeState, findState, putNewState, putState } from './oidc-state.sql.js';
import { byPerson, onRecord, type Way } from './on-record.js';
import { grantMark, secretHash } from './token-marks.js';

const LAUNCH_SECONDS = 300;
const LAUNCH = 'Launch';
const CONTEXT = 'LaunchContext';

/** What an app is launched about (SMART App Launch 2.2, "Launch context"). */
export interface LaunchContext {
  readonly patient?: string;
  readonly encounter?: string;
  readonly fhirContext?: readonly { readonly reference: string }[];
  readonly intent?: string;
  /** Whether the app must say itself whom it shows. */
  readonly needPatientBanner?: boolean;
}

/** What an EHR says when it launches an app. */
export interface LaunchRequest {
  readonly context: LaunchContext;
  /** The app that may use it; any of the organisation's where undefined. */
  readonly clientId?: string;
}

/** What somebody allowed an app. */
export interface Granted {
  readonly grantId: string;
  readonly account: Pick<Account, 'id' | 'tenant' | 'roles' | 'fhirUser'>;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** How they allowed it, for the record. */
  readonly way?: Way;
}

/** Launches that an EHR begins, and what came of them: the context of each grant. */
export class Launches {
  constructor(private readonly database: Database) {}

  /**
   * An opaque handle for the `launch` parameter: good for one use, within five minutes, by an account of the same organisation. Whoever
   * asked has looked at what it is about: that is this request's record. Throws NotPermitted where the glass was broken for it.
   */
  async begin(caller: Caller, { context, clientId }: LaunchRequest): Promise<string> {
    refuseBrokenGlass(caller, 'Patient', 'r');
    const { tenant } = caller;
    const handle = randomBytes(32).toString('base64url');
    const payload = { tenant, context, ...(clientId !== undefined && { onlyClient: clientId }) };
    await this.database.transaction(async (tx) => {
      await putNewState(tx, { model: LAUNCH, id: secretHash(handle), payload, lastsSeconds: LAUNCH_SECONDS });
      await appendRecords(tx, [{ ...launchOf(caller, context), tenant }]);
    });
    return handle;
  }

  /** What a launch is about, and that it may be used. Throws LaunchAbsent. */
  async look(handle: string, tenant: number, clientId: string): Promise<LaunchContext> {
    const row = await this.database.statement((tx) => findState(tx, LAUNCH, secretHash(handle)));
    if (row === undefined || row.consumedAt !== null) throw new LaunchAbsent();
    return contextFor(row.payload, tenant, clientId);
  }

  /** Uses it up. Throws LaunchAbsent. */
  async use(handle: string, tenant: number, clientId: string): Promise<LaunchContext> {
    await this.look(handle, tenant, clientId);
    const row = await this.database.statement((tx) => consumeState(tx, LAUNCH, secretHash(handle)));
    if (row === undefined) throw new LaunchAbsent(); // another was quicker
    return contextFor(row.payload, tenant, clientId);
  }

  /** Keeps what a grant is about, as long as the grant; and has on record who granted what to which app. */
  async keep({ grantId, account, clientId, scopes, way }: Granted, context: LaunchContext, lastsSeconds: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await putState(tx, { model: CONTEXT, id: grantId, payload: { grantId, context }, lastsSeconds });
      const changes = { scopes, grant: grantMark(grantId), aboutPatient: context.patient !== undefined };
      await onRecord(tx, {
        ...byPerson(account, { ...way, client: clientId }),
        tenant: account.tenant,
        action: 'access.granted',
        entity: { type: 'Client', id: clientId },
        changes,
      });
    });
  }

  async ofGrant(grantId: string): Promise<LaunchContext> {
    const row = await this.database.statement((tx) => findState(tx, CONTEXT, grantId));
    return (row?.payload as { context?: LaunchContext } | undefined)?.context ?? {};
  }
}

/** What a launch is on record as: a look at the Patient, with what else the app is to be told of. */
const launchOf = (caller: Caller, { patient = 'unknown', encounter, fhirContext = [] }: LaunchContext): LedgerEvent => {
  const also = [...(encounter === undefined ? [] : [`Encounter/${encounter}`]), ...fhirContext.map(({ reference }) => reference)];
  const changes = { what: 'launch', ...(also.length > 0 && { also }) };
  return fetched(caller, { type: 'Patient', id: patient }, changes, { patients: [patient] });
};

/** As `begin` kept it. */
function contextFor(payload: Readonly<Record<string, unknown>>, tenant: number, clientId: string): LaunchContext {
  const { tenant: of, onlyClient, context } = payload as { tenant: number; onlyClient?: string; context: LaunchContext };
  if (of !== tenant || (onlyClient !== undefined && onlyClient !== clientId)) throw new LaunchAbsent();
  return context;
}
