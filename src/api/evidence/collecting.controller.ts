import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ARMS } from '../../evidence/analysis/study-tables.js';
import { marksAt } from '../../evidence/studies/read-marks.js';
import { ReaderStudy, type OpenedCase, type ReadingAsked } from '../../evidence/studies/reader-study.js';
import { Truth, type LabelAsked, type ToLabel } from '../../evidence/studies/truth.js';
import type { ReferenceRow } from '../../evidence/studies/truth.sql.js';
import { callerOf } from '../called-by.js';
import { anyText, bit, bodyPlace, caseKey, textBody, words } from './asked.js';
import { broughtBy, BROUGHT_FORMS } from './brought-bodies.js';
import { CSV } from './csv-bodies.js';

const ID = { name: 'id', description: 'Of the validation study' };
const ROWS = { schema: { type: 'object', properties: { rows: { type: 'integer' } } } } as const;

/** What people say of cases: truth, and readings. */
@ApiTags('Validation studies')
@ApiForbiddenResponse({ description: 'The caller’s role, or part in the study, does not do this, or is not blinded.' })
@ApiNotFoundResponse({ description: 'There is no such study, or case.' })
@ApiConflictResponse({ description: 'A rule of studies refuses it; `code` says which.' })
@Controller('evidence/studies/:id')
export class CollectingController {
  constructor(
    private readonly truth: Truth,
    private readonly readers: ReaderStudy,
  ) {}

  @Get('labelling/next')
  @ApiOperation({ summary: 'The case that a truther is to label next' })
  @ApiParam(ID)
  @ApiOkResponse({ description: '`caseKey`, null where none is left; `left`: how many, with it.' })
  async nextToLabel(@Param('id') study: string, @Req() request: FastifyRequest): Promise<ToLabel> {
    return this.truth.next(callerOf(request), study);
  }

  @Post('labels')
  @HttpCode(204)
  @ApiOperation({ summary: 'Label a case, as a truther' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['caseKey', 'label', 'method', 'adjudicates'],
      properties: {
        caseKey: { type: 'string' },
        label: { type: 'integer', enum: [0, 1], nullable: true, description: '1 has the disease; null: it can’t be told' },
        method: { type: 'string', description: 'panel, say' },
        adjudicates: { type: 'boolean', description: 'It decides between others’ labels' },
      },
    },
  })
  async label(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<void> {
    const asked = bodyPlace(body).object<LabelAsked>({ caseKey, label: bit, method: words, adjudicates: (at) => at.truth() });
    await this.truth.label(callerOf(request), study, asked);
  }

  @Post('labels/import')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Bring labels from pathology, follow-up or a record: a table with case_id, label, method; Observations; a structured report',
  })
  @ApiParam(ID)
  @ApiConsumes(...BROUGHT_FORMS)
  @ApiBody({ schema: { type: 'string' } })
  @ApiCreatedResponse({ description: '`rows`: how many.', ...ROWS })
  @ApiUnprocessableEntityResponse({ description: 'A row is none; nothing was taken.' })
  async importLabels(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<{ rows: number }> {
    return { rows: await this.truth.importLabels(callerOf(request), study, await broughtBy(request, body)) };
  }

  @Post('variables/import')
  @HttpCode(201)
  @ApiOperation({ summary: 'Bring what else is known of cases: a table with case_id and a column for each variable' })
  @ApiParam(ID)
  @ApiConsumes(CSV)
  @ApiBody({ schema: { type: 'string' } })
  @ApiCreatedResponse({ description: '`rows`: how many values.', ...ROWS })
  @ApiUnprocessableEntityResponse({ description: 'A row is none; nothing was taken.' })
  async importVariables(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<{ rows: number }> {
    return { rows: await this.truth.importVariables(callerOf(request), study, textBody(body, CSV)) };
  }

  @Post('reference')
  @HttpCode(201)
  @ApiOperation({ summary: 'Freeze the reference standard, by the protocol’s rule' })
  @ApiParam(ID)
  @ApiCreatedResponse({ description: 'Its digest.' })
  async freezeReference(@Param('id') study: string, @Req() request: FastifyRequest): Promise<ReferenceRow> {
    return this.truth.freeze(callerOf(request), study);
  }

  @Post('cases/open')
  @HttpCode(200)
  @ApiOperation({ summary: 'Open a reader’s next case: its time runs from now' })
  @ApiParam(ID)
  @ApiOkResponse({ description: '`case`: its key, arm, place, and what the model answered in an arm with it; null where none is left.' })
  async open(@Param('id') study: string, @Req() request: FastifyRequest): Promise<{ case: OpenedCase | null }> {
    return { case: await this.readers.open(callerOf(request), study) };
  }

  @Get('cases/:case/image')
  @ApiOperation({ summary: 'The image of a case, to the reader who has it open or a truther' })
  @ApiParam(ID)
  @ApiParam({ name: 'case', description: 'Its key' })
  @ApiProduces('image/png')
  @ApiOkResponse({ description: 'It, as it says itself that it is to be shown; nothing of its header.' })
  @Header('Cache-Control', 'no-store')
  async image(@Param('id') study: string, @Param('case') key: string, @Req() request: FastifyRequest): Promise<StreamableFile> {
    const { bytes, mediaType } = await this.readers.image(callerOf(request), study, bodyPlace({ case: key }).member('case').text());
    return new StreamableFile(bytes, { type: mediaType, length: bytes.length });
  }

  @Post('readings')
  @HttpCode(204)
  @ApiOperation({ summary: 'Read the open case: it stands' })
  @ApiParam(ID)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['caseKey', 'arm', 'rating', 'clinicalAction', 'status', 'reason'],
      properties: {
        caseKey: { type: 'string' },
        arm: { type: 'string', enum: [...ARMS] },
        rating: { type: 'integer', nullable: true, description: 'On the protocol’s scale' },
        clinicalAction: { type: 'integer', enum: [0, 1], nullable: true },
        status: { type: 'string', enum: ['read', 'not-evaluable'] },
        reason: { type: 'string', description: 'Why it could not be read' },
        marks: { type: 'array', items: { type: 'object' }, description: 'Where, in pixels: x, y, and a rating each' },
      },
    },
  })
  async read(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<void> {
    const { marks, ...asked } = bodyPlace(body).object<Omit<ReadingAsked, 'marks'> & { marks?: object[] }>(
      {
        caseKey,
        arm: (at) => at.oneOf(ARMS),
        rating: (at) => (at.isNull() ? null : at.whole(-1_000, 1_000)),
        clinicalAction: bit,
        status: (at) => at.oneOf(['read', 'not-evaluable']),
        reason: anyText,
        marks: marksAt,
      },
      ['marks'],
    );
    await this.readers.submit(callerOf(request), study, { ...asked, marks: marks === undefined ? null : JSON.stringify(marks) });
  }

  @Post('readings/import')
  @HttpCode(201)
  @ApiOperation({
    summary:
      'Bring readings made elsewhere: a table with reader_id, case_id, arm, rating, clinical_action, submitted_at, reason; Observations; a structured report',
  })
  @ApiParam(ID)
  @ApiConsumes(...BROUGHT_FORMS)
  @ApiBody({ schema: { type: 'string' } })
  @ApiCreatedResponse({ description: '`rows`: how many.', ...ROWS })
  @ApiUnprocessableEntityResponse({ description: 'A row is none; nothing was taken.' })
  async importReadings(@Param('id') study: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<{ rows: number }> {
    return { rows: await this.readers.importReadings(callerOf(request), study, await broughtBy(request, body)) };
  }
}
