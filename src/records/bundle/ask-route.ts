import type { BundleContext, Entry, RouteAnswer } from './entry.js';

/** Asks the server's own routes what an entry asks for: operations know more than this room does. */
export function askRoute({ request, exact }: Entry, { ask }: BundleContext): Promise<RouteAnswer> {
  const { method, route, ifMatch, ifNoneMatch } = request;
  return ask({
    method: method === 'HEAD' || method === 'POST' ? method : 'GET',
    address: route?.address ?? '',
    body: method === 'POST' && exact !== undefined ? JSON.stringify(exact) : undefined,
    ifMatch,
    ifNoneMatch,
  });
}
