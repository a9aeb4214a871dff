import { Body, Controller, Delete, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { conditionOf } from '../../records/edit/condition.js';
import { Edits } from '../../records/edit/edits.js';
import { RecordSearch } from '../../records/search/record-search.js';
import type { ParseContext } from '../../records/search/parse-condition.js';
import { callerOf } from '../called-by.js';
import { checkedId, checkedType, fhirBase } from './addresses.js';
import { FHIR_JSON, queryPairs } from './answer.js';
import { conditionsIn, draftFrom, tellEdited, tellRemoved } from './edit-answers.js';

const TYPE = { name: 'type', description: 'A resource type of the CapabilityStatement' };
const BODY = [FHIR_JSON, 'application/json', 'application/fhir+xml'] as const;

/** FHIR R4: what clients write (R4 http.html#create, #update, #delete), with and without a condition. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiHeader({ name: 'prefer', required: false, description: 'return=minimal, representation or OperationOutcome' })
@Controller('fhir')
export class FhirEditController {
  constructor(
    private readonly edits: Edits,
    private readonly search: RecordSearch,
    private readonly address: PublicAddress,
  ) {}

  @Post(':type')
  @ApiOperation({ summary: 'Create a resource (R4 http.html#create)' })
  @ApiParam(TYPE)
  @ApiConsumes(...BODY)
  @ApiBody({ schema: { type: 'object' } })
  @ApiHeader({ name: 'if-none-exist', required: false, description: 'A search: nothing is created where something meets it' })
  @ApiResponse({ status: 201, description: 'The resource with its id and version.' })
  async create(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const draft = draftFrom(type, body, request, this.address);
    const condition = request.headers['if-none-exist'];
    const asked =
      condition === undefined ? undefined : conditionOf(type, [...new URLSearchParams(String(condition))], this.context(request));
    await tellEdited(request, reply, await this.edits.create(callerOf(request), draft, asked), fhirBase(request, this.address));
  }

  @Put(':type/:id')
  @ApiOperation({ summary: 'Update a resource, or create it under this id (R4 http.html#update, #upsert)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiConsumes(...BODY)
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
    const draft = draftFrom(type, body, request, this.address);
    await tellEdited(
      request,
      reply,
      await this.edits.put(callerOf(request), draft, checkedId(id), conditionsIn(request)),
      fhirBase(request, this.address),
    );
  }

  @Put(':type')
  @ApiOperation({ summary: 'Update the one resource that meets a search, or create it (R4 http.html#cond-update)' })
  @ApiParam(TYPE)
  @ApiConsumes(...BODY)
  @ApiBody({ schema: { type: 'object' } })
  @ApiResponse({ status: 200, description: 'The resource with its new version; 201 where there was none.' })
  async updateWhere(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const draft = draftFrom(type, body, request, this.address);
    const condition = conditionOf(type, queryPairs(request), this.context(request));
    await tellEdited(
      request,
      reply,
      await this.edits.putWhere(callerOf(request), draft, condition, conditionsIn(request)),
      fhirBase(request, this.address),
    );
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
    await tellRemoved(reply, await this.edits.remove(callerOf(request), checkedType(type), checkedId(id), conditionsIn(request)));
  }

  @Delete(':type')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete the one resource that meets a search (R4 http.html#cdelete)' })
  @ApiParam(TYPE)
  @ApiResponse({ status: 204, description: 'Deleted, or nothing meets it.' })
  async removeWhere(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const condition = conditionOf(checkedType(type), queryPairs(request), this.context(request));
    const removed = await this.edits.removeWhere(callerOf(request), type, condition, conditionsIn(request));
    if (removed === undefined) await this.search.unmet(callerOf(request), type, condition);
    await tellRemoved(reply, removed);
  }

  private context(request: FastifyRequest): ParseContext {
    return { base: fhirBase(request, this.address), now: Date.now() };
  }
}
