import { createLocalJWKSet, errors as joseErrors, jwtVerify, type JWTPayload } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { ACCESS_TOKEN_ALG, type IssuerKeys } from './issuer-keys.js';
import type { RevokedTokens } from './revoked-tokens.js';
import type { ClientExtras } from './oidc-adapter.js';

interface Tools {
  readonly keys: IssuerKeys;
  readonly revoked: RevokedTokens;
  readonly issuer: string;
}

/**
 * Introspection (RFC 7662) and revocation (RFC 7009) of access tokens. oidc-provider authenticates the client, and refuses a JWT
 * after that by this code: there we take over.
 */
export async function inspectToken(ctx: KoaContextWithOIDC, tools: Tools): Promise<void> {
  const { route, client, params } = ctx.oidc;
  const refusal = ctx.body as { error?: string } | undefined;
  if (refusal?.error !== 'unsupported_token_type' || client === undefined) return;
  const token = String((params as { token?: unknown } | undefined)?.token);
  const claims = await claimsOf(token, tools);
  if (route === 'introspection') answer(ctx, 200, await introspected(claims, ctx, tools));
  else if (claims === undefined) answer(ctx, 200, '');
  else if (claims['client_id'] !== client.clientId)
    answer(ctx, 400, { error: 'invalid_request', error_description: 'client is not authorized to revoke the presented token' });
  else {
    const { tenant } = client as unknown as ClientExtras;
    await tools.revoked.add(claims.jti ?? '', Math.max(1, (claims.exp ?? 0) - Date.now() / 1_000), {
      tenant,
      actor: `client:${client.clientId}`,
    });
    answer(ctx, 200, '');
  }
}

function answer(ctx: KoaContextWithOIDC, status: number, body: unknown): void {
  ctx.status = status;
  ctx.body = body;
}

/** Undefined where it is no good token of ours. */
async function claimsOf(token: string, { keys, issuer }: Tools): Promise<JWTPayload | undefined> {
  try {
    const options = { issuer, typ: 'at+jwt', algorithms: [ACCESS_TOKEN_ALG], requiredClaims: ['jti', 'exp'] };
    return (await jwtVerify(token, createLocalJWKSet(await keys.publicKeys()), options)).payload;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return undefined;
    throw error;
  }
}

/** Who is a public client sees its own tokens, who has proved itself those of its organisation. */
async function introspected(claims: JWTPayload | undefined, { oidc }: KoaContextWithOIDC, { revoked }: Tools): Promise<object> {
  const inactive = { active: false };
  const asking = oidc.client as unknown as ClientExtras & { clientId: string; tokenEndpointAuthMethod: string };
  if (claims === undefined || (await revoked.has(claims.jti ?? ''))) return inactive;
  const isOwn = claims['client_id'] === asking.clientId;
  if (!isOwn && (asking.tokenEndpointAuthMethod === 'none' || claims['tenant'] !== asking.tenant)) return inactive;
  return { active: true, token_type: 'Bearer', ...claims };
}
