import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { inTenant } from '../../database/scope.js';
import type { Account } from '../../issuer/accounts.sql.js';
import { OrganisationAbsent } from '../../issuer/faults.js';
import { Organisations, type Organisation } from '../../issuer/organisations.js';
import { Definitions } from '../../reporting/definitions/definitions.js';
import { callerOf } from '../called-by.js';
import { membersOf, needed, textIn, textsIn } from './json-asked.js';

/** The organisations of the server, for who administers the first of them: the one that runs it. */
@ApiTags('Accounts and clients')
@ApiForbiddenResponse({ description: 'The caller does not administer the server.' })
@Controller('access/organisations')
export class OrganisationsController {
  constructor(
    private readonly organisations: Organisations,
    private readonly definitions: Definitions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The organisations of the server' })
  @ApiOkResponse({ description: '`organisations`, the first made first.' })
  async list(@Req() request: FastifyRequest): Promise<{ organisations: Organisation[] }> {
    return { organisations: await this.organisations.list(callerOf(request)) };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Make an organisation, whose data are kept apart from all others’' })
  @ApiBody({ schema: { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 200 } } } })
  @ApiCreatedResponse({ description: 'The organisation; its `id` is what tokens name it by (`tenant`).' })
  @ApiConflictResponse({ description: 'The name is taken.' })
  @ApiUnprocessableEntityResponse({ description: 'The name can’t be so.' })
  async create(@Body() body: unknown, @Req() request: FastifyRequest): Promise<Organisation> {
    const made = await this.organisations.create(callerOf(request), needed('name', textIn(membersOf(body, ['name']), 'name')));
    // Where the server ends before this, its next start does it.
    await inTenant(made.id, () => this.definitions.publish());
    return made;
  }

  @Post(':id/accounts')
  @HttpCode(201)
  @ApiOperation({ summary: 'Make the administrator of an organisation that has none, who makes its other accounts' })
  @ApiParam({ name: 'id', description: 'Of the organisation' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['username', 'name', 'password'],
      properties: {
        username: { type: 'string' },
        name: { type: 'string' },
        password: { type: 'string', minLength: 12 },
        roles: { type: 'array', items: { type: 'string', enum: ['administrator'] }, default: ['administrator'] },
      },
    },
  })
  @ApiCreatedResponse({ description: 'The account.' })
  @ApiForbiddenResponse({
    description: 'The caller does not administer the server, the organisation has an administrator, or another role is asked for.',
  })
  @ApiConflictResponse({ description: 'The user name is taken.' })
  @ApiNotFoundResponse({ description: 'There is no such organisation.' })
  @ApiUnprocessableEntityResponse({ description: 'A property can’t be so.' })
  async createAccount(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Account> {
    const caller = callerOf(request);
    const given = membersOf(body, ['username', 'name', 'password', 'roles']);
    if (!/^[1-9]\d{0,8}$/.test(id)) throw new OrganisationAbsent();
    return this.organisations.createAccount(caller, Number(id), {
      username: needed('username', textIn(given, 'username')),
      name: needed('name', textIn(given, 'name')),
      password: needed('password', textIn(given, 'password')),
      roles: textsIn(given, 'roles') ?? ['administrator'],
    });
  }
}
