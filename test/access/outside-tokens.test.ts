import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, createLocalJWKSet, type JWTPayload } from 'jose';
import type { Caller } from '../../src/access/caller.js';
import type { ClaimNames } from '../../src/access/caller-of-token.js';
import { TokenRefused } from '../../src/access/faults.js';
import { Tokens } from '../../src/access/tokens.js';

const ISSUER = 'https://login.hospital.example';
const NAMES: ClaimNames = { isOwn: false, roles: 'roles', meanings: undefined, tenant: 'tenant', needsTenant: false };
const NOW = Math.floor(Date.now() / 1_000);
const { publicKey, privateKey } = await generateKeyPair('ES256');
const keys = createLocalJWKSet({ keys: [await exportJWK(publicKey)] });

const rules = (names: Partial<ClaimNames>): ConstructorParameters<typeof Tokens>[0] => ({
  issuer: () => ISSUER,
  keyOf: keys,
  isAudience: (audience) => audience === 'wetread',
  isRevoked: () => false,
  typ: undefined,
  isTenant: () => true,
  claims: { ...NAMES, ...names },
});

const orWhy = (holder: Promise<Caller>): Promise<Caller | string> =>
  holder.catch((error: unknown) => {
    if (error instanceof TokenRefused) return error.why;
    throw error;
  });

/** The same of a token that is no JWT, of which the issuer says this. */
const holderOfOpaque = (said: Readonly<Record<string, unknown>>): Promise<Caller | string> => {
  const known = { active: true, iss: ISSUER, aud: 'wetread', sub: 'f:1:ada', client_id: 'viewer', exp: NOW + 300, ...said };
  return orWhy(new Tokens({ ...rules({}), introspect: () => Promise.resolve(known) }).callerOf('an-opaque-token'));
};

/** Whom a server of these settings takes the holder of an outside issuer's token for; a word where it does not take it. */
async function holderOf(claims: JWTPayload, names: Partial<ClaimNames> = {}, typ: string | null = 'JWT'): Promise<Caller | string> {
  const token = await new SignJWT({ iss: ISSUER, aud: 'wetread', sub: 'f:1:ada', azp: 'viewer', scope: 'user/*.rs', ...claims })
    .setProtectedHeader({ alg: 'ES256', ...(typ !== null && { typ }) })
    .setExpirationTime('5m')
    .sign(privateKey);
  return orWhy(new Tokens(rules(names)).callerOf(token));
}

describe('Of what an outside issuer signs', () => {
  it.each([
    ['with a header that says so', 'at+jwt', {}],
    ['with the whole media type', 'application/at+jwt', {}],
    ['with a header that says JWT', 'JWT', {}],
    ['that Keycloak calls Bearer, though an older one repeats the nonce', 'JWT', { typ: 'Bearer', nonce: 'n' }],
  ])('an access token %s is taken', async (_what, typ, claims) => {
    expect(await holderOf(claims, {}, typ)).toMatchObject({ id: 'user:f:1:ada', kind: 'person', client: 'viewer' });
  });

  it('an access token without a type is taken', async () => {
    expect(await holderOf({}, {}, null)).toMatchObject({ kind: 'person' });
  });

  it.each([
    ['an ID token of Keycloak’s', 'JWT', { typ: 'ID' }],
    ['a refresh token of Keycloak’s', 'JWT', { typ: 'Refresh' }],
    ['an ID token with the nonce of a login', 'JWT', { nonce: 'n' }],
    ['an ID token with the hash of an access token', 'JWT', { at_hash: 'h' }],
    ['a logout token by its header', 'logout+jwt', {}],
    ['a logout token by its event', 'JWT', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['a token of some other type', 'dpop+jwt', {}],
  ])('%s opens nothing', async (_what, typ, claims) => {
    expect(await holderOf(claims, {}, typ)).toBe('not for access');
  });
});

describe('Of what an outside issuer tells of tokens that are no JWTs (RFC 7662)', () => {
  it.each([{}, { token_type: 'Bearer' }, { token_type: 'bearer', nbf: NOW - 10, iat: NOW - 10 }, { nbf: NOW + 3 }])(
    'an access token is taken: %j',
    async (said) => {
      expect(await holderOfOpaque(said)).toMatchObject({ id: 'user:f:1:ada', kind: 'person', client: 'viewer' });
    },
  );

  it.each([
    ['a refresh token', { token_type: 'refresh_token' }, 'not for access'],
    ['one whose holder must prove more', { token_type: 'DPoP' }, 'not for access'],
    ['one of a type that is no text', { token_type: 1 }, 'not for access'],
    ['one that is not good yet', { nbf: NOW + 60 }, 'not valid yet'],
    ['one that will be made', { iat: NOW + 60 }, 'not valid yet'],
    ['one that has expired', { exp: NOW - 60 }, 'expired'],
    ['one without an end', { exp: undefined }, 'malformed'],
    ['one whose times are texts', { nbf: '0' }, 'malformed'],
  ])('%s opens nothing', async (_what, said, why) => {
    expect(await holderOfOpaque(said)).toBe(why);
  });
});

describe('A system of an outside issuer', () => {
  const scope = 'system/*.rs';
  it.each([
    ['as its subject is the client', { sub: 'viewer' }],
    ['by the grant that Auth0 names', { sub: 'viewer@clients', gty: 'client-credentials' }],
    ['by the service account that Keycloak makes of a client', { sub: 'a1', preferred_username: 'service-account-viewer' }],
  ])('is taken for one %s, and is system unless it has a role', async (_how, claims) => {
    expect(await holderOf({ ...claims, scope })).toMatchObject({ id: 'client:viewer', kind: 'system', rights: { roles: ['system'] } });
    expect(await holderOf({ ...claims, scope, roles: ['reviewer'] })).toMatchObject({ kind: 'system', rights: { roles: ['reviewer'] } });
  });

  it('is taken for one as there is no subject, but a client; not where there is somebody', async () => {
    expect(await holderOf({ sub: undefined, scope })).toMatchObject({ id: 'client:viewer', kind: 'system', rights: { roles: ['system'] } });
    for (const nobodys of [{ azp: undefined }, { sid: 's' }, { auth_time: 1 }, { preferred_username: 'ada' }, { email: 'ada@example.org' }])
      expect(await holderOf({ sub: undefined, scope, ...nobodys })).toBe('malformed');
  });

  it('is taken for one by its scopes, under its own name and with the roles that it is given', async () => {
    const rights = { roles: ['system'], grants: [{ context: 'system' }] };
    expect(await holderOf({ sub: 'a1', scope, roles: ['system'] })).toMatchObject({ id: 'client:a1', kind: 'system', rights });
    expect(await holderOf({ sub: 'a1', scope })).toMatchObject({ kind: 'system', rights: { roles: [] } });
  });

  it('is nobody who has logged in or asks for more than a system’s scopes, nor whoever calls itself one', async () => {
    const asPerson = { kind: 'person', rights: { roles: [], grants: [] } };
    expect(await holderOf({ scope, sid: 's', roles: ['system'] })).toMatchObject(asPerson);
    expect(await holderOf({ scope, auth_time: 1, preferred_username: 'service-account-viewer' })).toMatchObject(asPerson);
    expect(await holderOf({ scope: `${scope} user/Patient.rs` })).toMatchObject({ kind: 'person' });
    expect(await holderOf({ scope: 'openid profile', kind: 'system' })).toMatchObject({ kind: 'person' });
    expect(await holderOf({ sub: 'viewer', scope, kind: 'person' })).toMatchObject({ kind: 'system' });
  });
});

describe('Roles by an outside issuer', () => {
  const rolesOf = async (roles: unknown, meanings: ClaimNames['meanings']): Promise<unknown> =>
    ((await holderOf({ roles }, { meanings })) as Caller).rights?.roles;

  it('are those that its words are said to mean, and no words of ours beside them', async () => {
    const meanings = new Map([['Readers', 'radiologist']] as const);
    expect(await rolesOf(['Readers', 'administrator', 'QA'], meanings)).toEqual(['radiologist']);
  });

  it('are our own words where nothing is said', async () => {
    expect(await rolesOf(['reviewer', 'Readers'], undefined)).toEqual(['reviewer']);
    expect(await rolesOf('reviewer', undefined)).toEqual(['reviewer']);
  });
});

describe('The organisation by an outside issuer', () => {
  it('is a number or the digits of one', async () => {
    for (const tenant of [2, '2']) expect(await holderOf({ tenant }, { needsTenant: true })).toMatchObject({ tenant: 2 });
    for (const tenant of ['acme', '', '0', 0, -1, 1.5, null, ['2']]) expect(await holderOf({ tenant })).toBe('of no organisation here');
  });

  it('must be told where a claim for it is set, and is the first otherwise', async () => {
    expect(await holderOf({}, { needsTenant: true })).toBe('of no organisation here');
    expect(await holderOf({}, { needsTenant: false })).toMatchObject({ tenant: 1 });
  });
});
