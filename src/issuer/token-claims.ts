import type { Account as OidcAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from './accounts.sql.js';
import type { LaunchContext, Launches } from './launches.js';
import type { ClientExtras } from './oidc-adapter.js';

/** What an access token says beside what RFC 9068 asks for. */
export interface OwnClaims {
  readonly tenant: number;
  readonly roles: readonly string[];
  readonly kind: 'person' | 'system';
  readonly patient?: string;
  readonly fhirUser?: string;
}

/** An account as oidc-provider holds it. */
export interface LoadedAccount extends OidcAccount {
  readonly account: Account;
}

export const isPatients = ({ roles }: Account): boolean => roles.includes('patient');

/** Reference of the FHIR resource that the person is: of a patient's account the Patient, unless something else is said. */
export const fhirUserOf = (account: Account): string | undefined =>
  account.fhirUser ?? (isPatients(account) && account.patient !== null ? `Patient/${account.patient}` : undefined);

/** Of what a client may have, what there is something to tell for: which visit a patient is here for only an EHR knows. */
export const tellableScopes = (scopes: readonly string[], account: Account, { encounter }: LaunchContext): string[] =>
  scopes.filter((scope) =>
    scope === 'fhirUser' ? fhirUserOf(account) !== undefined : scope !== 'launch/encounter' || encounter !== undefined,
  );

/** @param fhirBase  the server's FHIR address: `fhirUser` of an ID token is a whole URL (SMART App Launch 2.2, "Scopes for requesting identity data") */
export const loadedAccount = (account: Account, fhirBase: string): LoadedAccount => ({
  accountId: account.id,
  account,
  async claims() {
    const { id, name, username } = account;
    const fhirUser = fhirUserOf(account);
    return { sub: id, name, preferred_username: username, ...(fhirUser !== undefined && { fhirUser: `${fhirBase}/${fhirUser}` }) };
  },
});

/** The claims of our own for the token that is being made. */
export async function ownClaims(ctx: KoaContextWithOIDC, launches: Launches): Promise<OwnClaims> {
  const loaded = ctx.oidc.account as LoadedAccount | undefined;
  if (loaded === undefined) {
    const { tenant, roles } = ctx.oidc.client as unknown as ClientExtras;
    return { tenant, roles, kind: 'system' };
  }
  const { account } = loaded;
  const { patient } = contextFor(account, await contextOf(ctx, launches));
  const fhirUser = fhirUserOf(account);
  return {
    tenant: account.tenant,
    roles: account.roles,
    kind: 'person',
    ...(patient !== undefined && { patient }),
    ...(fhirUser !== undefined && { fhirUser }),
  };
}

/** What the answer of the token endpoint says of the launch (SMART App Launch 2.2, "Launch context parameters"). */
export async function launchParameters(ctx: KoaContextWithOIDC, launches: Launches): Promise<Record<string, unknown>> {
  const loaded = ctx.oidc.account as LoadedAccount | undefined;
  if (loaded === undefined) return {};
  const { patient, encounter, fhirContext, intent, needPatientBanner = true } = contextFor(loaded.account, await contextOf(ctx, launches));
  return {
    ...(patient !== undefined && { patient, need_patient_banner: needPatientBanner }),
    ...(encounter !== undefined && { encounter }),
    ...(fhirContext !== undefined && { fhirContext }),
    ...(intent !== undefined && { intent }),
  };
}

async function contextOf({ oidc }: KoaContextWithOIDC, launches: Launches): Promise<LaunchContext> {
  const grantId = oidc.entities.Grant?.jti;
  return grantId === undefined ? {} : launches.ofGrant(grantId);
}

/** A patient's account is always about that patient. */
const contextFor = (account: Account, context: LaunchContext): LaunchContext =>
  isPatients(account) && account.patient !== null ? { ...context, patient: account.patient } : context;
