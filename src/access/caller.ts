import type { Asking } from './asking.js';
import type { Grant } from './grant.js';
import type { Operation, Role } from './roles.js';

/** What a token and its holder's roles allow. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
  /** Operations that the token names by scopes of this server's own (operation-scopes.ts). */
  readonly operations?: readonly Operation[];
  /** Id of the Patient of the launch (SMART's `patient`), or of the person whom a patient's account is of. */
  readonly patient?: string;
}

/** Who is calling, through whichever door: made of a token in one place, and handed first to whatever gives or takes PHI. */
export interface Caller {
  /** What the ledger names: `user:ID`, `client:ID`, `local`, `wetread`. */
  readonly id: string;
  readonly kind: 'person' | 'system';
  /** Row of the organisation whose rows it sees (table tenant). */
  readonly tenant: number;
  /** Absent for callers that may do everything: who is on this machine while authentication is off, and the server itself. */
  readonly rights?: Rights;
  /** The app that calls in a person's name, or the system itself (`client_id`). */
  readonly client?: string;
  /** Reference of the FHIR resource that the person is (SMART's `fhirUser`): `Practitioner/…`. */
  readonly fhirUser?: string;
  /** `jti` of the token, for the record of the access (IHE BALP, OAUTHaccessTokenUse). */
  readonly tokenId?: string;
  /** Until when its token is good, in milliseconds since 1970: a connection that stays open ends then. */
  readonly expires?: number;
  /** When the person last said who they are, in milliseconds since 1970 (OpenID Connect Core 2, `auth_time`), where the issuer tells. */
  readonly authenticatedAt?: number;
  /** Why: a code of v3-PurposeOfUse such as TREAT; BTG when the glass was broken. */
  readonly purposeOfUse?: string;
  /** The person's own words for it, where the glass was broken. */
  readonly reason?: string;
  /** By which request; absent where nobody asked by one, as the server's own work. */
  readonly asking?: Asking;
}

/** The organisation that is there from the start. */
export const FIRST_TENANT = 1;

/** Anybody on this machine, while the server listens on loopback and authentication is off. */
export const LOCAL_CALLER: Caller = { id: 'local', kind: 'person', tenant: FIRST_TENANT };

/** The server itself, for an organisation: what it stores and issues by its own work. */
export const serverCaller = (tenant: number): Caller => ({ id: 'wetread', kind: 'system', tenant });

/** The caller as one to whom all of its organisation is open: for what is looked up on the way and not given. */
export const withoutBounds = (caller: Caller): Caller => ({ ...caller, rights: undefined });

/** `Practitioner/ID` of the person that the caller is: a token may name it by a whole address (SMART App Launch 2.2, `fhirUser`). */
export const personOfCaller = ({ fhirUser }: Caller): string | undefined => fhirUser?.split('/').slice(-2).join('/');
