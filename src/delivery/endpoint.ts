import { lookup, type LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { EndpointFailed } from './faults.js';

/**
 * Where no notification goes unless a setting says so: this machine, networks that are not public, multicast (RFC 6890; IANA's
 * special-purpose registries).
 */
const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96], // NAT64: an IPv4 address within
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv6');

/** All of IPv6 that is given to networks (IANA: 2000::/3), and IPv4 within it (RFC 4291 2.5.5.2), which is looked at as such. */
const GIVEN = new BlockList();
GIVEN.addSubnet('2000::', 3, 'ipv6');
GIVEN.addSubnet('::ffff:0:0', 96, 'ipv6');

/** Whether an address is one of the public network. */
export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  if (family === 6) return GIVEN.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
  return family === 4 && !NOT_PUBLIC.check(address, 'ipv4');
};

/**
 * The address that notifications may be posted to.
 * @param allowed  `host` or `host:port` of endpoints within the operator's own networks, which may be without TLS
 * @throws EndpointFailed
 */
export function checkedEndpoint(endpoint: string, allowed: readonly string[]): { url: URL; isAllowed: boolean } {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new EndpointFailed('The endpoint is no http or https address.');
  if (url.username !== '' || url.password !== '') throw new EndpointFailed('The endpoint must not hold a password: channel.header may.');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const isAllowed = allowed.some((one) => [url.hostname, `${url.hostname}:${port}`].includes(one.toLowerCase()));
  if (isAllowed) return { url, isAllowed };
  if (url.protocol !== 'https:') throw new EndpointFailed('The endpoint must be https, or one that SUBSCRIPTION_HOSTS allows.');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublic(literal)) throw notAllowed();
  return { url, isAllowed };
}

const notAllowed = () =>
  new EndpointFailed('The endpoint is within a network that is not public, and SUBSCRIPTION_HOSTS does not allow it.');

/** Resolves a name, and lets a connection be made to none but a public address of it: what was looked at is what is connected to. */
const publicLookup: LookupFunction = (hostname, options, done) =>
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '', 4);
    const found = addresses.filter(({ address }) => isPublic(address));
    if (found.length === 0 || found.length < addresses.length) return done(notAllowed(), '', 4);
    return options.all === true ? done(null, found) : done(null, found[0].address, found[0].family);
  });

/** Posts a text. Redirections are not followed: they would lead where nobody has looked. @throws EndpointFailed */
export function post(
  endpoint: string,
  {
    headers,
    body,
    timeoutSeconds,
    allowed,
  }: { headers: Record<string, string>; body: string; timeoutSeconds: number; allowed: readonly string[] },
): Promise<void> {
  const { url, isAllowed } = checkedEndpoint(endpoint, allowed);
  const bytes = Buffer.from(body);
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(bytes.length) },
    agent: false, // no connection is kept: the next one is looked at again
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
    ...(isAllowed ? {} : { lookup: publicLookup }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(error instanceof EndpointFailed ? error : new EndpointFailed(words(error, timeoutSeconds)));
    try {
      const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (answer) => {
        const { statusCode = 0 } = answer;
        answer.destroy(); // whatever it says, nobody reads it
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new EndpointFailed(`The endpoint answered ${statusCode}.`));
      });
      sent.on('error', fail);
      // Of an answer that changes the protocol, and of whatever else ends without a word, nothing else is heard.
      sent.on('upgrade', (_answer, socket) => socket.destroy());
      sent.on('close', () => fail(new EndpointFailed('The endpoint ended the connection without an answer.')));
      sent.end(bytes);
    } catch (error) {
      fail(error);
    }
  });
}

function words(error: unknown, timeoutSeconds: number): string {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return `The endpoint did not answer within ${timeoutSeconds} s.`;
  return `The endpoint could not be reached${typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? ` (${code})` : ''}.`;
}
