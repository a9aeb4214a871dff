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
import type { Caller } from '../../access/caller.js';
import { ROLES } from '../../access/roles.js';
import { Accounts, isFhirUser, type AccountChangeForm } from '../../issuer/accounts.js';
import type { Account } from '../../issuer/accounts.sql.js';
import { UnfitProperty } from '../../issuer/faults.js';
import { callerOf } from '../called-by.js';
import { flagIn, membersOf, needed, textIn, textOrNullIn, textsIn, UnfitMember } from './json-asked.js';
import { Patients } from './patients.js';

const ID = { name: 'id', description: 'Of the account' };
const PROPERTIES = {
  name: { type: 'string' },
  password: { type: 'string', minLength: 12 },
  roles: { type: 'array', items: { type: 'string', enum: ROLES.filter((role) => role !== 'system') } },
  fhirUser: { type: 'string', nullable: true, description: 'The FHIR resource that the person is, and that is there: Practitioner/…' },
  patient: { type: 'string', nullable: true, description: 'Id of the Patient that the person is' },
};
const CHANGEABLE = ['name', 'password', 'roles', 'fhirUser', 'patient'] as const;

/** The accounts of the caller's organisation, for who administers them. No answer holds a password or what it could be guessed by. */
@ApiTags('Accounts and clients')
@ApiForbiddenResponse({ description: 'The caller administers no accounts.' })
@Controller('access/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly patients: Patients,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The accounts of the organisation' })
  @ApiOkResponse({ description: '`accounts`, by user name.' })
  async list(@Req() request: FastifyRequest): Promise<{ accounts: Account[] }> {
    return { accounts: await this.accounts.list(callerOf(request)) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'An account' })
  @ApiParam(ID)
  @ApiOkResponse({ description: 'It.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such account.' })
  async one(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Account> {
    return this.accounts.one(callerOf(request), id);
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Make an account' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['username', 'name', 'password', 'roles'],
      properties: { username: { type: 'string' }, ...PROPERTIES },
    },
  })
  @ApiCreatedResponse({ description: 'The account.' })
  @ApiConflictResponse({ description: 'The user name is taken.' })
  @ApiUnprocessableEntityResponse({ description: 'A property can’t be so.' })
  async create(@Body() body: unknown, @Req() request: FastifyRequest): Promise<Account> {
    const given = membersOf(body, ['username', ...CHANGEABLE]);
    const form = changeIn(given);
    await this.checkPersons(callerOf(request), form);
    return this.accounts.create(callerOf(request), {
      ...form,
      username: needed('username', textIn(given, 'username')),
      name: needed('name', form.name),
      password: needed('password', form.password),
      roles: needed('roles', form.roles),
    });
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change an account; where its rights, its password or its being enabled change, its sessions and tokens end' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      properties: {
        ...PROPERTIES,
        disabled: { type: 'boolean' },
        totp: { type: 'object', nullable: true, description: 'Null alone: turns the second factor off for who has lost it' },
      },
    },
  })
  @ApiOkResponse({ description: 'The account as it is now.' })
  @ApiConflictResponse({ description: 'It is the last administrator.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such account.' })
  @ApiUnprocessableEntityResponse({ description: 'A property can’t be so.' })
  async change(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<Account> {
    const given = membersOf(body, [...CHANGEABLE, 'disabled', 'totp']);
    if (given['totp'] !== undefined && given['totp'] !== null) throw new UnfitMember('totp', 'null: a person sets it up alone');
    const form = { ...changeIn(given), disabled: flagIn(given, 'disabled'), ...(given['totp'] === null && { totp: null }) };
    await this.checkPersons(callerOf(request), form);
    return this.accounts.change(callerOf(request), id, form);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an account; its sessions and tokens end' })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiConflictResponse({ description: 'It is the last administrator.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such account.' })
  async remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    await this.accounts.remove(callerOf(request), id);
  }

  /** Throws UnfitProperty where the person, or the Patient, that the account shall be of is not there. */
  private async checkPersons({ tenant }: Caller, { patient, fhirUser }: AccountChangeForm): Promise<void> {
    if (typeof patient === 'string' && !(await this.patients.has(tenant, `Patient/${patient}`)))
      throw new UnfitProperty('patient', 'is the id of a Patient who is there');
    if (typeof fhirUser === 'string' && isFhirUser(fhirUser) && !(await this.patients.has(tenant, fhirUser)))
      throw new UnfitProperty('fhirUser', 'refers to somebody who is there');
  }
}

const changeIn = (given: Readonly<Record<string, unknown>>): AccountChangeForm => ({
  name: textIn(given, 'name'),
  password: textIn(given, 'password'),
  roles: textsIn(given, 'roles'),
  fhirUser: textOrNullIn(given, 'fhirUser'),
  patient: textOrNullIn(given, 'patient'),
});
