import type { AuditEventAgent, Coding } from 'fhir/r4.js';
import type { Who } from '../ledger-event.js';
import { CUSTODIAN, dicomRole, OAUTH_AGENT, participation, purpose, roleConcept } from './codings.js';
import type { ToldRecord } from './told-record.js';

/** What the server is called where it stands for itself. */
export const SERVER = { identifier: { system: 'urn:wetread', value: 'wetread' }, display: 'wetread' } as const;

/**
 * Who took part (IHE BALP 1.1: client, server, user; OAUTHaccessTokenUse: the token's id as the policy of the agent whose it is).
 * Of reads data flow from the server to the client, of searches, creations and updates the other way; with deletions nothing does.
 * @param base  the server's own address
 */
export function agentsOf({ event, columns, sealed }: ToldRecord, base: string): AuditEventAgent[] {
  const { actor, why } = event;
  const who = event.who ?? whoBefore(actor, columns.tenant);
  const server: AuditEventAgent = {
    type: { coding: [serverType(columns.action)] },
    who: SERVER,
    requestor: who === undefined,
    network: { address: base, type: '5' },
  };
  if (who === undefined) return [server];
  const isPerson = who.kind === 'person';
  const token = who.tokenId === undefined ? {} : { policy: [who.tokenId] };
  const purposes = why === undefined ? {} : { purposeOfUse: [purpose(why, sealed.reason)] };
  const asking = who.tokenId === undefined ? [] : [OAUTH_AGENT];
  const client: AuditEventAgent = {
    type: { coding: [clientType(columns.action), ...(isPerson ? [] : asking)] },
    who: isPerson ? clientOf(who, undefined) : clientOf(who, actor),
    requestor: !isPerson,
    ...(isPerson ? {} : { altId: actor, ...rolesOf(who), ...token, ...purposes }),
    network: { ...(who.network ? { address: who.network } : {}), type: '2' },
  };
  if (!isPerson) return [client, server];
  const user: AuditEventAgent = {
    type: { coding: [participation(columns.action === 'R' || columns.action === 'E' ? 'IRCP' : 'AUT'), ...asking] },
    ...rolesOf(who),
    who: who.fhirUser === undefined ? { identifier: { system: 'urn:wetread:account', value: actor } } : { reference: who.fhirUser },
    altId: actor,
    name: actor,
    requestor: true,
    ...token,
    ...purposes,
  };
  return [user, client, server];
}

/** Who acted, of records from before they told more than the name; undefined for the server itself. */
const whoBefore = (actor: string, tenant: number): Who | undefined =>
  /^(user|client):|^anonymous$/.test(actor) ? { kind: actor.startsWith('client:') ? 'system' : 'person', tenant } : undefined;

const rolesOf = ({ roles = [] }: Who): Pick<AuditEventAgent, 'role'> => (roles.length === 0 ? {} : { role: roles.map(roleConcept) });

/** The app that somebody called through, or the system that called by itself. */
const clientOf = ({ client }: Who, actor: string | undefined): AuditEventAgent['who'] => {
  const value = client ?? actor;
  return value === undefined ? { display: 'unknown client' } : { identifier: { system: 'urn:wetread:client', value } };
};

const clientType = (action: string): Coding => dicomRole(action === 'R' ? '110152' : action === 'D' ? '110150' : '110153');
const serverType = (action: string): Coding => (action === 'D' ? CUSTODIAN : dicomRole(action === 'R' ? '110153' : '110152'));
