/** What of the issuer is asked for without a token, as whoever asks is about to get one: its endpoints, its pages, how to find it. */
const OPEN: readonly RegExp[] = [
  /^\/oauth\/(authorize|token|introspect|revoke|jwks|logout)$/,
  /^\/oauth\/authorize\/[^/]+$/,
  /^\/oauth\/logout\/(confirm|success)$/,
  /^\/oauth\/interaction\/[^/]+$/,
  /^\/oauth\/(first-admin|password|second-factor|register)$/,
];
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What is there to be read alone: what else comes to such an address is for the door that it lies behind. */
const OPEN_TO_READ: readonly RegExp[] = [
  /^\/oauth\/\.well-known\/[a-z-]+$/,
  /^\/\.well-known\/(smart-configuration|openid-configuration|oauth-authorization-server(\/oauth)?)$/,
  /^\/fhir\/\.well-known\/smart-configuration$/,
];

/** Whether an address is open to everybody. Clients still prove who they are at the token endpoint and its neighbours. */
export function isOpenPath(url: string, method: string): boolean {
  const path = url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
  return [...OPEN, ...(READS.has(method) ? OPEN_TO_READ : [])].some((form) => form.test(path));
}
