import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Meta } from 'fhir/r4.js';
import { Records } from '../../records/records.js';
import { RecordSearch } from '../../records/search/record-search.js';
import { STORED_TYPES } from '../../records/served-types.js';
import { callerOf } from '../called-by.js';
import { checkedId, checkedType } from './addresses.js';
import { answer, FHIR_JSON, formAsked } from './answer.js';
import { PostedParameters } from './operation-parameters.js';

const TYPE = { name: 'type', description: 'A resource type of the CapabilityStatement' };
const RETURNED = { description: 'Parameters with one named `return`.' };

/** `$meta` (R4 resource-operation-meta.html): the tags, labels and profiles of a resource, of a type, of all. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class FhirMetaController {
  constructor(
    private readonly records: Records,
    private readonly search: RecordSearch,
  ) {}

  @Get('$meta')
  @ApiOperation({ summary: 'All tags, labels and profiles in use (R4 resource-operation-meta.html)' })
  @ApiOkResponse(RETURNED)
  async ofAll(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    formAsked(request);
    await tell(request, reply, await this.search.labels(callerOf(request), STORED_TYPES));
  }

  @Post('$meta')
  @PostedParameters()
  @ApiOperation({ summary: 'All tags, labels and profiles in use, by POST (R4 operations.html#executing)' })
  @ApiOkResponse(RETURNED)
  async ofAllByPost(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ofAll(request, reply);
  }

  @Get(':type/$meta')
  @ApiOperation({ summary: 'The tags, labels and profiles that resources of a type have (R4 resource-operation-meta.html)' })
  @ApiParam(TYPE)
  @ApiOkResponse(RETURNED)
  async ofType(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    formAsked(request);
    await tell(request, reply, await this.search.labels(callerOf(request), [checkedType(type)]));
  }

  @Post(':type/$meta')
  @PostedParameters()
  @ApiOperation({ summary: 'The tags, labels and profiles that resources of a type have, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiOkResponse(RETURNED)
  async ofTypeByPost(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ofType(type, request, reply);
  }

  @Get(':type/:id/$meta')
  @ApiOperation({ summary: 'The tags, labels and profiles of a resource (R4 resource-operation-meta.html)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse(RETURNED)
  async ofOne(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    formAsked(request);
    const { content } = await this.records.read(callerOf(request), checkedType(type), checkedId(id));
    await tell(request, reply, (JSON.parse(content) as { meta: Meta }).meta); // every stored resource has one
  }

  @Post(':type/:id/$meta')
  @PostedParameters()
  @ApiOperation({ summary: 'The tags, labels and profiles of a resource, by POST (R4 operations.html#executing)' })
  @ApiParam(TYPE)
  @ApiParam({ name: 'id' })
  @ApiOkResponse(RETURNED)
  async ofOneByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.ofOne(type, id, request, reply);
  }
}

/** Nothing in use is a parameter without a value: an empty Meta is no FHIR JSON (R4 json.html). */
async function tell(request: FastifyRequest, reply: FastifyReply, meta: Meta): Promise<void> {
  const isEmpty = Object.keys(meta).length === 0;
  const parameters = { resourceType: 'Parameters', ...(!isEmpty && { parameter: [{ name: 'return', valueMeta: meta }] }) };
  await answer(request, reply, JSON.stringify(parameters));
}
