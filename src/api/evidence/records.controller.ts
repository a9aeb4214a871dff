import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiPreconditionFailedResponse,
  ApiQuery,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RECORD_TYPE_NAMES, recordTypeName } from '../../evidence/regulatory/record-types.js';
import { RegulatoryRecords } from '../../evidence/regulatory/regulatory-records.js';
import type { StoredRecord } from '../../evidence/regulatory/regulatory-records.sql.js';
import { callerOf } from '../called-by.js';
import { beginOnRecord, decide, mayChange } from '../conditional.js';
import { pageAsked, type PageQuery } from './page-asked.js';
import { addressOf, listedRecord, nextPage, recordForm, recordId, recordVersion, versionTag, type RecordForm } from './record-form.js';

const TYPE = { name: 'type', enum: RECORD_TYPE_NAMES };
const ID = { name: 'id', description: 'Of the record: stable over its versions' };
const REASON = { type: 'string', maxLength: 2_000, description: 'Why it is written: on the ledger, and beside the version' };
const CONTENT = { type: 'object', description: 'As `/evidence/record-types` has it of the type' };
const RECORD_ETAG = { ETag: { description: 'Of the version: what If-Match takes', schema: { type: 'string' } } };

/** The regulatory file: what is said of devices, in versions that nobody changes. */
@ApiTags('Regulatory file')
@ApiForbiddenResponse({ description: 'The caller has no part in the regulatory file.' })
@ApiNotFoundResponse({ description: 'There is no such type, record or version.' })
@Controller('evidence/records/:type')
export class RecordsController {
  constructor(private readonly records: RegulatoryRecords) {}

  @Get()
  @ApiOperation({ summary: 'The records of a type, each in its newest version' })
  @ApiParam(TYPE)
  @ApiQuery({ name: 'count', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } })
  @ApiQuery({ name: 'after', required: false, description: 'Id of the last record of the page before' })
  @ApiOkResponse({ description: '`records` by their ids; `next` is the address of the next page, where there is one.' })
  async page(
    @Param('type') type: string,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
  ): Promise<{ records: RecordForm[]; next?: string }> {
    const { count, ...slice } = pageAsked(query);
    const name = recordTypeName(type);
    const rows = await this.records.page(callerOf(request), name, slice);
    const shown = rows.slice(0, count);
    const last = rows.length > count ? shown.at(-1) : undefined;
    return { records: shown.map(listedRecord), ...(last && { next: nextPage(name, last.id, count) }) };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Write the first version of a record' })
  @ApiParam(TYPE)
  @ApiBody({
    schema: {
      type: 'object',
      required: ['content'],
      properties: { id: { type: 'string', description: 'A UUID is given unless there is one' }, reason: REASON, content: CONTENT },
    },
  })
  @ApiCreatedResponse({ description: 'The version, at `Location`.', headers: RECORD_ETAG })
  @ApiConflictResponse({ description: 'The id is taken.' })
  @ApiUnprocessableEntityResponse({ description: 'The content is not what its type has; `detail` names the place.' })
  async add(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecordForm> {
    return written(await this.records.add(callerOf(request), recordTypeName(type), body), reply);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A record in its newest version' })
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiOkResponse({ description: 'The version; `canonical` is the text (RFC 8785) that `sha256` is of.', headers: RECORD_ETAG })
  async newest(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = callerOf(request);
    await this.give(request, reply, await this.records.read(caller, recordTypeName(type), recordId(id)));
  }

  @Post(':id')
  @HttpCode(201)
  @ApiOperation({ summary: 'Write the next version of a record' })
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the newest version' })
  @ApiBody({ schema: { type: 'object', required: ['content', 'reason'], properties: { reason: REASON, content: CONTENT } } })
  @ApiCreatedResponse({ description: 'The version, at `Location`.', headers: RECORD_ETAG })
  @ApiPreconditionFailedResponse({ description: 'If-Match names none, or another than the newest version.' })
  @ApiUnprocessableEntityResponse({ description: 'The content is not what its type has; `detail` names the place.' })
  async addVersion(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecordForm> {
    const { headers } = request;
    const isSeen = (newest: StoredRecord): boolean =>
      headers['if-match'] !== undefined && mayChange({ 'if-match': headers['if-match'] }, [{ etag: versionTag(newest) }]);
    return written(await this.records.addVersion(callerOf(request), recordTypeName(type), recordId(id), body, isSeen), reply);
  }

  @Get(':id/versions/:version')
  @ApiOperation({ summary: 'A version of a record' })
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiParam({ name: 'version', description: 'From 1, without gaps' })
  @ApiOkResponse({ description: 'The version; `canonical` is the text (RFC 8785) that `sha256` is of.', headers: RECORD_ETAG })
  async version(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('version') version: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = callerOf(request);
    await this.give(request, reply, await this.records.read(caller, recordTypeName(type), recordId(id), recordVersion(version)));
  }

  private async give(request: FastifyRequest, reply: FastifyReply, record: StoredRecord): Promise<void> {
    const decision = decide(request, { etag: versionTag(record), lastModified: record.createdAt });
    void reply.type('application/json; charset=utf-8');
    if (!(await beginOnRecord(reply, decision, () => this.records.looked(callerOf(request), record)))) return;
    void reply.send(JSON.stringify(recordForm(record)));
  }
}

function written(record: StoredRecord, reply: FastifyReply): RecordForm {
  reply.header('Location', addressOf(record)).header('ETag', versionTag(record));
  return recordForm(record);
}
