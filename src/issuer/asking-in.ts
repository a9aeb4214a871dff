import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Asking } from '../access/asking.js';

/** The request that oidc-provider answers, for the record. Where it comes from and its id are what the mount has written there. */
export const askingIn = (ctx: KoaContextWithOIDC): Asking => ({
  door: 'oauth',
  id: ctx.get('x-request-id'),
  network: ctx.ip,
  address: ctx.path.slice(1),
});
