import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PARTS, PERSON, type Part } from '../../evidence/studies/parts.js';
import { StudyLife, STEPS, type Step, type StudyView } from '../../evidence/studies/study-life.js';
import type { MemberRow, StudyRow } from '../../evidence/studies/studies.sql.js';
import { callerOf } from '../called-by.js';
import { anyText, bodyPlace, words, sliceIn } from './asked.js';

const ID = { name: 'id', description: 'Of the validation study' };

/** A study as it goes out: protocols without their content, which has its own address. */
const told = ({ protocols, ...view }: StudyView) => ({ ...view, protocols: protocols.map(({ content: _content, ...rest }) => rest) });

/** Validation studies: their life, and who takes part. */
@ApiTags('Validation studies')
@ApiForbiddenResponse({ description: 'The caller’s role, or part in the study, does not do this.' })
@Controller('evidence/studies')
export class StudiesController {
  constructor(private readonly life: StudyLife) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Make a study, a draft' })
  @ApiBody({ schema: { type: 'object', required: ['title'], properties: { title: { type: 'string' } } } })
  @ApiCreatedResponse({ description: 'The study.' })
  async create(@Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { title } = bodyPlace(body).object<{ title: string }>({ title: words });
    return told(await this.life.create(callerOf(request), title));
  }

  @Get()
  @ApiOperation({ summary: 'Studies, newest first' })
  @ApiQuery({ name: 'count', required: false, description: 'How many, 200 at most; 50' })
  @ApiQuery({ name: 'after', required: false, description: 'Id of the last study of the page before' })
  @ApiOkResponse({ description: '`studies`; `next` where there may be more: `after` of the next page.' })
  async list(
    @Req() request: FastifyRequest,
    @Query('count') count?: string,
    @Query('after') after?: string,
  ): Promise<{ studies: StudyRow[]; next?: string }> {
    const slice = sliceIn(count, after);
    const studies = await this.life.page(callerOf(request), slice);
    return { studies, ...(studies.length === slice.limit && { next: studies[slice.limit - 1].id }) };
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A study: steps, versions of its protocol, members, signatures, and how far it is; nothing of truth, answers or results',
  })
  @ApiParam(ID)
  @ApiOkResponse({ description: 'It.' })
  @ApiNotFoundResponse({ description: 'The organisation has no such study.' })
  async one(@Param('id') study: string, @Req() request: FastifyRequest): Promise<object> {
    return told(await this.life.one(callerOf(request), study));
  }

  @Post(':id/steps')
  @HttpCode(201)
  @ApiOperation({ summary: 'Take a study on: locked, running, unblinded, closed; or terminated' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['state', 'reason'],
      properties: { state: { type: 'string', enum: [...STEPS] }, reason: { type: 'string' } },
    },
  })
  @ApiCreatedResponse({ description: 'The study as it is now.' })
  @ApiConflictResponse({ description: 'It can’t go there yet; `code` says what is missing.' })
  async step(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    const { state, reason } = bodyPlace(body).object<{ state: Step; reason: string }>({ state: (at) => at.oneOf(STEPS), reason: anyText });
    return told(await this.life.step(callerOf(request), study, state, reason));
  }

  @Post(':id/members')
  @HttpCode(201)
  @ApiOperation({ summary: 'Give somebody a part in a study; nobody gives one to themselves, and nobody has two' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['person', 'role', 'qualification', 'simulated'],
      properties: {
        person: { type: 'string', description: 'As the ledger names them: `user:ID`; of a simulated reader `simulated:NAME` will do' },
        role: { type: 'string', enum: [...PARTS] },
        qualification: { type: 'string' },
        simulated: { type: 'boolean', description: 'It is a program: every table and report says so' },
      },
    },
  })
  @ApiCreatedResponse({ description: 'The member; `key` is what tables know them by.' })
  @ApiConflictResponse({ description: 'The person has a part, or it is too late.' })
  async addMember(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<MemberRow> {
    const asked = bodyPlace(body).object<{ person: string; role: Part; qualification: string; simulated: boolean }>({
      person: (at) => at.text(PERSON, 'user:ID, or simulated:NAME'),
      role: (at) => at.oneOf(PARTS),
      qualification: anyText,
      simulated: (at) => at.truth(),
    });
    return this.life.addMember(callerOf(request), study, asked);
  }

  @Post(':id/deviations')
  @HttpCode(204)
  @ApiOperation({ summary: 'Say what was done otherwise than planned' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['kind', 'description'],
      properties: { kind: { type: 'string', enum: ['deviation', 'post-hoc'] }, description: { type: 'string' } },
    },
  })
  async addDeviation(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<void> {
    const { kind, description } = bodyPlace(body).object<{ kind: string; description: string }>({
      kind: (at) => at.oneOf(['deviation', 'post-hoc']),
      description: words,
    });
    await this.life.addDeviation(callerOf(request), study, kind, description);
  }
}
