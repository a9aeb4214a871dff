import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asFault, Fault, InternalFault } from '../../faults.js';
import { event, thrownFields } from '../../log.js';
import type { Accounts } from '../../issuer/accounts.js';
import { TooManyLogins, WrongCredentials } from '../../issuer/faults.js';
import type { FirstAdmin } from '../../issuer/first-admin.js';
import type { Enrolment, SecondFactors } from '../../issuer/second-factors.js';
import type { PublicAddress } from '../../public-address.js';
import { askingOf } from '../asking.js';
import { isOwnPage } from '../own-page.js';
import { sendProblem } from '../problem-json.js';
import { confirmFactorPage, firstAdminPage, passwordPage, secondFactorPage } from './account-pages.js';
import { pageHeaders } from './html.js';
import type { Interactions } from './interactions.js';
import { messagePage } from './login-pages.js';

const FORM_BYTES = 16 * 1024;

export interface FormParts {
  readonly interactions: Interactions;
  readonly accounts: Accounts;
  readonly secondFactors: SecondFactors;
  readonly firstAdmin: FirstAdmin;
  readonly address: PublicAddress;
}

/** A form that a page of somebody else's sent. */
class ForeignPage extends Fault {
  readonly code = 'foreign-page';
  readonly status = 403;

  constructor() {
    super('Only a page of this server may send this form.');
  }
}

/** The pages that people fill in, and what their forms bring. */
export function mountForms(server: FastifyInstance, parts: FormParts): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    );
    scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: FORM_BYTES }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.addHook('onRequest', (request, _reply, next) =>
      next(request.method !== 'POST' || isOwnPage(request.headers, parts.address) ? undefined : new ForeignPage()),
    );
    scope.setErrorHandler((error, request, reply) => sendPageFault(error, request, reply));
    const { interactions } = parts;
    scope.get('/oauth/interaction/:uid', (request, reply) => interactions.show(request, reply));
    scope.post('/oauth/interaction/:uid', (request, reply) => interactions.take(request, reply));
    scope.get('/oauth/first-admin', async (_request, reply) =>
      (await parts.firstAdmin.isOpen())
        ? send(reply, 200, firstAdminPage())
        : send(reply, 404, messagePage('There are accounts', 'The first one was made. Whoever has it makes the others.')),
    );
    scope.post('/oauth/first-admin', (request, reply) => makeFirstAdmin(parts, request, reply));
    scope.get('/oauth/password', (_request, reply) => send(reply, 200, passwordPage()));
    scope.post('/oauth/password', (request, reply) => changePassword(parts, request, reply));
    scope.get('/oauth/second-factor', (_request, reply) => send(reply, 200, secondFactorPage()));
    scope.post('/oauth/second-factor', (request, reply) => setUpFactor(parts, request, reply));
    done();
  });
}

const send = (reply: FastifyReply, status: number, text: string): FastifyReply => reply.code(status).headers(pageHeaders()).send(text);

/** A fault as a page, or as problem details to who sent JSON. */
function sendPageFault(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const fault = asFault(error);
  if (fault instanceof InternalFault) event('request.failed', thrownFields(error));
  if (fault.status === 503) reply.header('Retry-After', '1');
  if (fault instanceof TooManyLogins) reply.header('Retry-After', String(fault.retryAfterSeconds));
  if (request.headers['content-type']?.startsWith('application/json') === true) return sendProblem(fault, reply);
  void send(reply, pageStatus(fault), messagePage('That did not work', fault.message));
}

/** A page is no API: 401 would ask for a WWW-Authenticate. */
const pageStatus = ({ status }: Fault): number => (status === 401 ? 400 : status);

const formOf = ({ body }: FastifyRequest): URLSearchParams => (body instanceof URLSearchParams ? body : new URLSearchParams());

const credentialsOf = (request: FastifyRequest) => {
  const form = formOf(request);
  const [username, password, code] = ['username', 'password', 'code'].map((name) => form.get(name) ?? '');
  return { username, password, code, way: wayOf(request) };
};

const wayOf = ({ raw }: FastifyRequest) => ({ asking: askingOf(raw) });

/** The page again, with what was wrong with its form; other faults go on. */
async function orAgain(reply: FastifyReply, work: () => Promise<string>, again: (wrong: string) => string): Promise<FastifyReply> {
  try {
    return await send(reply, 200, await work());
  } catch (error) {
    if (!(error instanceof Fault) || error instanceof InternalFault || error.status === 503) throw error;
    if (error instanceof TooManyLogins) reply.header('Retry-After', String(error.retryAfterSeconds));
    return send(reply, pageStatus(error), again(error.message));
  }
}

async function makeFirstAdmin({ firstAdmin }: FormParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (typeof request.body === 'string') {
    const { firstCode, ...account } = jsonAsked(request.body);
    const { id, username, name, roles } = await firstAdmin.redeem(firstCode, account, wayOf(request));
    return reply.code(201).send({ id, username, name, roles });
  }
  const form = formOf(request);
  const [firstCode, username, name, password] = ['firstCode', 'username', 'name', 'newPassword'].map((one) => form.get(one) ?? '');
  const made = async (): Promise<string> => {
    await firstAdmin.redeem(firstCode, { username, name, password, roles: form.getAll('roles') }, wayOf(request));
    return messagePage('The account is made', 'You can log in with it now: by an app, or by “npm run login” where the server was started.');
  };
  return orAgain(reply, made, firstAdminPage);
}

/** What is no text is empty, and refused for that. */
function jsonAsked(body: string) {
  let given: Partial<Record<string, unknown>> = {};
  try {
    given = (JSON.parse(body) ?? {}) as Record<string, unknown>;
  } catch {
    throw new BadJson();
  }
  const text = (name: string): string => (typeof given[name] === 'string' ? given[name] : '');
  const roles = Array.isArray(given['roles']) ? given['roles'].map(String) : [];
  const username = text('username');
  return { firstCode: text('code'), username, name: text('name') || username, password: text('password'), roles };
}

class BadJson extends Fault {
  readonly code = 'bad-request';
  readonly status = 400;

  constructor() {
    super('The body is no JSON.');
  }
}

async function changePassword({ accounts }: FormParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = formOf(request);
  const change = async (): Promise<string> => {
    await accounts.changePassword(credentialsOf(request), form.get('newPassword') ?? '');
    return messagePage('The password is changed', 'Log in with it from now on.');
  };
  return orAgain(reply, change, (wrong) => passwordPage(wrong, form.get('username') ?? ''));
}

/** First who it is, then whether the app shows the right code. */
async function setUpFactor({ secondFactors }: FormParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = formOf(request);
  const handle = form.get('handle');
  if (handle === null) {
    const begin = async (): Promise<string> => confirmFactorPage(await secondFactors.begin(credentialsOf(request)));
    return orAgain(reply, begin, (wrong) => secondFactorPage(wrong, form.get('username') ?? ''));
  }
  const enrolment: Enrolment = await secondFactors.begun(handle);
  const confirm = async (): Promise<string> => {
    try {
      await secondFactors.confirm(handle, form.get('code') ?? '', wayOf(request));
    } catch (error) {
      if (error instanceof WrongCredentials)
        return confirmFactorPage(enrolment, 'That is not the code. Is the clock of the telephone right?');
      throw error;
    }
    return messagePage('The second factor is set up', 'The app’s code is asked for at each login.');
  };
  return orAgain(reply, confirm, (wrong) => confirmFactorPage(enrolment, wrong));
}
