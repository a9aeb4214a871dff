import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ROLES } from '../../access/roles.js';
import type { ClientForm } from '../../issuer/client-form.js';
import { Clients, type ClientWithSecret } from '../../issuer/clients.js';
import type { OauthClient } from '../../issuer/clients.sql.js';
import { callerOf } from '../called-by.js';
import { flagIn, membersOf, needed, objectOrNullIn, textIn, textOrNullIn, textsIn } from './json-asked.js';

const ID = { name: 'id', description: 'The client’s `client_id`' };
const URIS = { type: 'array', items: { type: 'string', format: 'uri' } };
const PROPERTIES = {
  name: { type: 'string' },
  redirectUris: { ...URIS, description: 'Where codes may go, letter by letter' },
  postLogoutRedirectUris: URIS,
  grantTypes: { type: 'array', items: { type: 'string', enum: ['authorization_code', 'refresh_token', 'client_credentials'] } },
  scope: { type: 'string', description: 'What it may ask for at most, with blanks between: launch/patient patient/*.rs' },
  authMethod: { type: 'string', enum: ['none', 'client_secret_basic', 'private_key_jwt'], default: 'none' },
  jwks: { type: 'object', nullable: true, description: 'Its public keys (RFC 7517), for private_key_jwt' },
  jwksUri: {
    type: 'string',
    nullable: true,
    description: 'Or where they are: by https at a public address, or at a host that CLIENT_KEYS_HOSTS allows',
  },
  roles: { type: 'array', items: { type: 'string', enum: [...ROLES] }, description: 'What it may do by itself; system unless said' },
  launchUri: { type: 'string', nullable: true },
  firstParty: {
    type: 'boolean',
    description: 'The organisation’s own: its people are not asked for consent; the first organisation’s is everybody’s',
  },
  disabled: { type: 'boolean' },
};
const CHANGEABLE = Object.keys(PROPERTIES);

/** The apps and systems of the caller's organisation that may ask for tokens, for who administers them. A secret is told once, when it is made. */
@ApiTags('Accounts and clients')
@ApiForbiddenResponse({ description: 'The caller administers no clients.' })
@Controller('access/clients')
export class ClientsController {
  constructor(private readonly clients: Clients) {}

  @Get()
  @ApiOperation({ summary: 'The clients of the organisation' })
  @ApiOkResponse({ description: '`clients`, by id.' })
  async list(@Req() request: FastifyRequest): Promise<{ clients: OauthClient[] }> {
    return { clients: await this.clients.list(callerOf(request)) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A client' })
  @ApiParam(ID)
  @ApiOkResponse({ description: 'It, without a secret.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such client.' })
  async one(@Param('id') id: string, @Req() request: FastifyRequest): Promise<OauthClient> {
    return this.clients.one(callerOf(request), id);
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Register a client' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['name', 'scope'],
      properties: { clientId: { type: 'string', description: 'One is made up unless given' }, ...PROPERTIES },
    },
  })
  @ApiCreatedResponse({ description: 'The client; with client_secret_basic its `clientSecret`, this once.' })
  @ApiConflictResponse({ description: 'The client id is taken.' })
  @ApiUnprocessableEntityResponse({ description: 'A property can’t be so.' })
  async create(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ClientWithSecret> {
    const given = membersOf(body, ['clientId', ...CHANGEABLE]);
    const form = changeIn(given);
    return this.clients.create(callerOf(request), {
      ...form,
      name: needed('name', form.name),
      scope: needed('scope', form.scope),
      ...(given['clientId'] !== undefined && { clientId: textIn(given, 'clientId') }),
    });
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a client; what it was granted ends' })
  @ApiParam(ID)
  @ApiBody({ schema: { type: 'object', properties: { ...PROPERTIES, newSecret: { type: 'boolean' } } } })
  @ApiOkResponse({ description: 'The client as it is now; a new `clientSecret` where newSecret asked for one.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such client.' })
  @ApiUnprocessableEntityResponse({ description: 'A property can’t be so.' })
  async change(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<ClientWithSecret> {
    const given = membersOf(body, [...CHANGEABLE, 'newSecret']);
    return this.clients.change(callerOf(request), id, changeIn(given), { secret: flagIn(given, 'newSecret') === true });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a client; what it was granted ends' })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such client.' })
  async remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    await this.clients.remove(callerOf(request), id);
  }
}

const changeIn = (given: Readonly<Record<string, unknown>>): Partial<ClientForm> => ({
  name: textIn(given, 'name'),
  redirectUris: textsIn(given, 'redirectUris'),
  postLogoutRedirectUris: textsIn(given, 'postLogoutRedirectUris'),
  grantTypes: textsIn(given, 'grantTypes'),
  scope: textIn(given, 'scope'),
  authMethod: textIn(given, 'authMethod'),
  jwks: objectOrNullIn(given, 'jwks'),
  jwksUri: textOrNullIn(given, 'jwksUri'),
  roles: textsIn(given, 'roles'),
  launchUri: textOrNullIn(given, 'launchUri'),
  firstParty: flagIn(given, 'firstParty'),
  disabled: flagIn(given, 'disabled'),
});
