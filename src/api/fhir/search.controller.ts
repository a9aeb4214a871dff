import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { parseSearch, type SearchRequest } from '../../records/search/parse-search.js';
import { Records } from '../../records/records.js';
import { RecordSearch } from '../../records/search/record-search.js';
import { sought } from '../../records/search/sought.js';
import { COMPARTMENTS } from '../../records/search/search-parameters.js';
import { callerOf } from '../called-by.js';
import { preference } from '../preferences.js';
import { checkedId, checkedType, TypeNotServed, fhirBase } from './addresses.js';
import { answer, FHIR_JSON, formAsked, queryPairs } from './answer.js';
import { searchsetText } from './searchset.js';

const FORM = 'application/x-www-form-urlencoded';
const TYPE = { name: 'type', description: 'A resource type of the CapabilityStatement' };

/** FHIR R4 search (search.html): by GET and by POST, of one type, of all, and within a compartment. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class FhirSearchController {
  constructor(
    private readonly records: RecordSearch,
    private readonly resources: Records,
    private readonly address: PublicAddress,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Search all resource types, or those of _type (R4 http.html#search)' })
  @ApiQuery({ name: '_type', required: false, description: 'Types, with commas between them' })
  @ApiOkResponse({ description: 'Bundle of type searchset, newest first.' })
  async searchAll(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.search(request, reply, { type: undefined, parameters: queryPairs(request) });
  }

  @Post('_search')
  @HttpCode(200)
  @ApiOperation({ summary: 'Search all resource types by a form (R4 http.html#search)' })
  @ApiConsumes(FORM)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ description: 'Bundle of type searchset, newest first.' })
  async searchAllByPost(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.search(request, reply, { type: undefined, parameters: [...queryPairs(request), ...formPairs(body)] });
  }

  @Get(':type')
  @ApiOperation({ summary: 'Search resources (R4 search.html)' })
  @ApiParam(TYPE)
  @ApiQuery({ name: '_id', required: false })
  @ApiQuery({ name: '_lastUpdated', required: false, description: 'With a prefix: ge2026-11-24' })
  @ApiQuery({ name: '_sort', required: false, description: 'Parameters with commas between them; - before one turns its order' })
  @ApiQuery({ name: '_include', required: false, description: 'TYPE:PARAMETER' })
  @ApiQuery({ name: '_count', required: false, description: 'Entries a page, 1000 at most; 0 for the total alone' })
  @ApiOkResponse({ description: 'Bundle of type searchset, newest first. The CapabilityStatement names the parameters of each type.' })
  async searchType(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.search(request, reply, { type: checkedType(type), parameters: queryPairs(request) });
  }

  @Post(':type/_search')
  @HttpCode(200)
  @ApiOperation({ summary: 'Search resources by a form (R4 http.html#search)' })
  @ApiParam(TYPE)
  @ApiConsumes(FORM)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ description: 'Bundle of type searchset, newest first.' })
  async searchByPost(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.search(request, reply, { type: checkedType(type), parameters: [...queryPairs(request), ...formPairs(body)] });
  }

  @Get(':compartment/:id/:type')
  @ApiOperation({ summary: 'Search a compartment (R4 http.html#vsearch, compartmentdefinition.html)' })
  @ApiParam({ name: 'compartment', description: 'Device, Encounter, Patient or Practitioner' })
  @ApiParam({ name: 'id', description: 'Of the resource that the compartment is of' })
  @ApiParam({ name: 'type', description: 'A resource type of the CapabilityStatement, or * for all of them' })
  @ApiOkResponse({ description: 'Bundle of type searchset, newest first.' })
  async searchCompartment(
    @Param('compartment') of: string,
    @Param('id') id: string,
    @Param('type') type: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!COMPARTMENTS.has(of)) throw new TypeNotServed();
    const compartment = { type: of, id: checkedId(id) };
    const parameters = queryPairs(request);
    if (type !== '*') return this.search(request, reply, { type: checkedType(type), parameters, compartment });
    formAsked(request);
    await this.resources.there(callerOf(request), of, id); // who is not there has not nothing
    await this.search(request, reply, { type: undefined, parameters, compartment }, '*');
  }

  /** @param address  what the answer's links name in place of a type */
  private async search(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Omit<SearchRequest, 'lenient'>,
    address?: string,
  ): Promise<void> {
    const base = fhirBase(request, this.address);
    const lenient = preference(request.headers.prefer, 'handling') === 'lenient';
    const valueSets = await this.records.valueSets(asked.parameters);
    const parsed = parseSearch({ ...asked, lenient }, { base, now: Date.now(), valueSets });
    formAsked(request);
    const found = await this.records.search(callerOf(request), parsed.search, sought(asked, parsed.used));
    await answer(request, reply, searchsetText(found, parsed, { ...asked, type: address ?? asked.type }, base));
  }
}

export const formPairs = (body: unknown): [string, string][] => (typeof body === 'string' ? [...new URLSearchParams(body)] : []);
