import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import { Fault, FrameworkFault } from '../../faults.js';
import type { IssuerProvider } from '../../issuer/provider.js';
import type { PublicAddress } from '../../public-address.js';
import { askingOf } from '../asking.js';
import type { UnknownCallers } from '../unknown-callers.js';

/** Where oidc-provider answers, below the issuer. */
const ROUTES: readonly (readonly [path: string, methods: readonly ('GET' | 'POST' | 'OPTIONS')[]])[] = [
  ['/authorize', ['GET']],
  ['/authorize/:uid', ['GET']],
  ['/token', ['OPTIONS']],
  ['/introspect', ['POST', 'OPTIONS']],
  ['/revoke', ['POST', 'OPTIONS']],
  ['/jwks', ['GET', 'OPTIONS']],
  ['/logout', ['GET']],
  ['/logout/confirm', ['POST']],
  ['/logout/success', ['GET']],
  ['/.well-known/openid-configuration', ['GET', 'OPTIONS']],
  ['/.well-known/oauth-authorization-server', ['GET', 'OPTIONS']],
];
/** The same documents where RFC 8414 3.1 has them, and where people look. */
const ALSO_AT: Readonly<Record<string, string>> = {
  '/.well-known/openid-configuration': '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server': '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-authorization-server/oauth': '/.well-known/oauth-authorization-server',
};
const FORM = 'application/x-www-form-urlencoded';
/** As oidc-provider has it. */
const FORM_BYTES = 56 * 1024;
/** For programs alone: an error is JSON whatever they accept. */
const PROGRAMS = /^\/(token|introspect|revoke|jwks|\.well-known)\b/;

/** An app or a system did not prove who it is (RFC 6749 5.2, invalid_client). */
class ClientUnproven extends Fault {
  readonly code = 'invalid-client';
  readonly status = 401;

  constructor() {
    super('The client did not prove who it is.');
  }
}

export interface MountParts {
  readonly issuer: IssuerProvider;
  readonly address: PublicAddress;
  /** Who keeps the record of those who are not made out. */
  readonly unknown: UnknownCallers;
}

/**
 * Puts oidc-provider, which is a Koa application, below /oauth. It reads bodies itself and is told where the server is reached: nothing
 * that a request says of that is believed.
 */
export function mountIssuer(server: FastifyInstance, { issuer, address, unknown }: MountParts): void {
  const callbacks = new WeakMap<Provider, ReturnType<Provider['callback']>>();
  const answerAt =
    (pathOf: (request: FastifyRequest) => string) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
      // PostgreSQL holds no NUL, and no parameter of a request that makes sense has one.
      if (request.url.includes('%00')) throw new FrameworkFault(400, 'bad-request', 'The request is malformed.');
      const provider = await issuer.current();
      const path = pathOf(request);
      const elsewhere = ownPlace(request, path, address);
      if (elsewhere !== undefined) return reply.redirect(elsewhere, 307);
      const form = typeof request.body === 'string' ? await formOf(request, request.body, issuer) : undefined;
      const callback = callbacks.get(provider) ?? provider.callback();
      callbacks.set(provider, callback);
      // From here on nothing of ours can fail: the answer is Koa's.
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
      direct(request, path, new URL(`${address.base}/oauth`));
      tellAsking(request);
      await callback(form === undefined ? request.raw : unread(request, form), reply.raw);
      const asking = askingOf(request.raw);
      if (reply.raw.statusCode === 401 && asking !== undefined) unknown.note(asking, new ClientUnproven());
    };
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    for (const [path, methods] of ROUTES)
      scope.route({
        method: [...methods],
        url: `/oauth${path}`,
        exposeHeadRoute: false,
        handler: answerAt(({ url }) => url.slice('/oauth'.length)),
      });
    for (const [url, path] of Object.entries(ALSO_AT))
      scope.route({ method: ['GET', 'OPTIONS'], url, exposeHeadRoute: false, handler: answerAt(() => path) });
    done();
  });
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: FORM_BYTES }, (_request, body, parsed) => parsed(null, body));
    scope.post(
      '/oauth/token',
      answerAt(() => '/token'),
    );
    done();
  });
}

/** Who has a secret proves itself, and says who it is, by a header. */
const formOf = async ({ headers }: FastifyRequest, body: string, issuer: IssuerProvider): Promise<Buffer> =>
  Buffer.from(headers.authorization === undefined ? await issuer.withClient(body) : body);

/** A request whose form was read, with what is to be read: of a request Koa and oidc-provider use these. */
function unread({ raw, headers }: FastifyRequest, form: Buffer): IncomingMessage {
  const { method, url, socket, httpVersionMajor } = raw;
  const { originalUrl } = raw as { originalUrl?: string };
  const again = { method, url, originalUrl, socket, httpVersionMajor, headers: { ...headers, 'content-length': String(form.length) } };
  return Object.assign(Readable.from([form], { objectMode: false }), again) as unknown as IncomingMessage;
}

/** A browser must stay with one name of this machine: cookies are by name. Behind a proxy the name is the proxy's. */
function ownPlace({ method, headers }: FastifyRequest, path: string, address: PublicAddress): string | undefined {
  const named = headers.host ?? headers[':authority'];
  if (address.isSet || method !== 'GET' || PROGRAMS.test(path) || named === new URL(address.base).host) return undefined;
  return `${address.base}/oauth${path}`;
}

function direct({ raw }: FastifyRequest, path: string, issuer: URL): void {
  const url = withConsent(path);
  raw.url = url;
  (raw as { originalUrl?: string }).originalUrl = `${issuer.pathname}${url}`;
  raw.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  raw.headers['x-forwarded-host'] = issuer.host;
  if (PROGRAMS.test(path)) raw.headers.accept = 'application/json';
}

/** Where the request comes from and its id, as its record has them: oidc-provider is told no other way, and believes it. */
function tellAsking({ raw }: FastifyRequest): void {
  const { id, network } = askingOf(raw) ?? {};
  Object.assign(raw.headers, { 'x-request-id': id, 'x-forwarded-for': network });
}

/**
 * OpenID Connect Core 11 lets an app go on in somebody's absence only where it asks for the consent; SMART apps ask for the scope alone,
 * and here the consent is always asked.
 */
function withConsent(path: string): string {
  if (!path.startsWith('/authorize?')) return path;
  const query = new URLSearchParams(path.slice('/authorize?'.length));
  const prompts = (query.get('prompt') ?? '').split(' ').filter((one) => one !== '');
  if (!(query.get('scope') ?? '').split(' ').includes('offline_access') || prompts.includes('none') || prompts.includes('consent'))
    return path;
  query.set('prompt', [...prompts, 'consent'].join(' '));
  return `/authorize?${query.toString()}`;
}
