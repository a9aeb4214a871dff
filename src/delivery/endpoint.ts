import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { AddressNotPublic, isAmong, isPublic, publicLookup } from '../public-lookup.js';
import { EndpointFailed } from './faults.js';

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
  const isAllowed = isAmong(url, allowed);
  if (isAllowed) return { url, isAllowed };
  if (url.protocol !== 'https:') throw new EndpointFailed('The endpoint must be https, or one that SUBSCRIPTION_HOSTS allows.');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublic(literal)) throw notAllowed();
  return { url, isAllowed };
}

const notAllowed = () =>
  new EndpointFailed('The endpoint is within a network that is not public, and SUBSCRIPTION_HOSTS does not allow it.');

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
    const fail = (error: unknown): void => {
      if (error instanceof AddressNotPublic) return reject(notAllowed());
      reject(error instanceof EndpointFailed ? error : new EndpointFailed(words(error, timeoutSeconds)));
    };
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
