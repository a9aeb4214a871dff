import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Records } from '../../records/records.js';
import { PublicAddress } from '../../public-address.js';
import { baseUrl } from '../base-url.js';
import { negotiate } from '../media-types.js';
import { capabilityStatement } from './capability-statement.js';
import { searchQuery } from './search-query.js';
import { searchsetText } from './searchset.js';
import { checkedId, checkedType } from './served-types.js';

const FHIR_JSON = 'application/fhir+json';

/** FHIR R4 REST: what an EHR fetches (http://hl7.org/fhir/R4/http.html). */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiHeader({ name: 'if-none-match', required: false, description: 'ETag of the version that the caller has' })
@Controller('fhir')
export class FhirController {
  constructor(
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  @Get('metadata')
  @ApiOperation({ summary: 'The capabilities of this server (R4 http.html#capabilities)' })
  @ApiOkResponse({ description: 'CapabilityStatement' })
  async metadata(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.send(request, reply, JSON.stringify(capabilityStatement(baseUrl(request, this.address))));
  }

  @Get(':type/:id')
  @ApiOperation({ summary: 'Read a resource (R4 http.html#read)' })
  @ApiParam({ name: 'type', description: 'DiagnosticReport, Observation, ImagingStudy, Patient, Device, Endpoint, Provenance' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'The resource; its version in ETag.' })
  async read(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const row = await this.records.read(LOCAL_CALLER, checkedType(type), checkedId(id));
    const etag = `W/"${row.version}"`;
    reply.header('ETag', etag).header('Last-Modified', row.lastUpdated.toUTCString());
    if (request.headers['if-none-match']?.split(',').some((one) => ['*', etag, etag.slice(2)].includes(one.trim())))
      return void (await reply.code(304).send());
    await this.send(request, reply, row.content);
  }

  @Get(':type')
  @ApiOperation({ summary: 'Search resources (R4 search.html)' })
  @ApiParam({ name: 'type', description: 'DiagnosticReport, Observation, ImagingStudy, Patient, Device, Endpoint, Provenance' })
  @ApiQuery({ name: 'patient', required: false, description: 'Patient/ID or ID' })
  @ApiQuery({ name: 'identifier', required: false, description: 'system|value or value' })
  @ApiQuery({ name: 'status', required: false })
  @ApiQuery({ name: '_id', required: false })
  @ApiQuery({ name: '_lastUpdated', required: false, description: 'With a prefix: ge2026-11-24' })
  @ApiQuery({ name: '_count', required: false, description: 'Entries a page, 1000 at most; 0 for the total alone' })
  @ApiOkResponse({ description: 'Bundle of type searchset, newest first.' })
  async search(
    @Param('type') type: string,
    @Query() query: Record<string, string | string[]>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = searchQuery(checkedType(type), query, request.headers.prefer);
    const found = await this.records.search(LOCAL_CALLER, page.search);
    await this.send(request, reply, searchsetText(found, page, baseUrl(request, this.address)));
  }

  private async send(request: FastifyRequest, reply: FastifyReply, text: string): Promise<void> {
    const { _format: format } = request.query as { _format?: string };
    // An unescaped + arrives as a blank.
    const asked = format === undefined ? request.headers.accept : format === 'json' ? FHIR_JSON : format.replace(' ', '+');
    const form = negotiate(asked, [FHIR_JSON, 'application/json']);
    await reply.type(`${form}; charset=utf-8; fhirVersion=4.0`).send(text);
  }
}
