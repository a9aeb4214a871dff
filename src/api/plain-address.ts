import type { IncomingMessage } from 'node:http';

/** RFC 3986 2.3: a letter that is percent-encoded for no reason is that letter (6.2.2.2). */
const UNRESERVED = /%(?:2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/gi;
/** The absolute form of a request's target, which servers must take (RFC 9112 3.2.2). */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/**
 * A request's target as every check reads it: its path from `/` on, with nothing encoded that need not be, so that what a check lets by
 * and what the router finds are the same. The host of an absolute target stands for that of its header, as it must (RFC 9112 3.2.2).
 */
export function plainAddress(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  let { url = '/' } = request;
  const [absolute, authority] = ABSOLUTE.exec(url) ?? [];
  if (absolute !== undefined) {
    request.headers.host = authority;
    url = url.slice(absolute.length);
    if (!url.startsWith('/')) url = `/${url}`;
  }
  if (!url.includes('%')) return url;
  const end = url.search(/[?#]/);
  const [path, rest] = end < 0 ? [url, ''] : [url.slice(0, end), url.slice(end)];
  return path.replaceAll(UNRESERVED, (letter) => String.fromCharCode(Number.parseInt(letter.slice(1), 16))) + rest;
}
