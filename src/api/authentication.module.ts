import { Module } from '@nestjs/common';
import { Tokens, type TokenRules } from '../access/tokens.js';
import type { ClaimNames } from '../access/caller-of-token.js';
import { fetchJson, OutsideIssuer, ownKeys } from '../access/token-keys.js';
import type { Claims } from '../access/token-kind.js';
import { IssuerAway } from '../access/faults.js';
import { isRole, type Role } from '../access/roles.js';
import { Tenants } from '../database/tenants.js';
import { isOwnAddress } from '../issuer/audience.js';
import { Issuer } from '../issuer/issuer.js';
import { IssuerModule } from '../issuer/issuer.module.js';
import { PublicAddress } from '../public-address.js';
import { Settings } from '../settings.js';
import { Authentication } from './authentication.js';
import { Door } from './door.js';
import { UnknownCallers } from './unknown-callers.js';
import { AccessLog } from '../ledger/access-log.js';

/** Whose tokens open the doors: the built-in issuer's, or an outside one's by settings alone. */
@Module({
  imports: [IssuerModule],
  providers: [
    { provide: UnknownCallers, inject: [AccessLog], useFactory: (log: AccessLog) => new UnknownCallers(log) },
    {
      provide: Authentication,
      inject: [Settings, PublicAddress, Issuer, Tenants],
      useFactory: (settings: Settings, address: PublicAddress, issuer: Issuer, tenants: Tenants) => {
        const isTenant = (tenant: number) => tenants.has(tenant);
        if (settings.AUTH === 'none') return new Authentication(undefined);
        if (settings.OIDC_ISSUER === undefined) return new Authentication(new Tokens({ ...own(issuer, address), isTenant }));
        const outside = new OutsideIssuer(settings.OIDC_ISSUER);
        return new Authentication(new Tokens({ ...rulesOf(outside, settings, address), isTenant }), outside);
      },
    },
    {
      provide: Door,
      inject: [Settings, PublicAddress, Authentication, UnknownCallers, AccessLog],
      useFactory: (settings: Settings, address: PublicAddress, authentication: Authentication, unknown: UnknownCallers, log: AccessLog) =>
        new Door(settings, address, authentication, unknown, log),
    },
  ],
  exports: [Authentication, Door, UnknownCallers],
})
export class AuthenticationModule {}

const own = (issuer: Issuer, address: PublicAddress): Omit<TokenRules, 'isTenant'> => ({
  issuer: () => `${address.base}/oauth`,
  keyOf: ownKeys(() => issuer.publicKeys()),
  isAudience: (audience) => isOwnAddress(audience, address),
  isRevoked: (jti) => issuer.isRevoked(jti),
  typ: 'at+jwt',
  claims: { isOwn: true, roles: 'roles', meanings: undefined, tenant: 'tenant', needsTenant: true },
});

function rulesOf(issuer: OutsideIssuer, settings: Settings, address: PublicAddress): Omit<TokenRules, 'isTenant'> {
  const client = settings.OIDC_INTROSPECTION_CLIENT;
  return {
    issuer: () => issuer.issuer,
    keyOf: issuer.keyOf,
    isAudience: (audience) => settings.OIDC_AUDIENCES.includes(audience) || isOwnAddress(audience, address),
    isRevoked: () => false, // of its JWTs it says nothing more; of others it is asked each time
    typ: undefined,
    claims: claimsOf(settings),
    ...(client === undefined ? {} : { introspect: (token) => introspected(issuer, client, token) }),
  };
}

const claimsOf = ({ OIDC_ROLES_CLAIM, OIDC_ROLES, OIDC_TENANT_CLAIM }: Settings): ClaimNames => ({
  isOwn: false,
  roles: OIDC_ROLES_CLAIM,
  meanings: OIDC_ROLES === '' ? undefined : meaningsOf(OIDC_ROLES),
  tenant: OIDC_TENANT_CLAIM ?? 'tenant',
  needsTenant: OIDC_TENANT_CLAIM !== undefined,
});

/** RFC 7662 2.1. Throws IssuerAway. */
async function introspected(issuer: OutsideIssuer, client: string, token: string): Promise<Claims> {
  const { introspection_endpoint: endpoint } = await issuer.metadata();
  if (endpoint === undefined) throw new IssuerAway();
  return (await fetchJson(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(client).toString('base64')}`, accept: 'application/json' },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
  })) as Claims;
}

const meaningsOf = (text: string): Map<string, Role> =>
  new Map(
    text.split(',').flatMap((pair) => {
      const [theirs, ours] = pair.split('=');
      return isRole(ours) ? [[theirs.trim(), ours] as const] : [];
    }),
  );
