import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FIRST_TENANT } from '../../access/caller.js';
import { Fault } from '../../faults.js';
import type { ClientForm } from '../../issuer/client-form.js';
import { Clients } from '../../issuer/clients.js';
import { UnfitProperty } from '../../issuer/faults.js';
import { bySomebody } from '../../issuer/on-record.js';
import { allowedScopes, scopesIn } from '../../issuer/scopes.js';
import { Settings } from '../../settings.js';
import { askingOf } from '../asking.js';
import { membersOf, objectOrNullIn, textIn, textsIn, UnfitMember } from './json-asked.js';

/** Apps register themselves only where that is switched on. */
class NoRegistration extends Fault {
  readonly code = 'not-found';
  readonly status = 404;

  constructor() {
    super('Apps are registered by an administrator here.');
  }
}

/** What an app that nobody here has looked at may ask a person for; to act by itself it needs an administrator. */
const MOST = 'openid fhirUser profile launch launch/patient launch/encounter offline_access online_access patient/*.cruds user/*.cruds';

/** Dynamic client registration (RFC 7591), of apps that people log in to. Off unless OAUTH_REGISTRATION is 1. */
@ApiTags('SMART App Launch')
@Controller('oauth/register')
export class RegistrationController {
  constructor(
    private readonly clients: Clients,
    private readonly settings: Settings,
  ) {}

  @Post()
  @ApiOperation({ summary: 'An app registers itself (RFC 7591), where that is switched on' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['client_name', 'redirect_uris', 'scope'],
      properties: {
        client_name: { type: 'string' },
        redirect_uris: { type: 'array', items: { type: 'string', format: 'uri' } },
        grant_types: { type: 'array', items: { type: 'string', enum: ['authorization_code', 'refresh_token'] } },
        scope: { type: 'string' },
        token_endpoint_auth_method: { type: 'string', enum: ['none', 'client_secret_basic', 'private_key_jwt'] },
        jwks: { type: 'object' },
      },
    },
  })
  @ApiCreatedResponse({ description: 'What was registered, with `client_id`, and `client_secret` where it has one.' })
  @ApiNotFoundResponse({ description: 'It is switched off.' })
  async register(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.settings.OAUTH_REGISTRATION !== '1') throw new NoRegistration();
    void reply.header('Cache-Control', 'no-store');
    try {
      const client = await this.clients.register(formIn(body), FIRST_TENANT, bySomebody('anonymous', { asking: askingOf(request.raw) }));
      await reply.code(201).send({
        client_id: client.clientId,
        client_id_issued_at: Math.floor(client.since.getTime() / 1_000),
        client_name: client.name,
        redirect_uris: client.redirectUris,
        grant_types: client.grantTypes,
        response_types: ['code'],
        scope: client.scope,
        token_endpoint_auth_method: client.authMethod,
        ...(client.jwks !== null && { jwks: client.jwks }),
        ...(client.clientSecret !== undefined && { client_secret: client.clientSecret, client_secret_expires_at: 0 }),
      });
    } catch (error) {
      if (!(error instanceof UnfitProperty || error instanceof UnfitMember)) throw error;
      // RFC 7591 3.2.2
      const isAddress = error instanceof UnfitProperty && error.property === 'redirectUris';
      const code = isAddress ? 'invalid_redirect_uri' : 'invalid_client_metadata';
      await reply.code(400).send({ error: code, error_description: error.message });
    }
  }
}

/** Keys lie in the registration: nothing is fetched from where a stranger says. */
function formIn(body: unknown): ClientForm {
  const given = membersOf(body);
  const grantTypes = textsIn(given, 'grant_types');
  if (grantTypes?.includes('client_credentials') === true)
    throw new UnfitProperty('grant_types', 'are authorization_code and refresh_token');
  return {
    name: textIn(given, 'client_name') ?? '',
    redirectUris: textsIn(given, 'redirect_uris'),
    grantTypes,
    scope: allowedScopes(scopesIn(textIn(given, 'scope')), MOST, 'person').join(' '),
    authMethod: textIn(given, 'token_endpoint_auth_method') ?? 'client_secret_basic',
    jwks: objectOrNullIn(given, 'jwks'),
  };
}
