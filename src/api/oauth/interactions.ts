import type { Client, Grant, Provider } from 'oidc-provider';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../faults.js';
import type { Accounts } from '../../issuer/accounts.js';
import type { Account } from '../../issuer/accounts.sql.js';
import { TooManyLogins, WrongCredentials } from '../../issuer/faults.js';
import { extrasOf, GRANT_SECONDS, isClientFor, needsNoConsent, newGrant } from '../../issuer/grants.js';
import type { LaunchContext, Launches } from '../../issuer/launches.js';
import type { IssuerProvider } from '../../issuer/provider.js';
import { allowedScopes, scopesIn, wantsPatient } from '../../issuer/scopes.js';
import { isPatients, tellableScopes } from '../../issuer/token-claims.js';
import type { PublicAddress } from '../../public-address.js';
import { askingOf } from '../asking.js';
import { pageHeaders } from './html.js';
import { consentPage, loginPage, messagePage, patientPage } from './login-pages.js';
import { checkMayLook, NoPatients, type Patients } from './patients.js';
import type { Proofs } from './proof.js';

/** A login under way, as oidc-provider keeps it. */
type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

export interface InteractionParts {
  readonly issuer: IssuerProvider;
  readonly accounts: Accounts;
  readonly launches: Launches;
  readonly patients: Patients;
  readonly proofs: Proofs;
  readonly address: PublicAddress;
}

/** The form does not come from the page of this login. */
class ForeignForm extends Fault {
  readonly code = 'foreign-form';
  readonly status = 403;

  constructor() {
    super('This form does not belong to a login that is under way. Begin again in the app.');
  }
}

/** What the page of a login needs to know. */
interface Login {
  readonly provider: Provider;
  readonly interaction: Interaction;
  readonly client: Client;
  readonly app: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What is asked for, when it is known who is there. */
interface Asked {
  readonly account: Account;
  readonly scopes: readonly string[];
  readonly context: LaunchContext;
  /** The app needs a patient, and nobody has said which. */
  readonly choose: boolean;
}

/** The app's request ends with an error of RFC 6749's, which it is told. */
class Ended extends Error {
  constructor(
    readonly code: string,
    readonly why: string,
  ) {
    super(why);
  }
}

/** What a person sees between an app's request and its answer: login, whom it is about, what is allowed. */
export class Interactions {
  constructor(private readonly parts: InteractionParts) {}

  /** A page of the login. */
  async show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return this.within(request, reply, async (login) => {
      if (login.interaction.prompt.name === 'login') return this.askLogin(login, 200);
      const asked = await this.asked(login);
      if (!asked.choose && needsNoConsent(login.client, asked.account.tenant)) return this.grant(login, asked, asked.scopes);
      const { find } = request.query as { find?: unknown };
      if (asked.choose) return this.askPatient(login, asked.account, typeof find === 'string' ? find : undefined);
      return this.askConsent(login, asked);
    });
  }

  /** A form of it. */
  async take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return this.within(request, reply, async (login) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      if (!(await this.parts.proofs.holds(login.interaction.uid, form.get('proof')))) throw new ForeignForm();
      const step = form.get('step');
      if (step === 'cancel') throw new Ended('access_denied', 'the person refused');
      if (login.interaction.prompt.name === 'login') return this.logIn(login, form);
      const asked = await this.asked(login);
      if (step === 'patient') return this.choose(login, asked, form.get('patient') ?? '');
      if (asked.choose || step !== 'consent') return this.show(request, reply);
      const ticked = form.getAll('scope');
      return this.grant(
        login,
        asked,
        asked.scopes.filter((scope) => ticked.includes(scope)),
      );
    });
  }

  private async within(request: FastifyRequest, reply: FastifyReply, work: (login: Login) => Promise<FastifyReply>): Promise<FastifyReply> {
    const provider = await this.parts.issuer.current();
    const interaction = await provider.interactionDetails(request.raw, reply.raw).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'SessionNotFound') return undefined; // oidc-provider's; loaded by now, but not by us
      throw error;
    });
    const { uid } = request.params as { uid: string };
    const client = interaction?.uid === uid ? await provider.Client.find(String(interaction.params['client_id'])) : undefined;
    if (interaction === undefined || client === undefined)
      return reply
        .code(400)
        .headers(pageHeaders())
        .send(messagePage('This login is over', 'It took too long, or it was finished. Begin again in the app.'));
    const login = { provider, interaction, client, app: client.clientName ?? client.clientId, request, reply };
    try {
      return await work(login);
    } catch (error) {
      if (error instanceof NoPatients) return this.finish(login, { error: 'access_denied', error_description: error.message });
      if (!(error instanceof Ended)) throw error;
      return this.finish(login, { error: error.code, error_description: error.why });
    }
  }

  private async askLogin(login: Login, status: number, more: { wrong?: string; username?: string } = {}): Promise<FastifyReply> {
    const proof = await this.parts.proofs.of(login.interaction.uid);
    return send(login, status, loginPage({ app: login.app, proof, ...more }));
  }

  private async logIn(login: Login, form: URLSearchParams): Promise<FastifyReply> {
    const [username, password, code] = ['username', 'password', 'code'].map((name) => form.get(name) ?? '');
    try {
      const way = { asking: askingOf(login.request.raw), client: login.client.clientId };
      const account = await this.parts.accounts.authenticate({ username, password, code, way });
      checkTenant(login.client, account);
      const amr = account.hasSecondFactor ? ['pwd', 'otp'] : ['pwd'];
      return await this.finish(login, { login: { accountId: account.id, remember: false, amr } });
    } catch (error) {
      if (error instanceof TooManyLogins) login.reply.header('Retry-After', String(error.retryAfterSeconds));
      else if (!(error instanceof WrongCredentials)) throw error;
      // A page is no API: 401 would ask for a WWW-Authenticate.
      return this.askLogin(login, error.status === 401 ? 400 : error.status, { wrong: error.message, username });
    }
  }

  /** What the app asks for and may have, and what is known of what it is about. */
  private async asked({ interaction, client }: Login): Promise<Asked> {
    const account = await this.parts.accounts.enabled(interaction.session?.accountId ?? '');
    if (account === undefined) throw new Ended('access_denied', 'the account is gone');
    checkTenant(client, account);
    const { scope, launch } = interaction.params;
    const scopes = allowedScopes(scopesIn(String(scope)), extrasOf(client).smart_scope, 'person');
    const context = scopes.includes('launch') ? await this.launched(launch, account, client) : {};
    if (isPatients(account) && context.patient !== undefined && context.patient !== account.patient)
      throw new Ended('access_denied', 'the launch is about somebody else');
    const { chosen } = (interaction.result ?? {}) as { chosen?: string };
    const patient = context.patient ?? (isPatients(account) ? (account.patient ?? undefined) : chosen);
    const choose = patient === undefined && wantsPatient(scopes);
    if (choose || (context.patient !== undefined && !isPatients(account))) checkMayLook(account);
    return {
      account,
      scopes: tellableScopes(scopes, account, context),
      context: patient === undefined ? context : { ...context, patient },
      choose,
    };
  }

  private async launched(handle: unknown, { tenant }: Account, { clientId }: Client): Promise<LaunchContext> {
    if (typeof handle !== 'string') throw new Ended('invalid_request', 'the scope launch needs the parameter launch');
    return this.parts.launches.look(handle, tenant, clientId).catch(launchEnded);
  }

  /** Of two who come with one handle at once the second ends as who comes later does. */
  private async use(handle: unknown, { tenant }: Account, { clientId }: Client): Promise<void> {
    await this.parts.launches.use(String(handle), tenant, clientId).catch(launchEnded);
  }

  private async askPatient(login: Login, account: Account, find: string | undefined): Promise<FastifyReply> {
    const found =
      find === undefined || find.trim() === '' ? undefined : await this.parts.patients.find(account, login.client.clientId, find);
    const proof = await this.parts.proofs.of(login.interaction.uid);
    return send(login, 200, patientPage({ app: login.app, proof, asked: find ?? '', found }));
  }

  private async choose(login: Login, { account, choose }: Asked, id: string): Promise<FastifyReply> {
    const { interaction, reply } = login;
    if (choose) {
      const { id: chosen } = await this.parts.patients.one(account, login.client.clientId, id);
      interaction.result = { chosen };
      await interaction.persist();
    }
    return reply.redirect(`${this.parts.address.base}/oauth/interaction/${interaction.uid}`, 303);
  }

  private async askConsent(login: Login, { account, scopes, context }: Asked): Promise<FastifyReply> {
    const proof = await this.parts.proofs.of(login.interaction.uid);
    const isShown = context.patient !== undefined && !isPatients(account);
    const patient = isShown ? await this.parts.patients.one(account, login.client.clientId, context.patient ?? '') : undefined;
    return send(login, 200, consentPage({ app: login.app, person: account.name, proof, scopes, patient }));
  }

  /** Writes down what was allowed, and for whom; what was not ticked was not asked for. */
  private async grant(login: Login, { account, scopes, context }: Asked, allowed: readonly string[]): Promise<FastifyReply> {
    const { provider, interaction, client, request } = login;
    const { launch } = interaction.params;
    if (allowed.length === 0) throw new Ended('access_denied', 'nothing was allowed');
    const isLaunched = allowed.includes('launch');
    const isAbout = wantsPatient(allowed);
    // Whom it is about is told by the launch, too: it is good once, whichever scope tells.
    if (scopes.includes('launch') && (isLaunched || isAbout)) await this.use(launch, account, client);
    const empty: Grant = new provider.Grant({ accountId: account.id, clientId: client.clientId });
    const grant = await newGrant(empty, allowed, this.parts.address);
    const known = isLaunched ? context : isAbout ? { patient: context.patient } : {};
    const granted = { grantId: grant.jti, account, clientId: client.clientId, scopes: allowed, way: { asking: askingOf(request.raw) } };
    await this.parts.launches.keep(granted, known, GRANT_SECONDS);
    interaction.params['scope'] = allowed.join(' ');
    await interaction.persist();
    return this.finish(login, { ...interaction.lastSubmission, consent: { grantId: grant.jti } });
  }

  private async finish({ provider, request, reply }: Login, result: Parameters<Provider['interactionResult']>[2]): Promise<FastifyReply> {
    const returnTo = await provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    return reply.header('Cache-Control', 'no-store').redirect(returnTo, 303);
  }
}

function launchEnded(error: unknown): never {
  if (error instanceof Fault && error.status === 404) throw new Ended('invalid_request', 'launch is unknown, used or expired');
  throw error;
}

function checkTenant(client: Client, { tenant }: Account): void {
  if (!isClientFor(client, tenant)) throw new Ended('access_denied', 'the app is of another organisation');
}

const send = ({ reply, interaction }: Login, status: number, text: string): FastifyReply =>
  reply
    .code(status)
    .headers(pageHeaders(String(interaction.params['redirect_uri'])))
    .send(text);
