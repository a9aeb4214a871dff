import { Body, Controller, Delete, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOCAL_CALLER } from '../../access/caller.js';
import { PublicAddress } from '../../public-address.js';
import { draftOf, type Draft } from '../../records/edit/draft.js';
import type { Conditions, Edited } from '../../records/edit/edit.js';
import { Edits, type Condition } from '../../records/edit/edits.js';
import { ConditionAbsent } from '../../records/edit/faults.js';
import { parseSearch } from '../../records/search/parse-search.js';
import { baseUrl } from '../base-url.js';
import { preference } from '../preferences.js';
import { checkedId, checkedType } from './addresses.js';
import { answer, etagOf, FHIR_JSON, matchedVersion, queryPairs } from './answer.js';
import { BodyAbsent } from './validate-faults.js';

const TYPE = { name: 'type', description: 'A resource type of the CapabilityStatement' };
const JSON_BODY = [FHIR_JSON, 'application/json'] as const;

/** FHIR R4: what clients write (R4 http.html#create, #update, #delete), with and without a condition. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiHeader({ name: 'prefer', required: false, description: 'return=minimal, representation or OperationOutcome' })
@Controller('fhir')
export class FhirEditController {
  constructor(
    private readonly edits: Edits,
    private readonly address: PublicAddress,
  ) {}

  @Post(':type')
  @ApiOperation({ summary: 'Create a resource (R4 http.html#create)' })
  @ApiParam(TYPE)
  @ApiConsumes(...JSON_BODY)
  @ApiBody({ schema: { type: 'object' } })
  @ApiHeader({ name: 'if-none-exist', required: false, description: 'A search: nothing is created where something meets it' })
  @ApiResponse({ status: 201, description: 'The resource with its id and version.' })
  async create(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const draft = this.draft(type, body);
    const condition = request.headers['if-none-exist'];
    const asked = condition === undefined ? undefined : this.condition(type, [...new URLSearchParams(String(condition))], request);
    await this.tell(request, reply, await this.edits.create(LOCAL_CALLER, draft, asked));
  }

  @Put(':type/:id')
  @ApiOperation({ summary: 'Update a resource, or create it under this id (R4 http.html#update, #upsert)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiConsumes(...JSON_BODY)
  @ApiBody({ schema: { type: 'object' } })
  @ApiHeader({ name: 'if-match', required: false, description: 'ETag of the version that it follows' })
  @ApiResponse({ status: 200, description: 'The resource with its new version; 201 where there was none.' })
  async update(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const draft = this.draft(type, body);
    await this.tell(request, reply, await this.edits.put(LOCAL_CALLER, draft, checkedId(id), conditionsOf(request)));
  }

  @Put(':type')
  @ApiOperation({ summary: 'Update the one resource that meets a search, or create it (R4 http.html#cond-update)' })
  @ApiParam(TYPE)
  @ApiConsumes(...JSON_BODY)
  @ApiBody({ schema: { type: 'object' } })
  @ApiResponse({ status: 200, description: 'The resource with its new version; 201 where there was none.' })
  async updateWhere(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const draft = this.draft(type, body);
    const condition = this.condition(type, queryPairs(request), request);
    await this.tell(request, reply, await this.edits.putWhere(LOCAL_CALLER, draft, condition, conditionsOf(request)));
  }

  @Delete(':type/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a resource; its versions stay (R4 http.html#delete)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiResponse({ status: 204, description: 'Deleted, now or before.' })
  async remove(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await removed(reply, await this.edits.remove(LOCAL_CALLER, checkedType(type), checkedId(id), conditionsOf(request)));
  }

  @Delete(':type')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete the one resource that meets a search (R4 http.html#cdelete)' })
  @ApiParam(TYPE)
  @ApiResponse({ status: 204, description: 'Deleted, or nothing meets it.' })
  async removeWhere(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const condition = this.condition(checkedType(type), queryPairs(request), request);
    await removed(reply, await this.edits.removeWhere(LOCAL_CALLER, type, condition, conditionsOf(request)));
  }

  private draft(type: string, body: unknown): Draft {
    checkedType(type);
    if (typeof body !== 'string' || body === '') throw new BodyAbsent();
    return draftOf(body, type);
  }

  /** A search that must name something: without a parameter any resource would meet it. */
  private condition(type: string, parameters: [string, string][], request: FastifyRequest): Condition {
    const base = `${baseUrl(request, this.address)}/fhir`;
    const { search, used } = parseSearch({ type, parameters, lenient: false }, { base, now: Date.now() });
    if (search.conditions.length === 0) throw new ConditionAbsent();
    return {
      search,
      words: used
        .map(([name, value]) => `${name}=${value}`)
        .sort()
        .join('&'),
    };
  }

  /** What became of it (R4 http.html#ops): status, Location, ETag, and as much as `Prefer: return` asks for. */
  private async tell(request: FastifyRequest, reply: FastifyReply, { outcome, row }: Edited): Promise<void> {
    if (row === undefined) return void (await reply.code(204).send());
    const base = `${baseUrl(request, this.address)}/fhir`;
    reply
      .code(outcome === 'created' ? 201 : 200)
      .header('Location', `${base}/${row.type}/${row.id}/_history/${row.version}`)
      .header('ETag', etagOf(row.version))
      .header('Last-Modified', row.lastUpdated.toUTCString());
    switch (preference(request.headers.prefer, 'return')) {
      case 'minimal':
        return void (await reply.send());
      case 'operationoutcome':
        return answer(request, reply, JSON.stringify(outcomeOf(outcome)));
      default:
        return answer(request, reply, row.content);
    }
  }
}

const WORDS: Readonly<Record<Edited['outcome'], string>> = {
  created: 'The resource was created.',
  updated: 'The resource was updated.',
  unchanged: 'The resource says this already: nothing was changed.',
  deleted: 'The resource was deleted.',
  absent: 'There is no such resource.',
};

const outcomeOf = (outcome: Edited['outcome']) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', details: { text: WORDS[outcome] } }],
});

const conditionsOf = ({ headers }: FastifyRequest): Conditions => ({
  ...(matchedVersion(headers['if-match']) !== undefined && { version: matchedVersion(headers['if-match']) }),
  ...(headers['if-none-match']?.trim() === '*' && { mustBeNew: true }),
});

async function removed(reply: FastifyReply, edited: Edited | undefined): Promise<void> {
  if (edited?.outcome === 'deleted' && edited.row) reply.header('ETag', etagOf(edited.row.version));
  await reply.code(204).send();
}
