import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOCAL_CALLER } from '../../access/caller.js';
import { PublicAddress } from '../../public-address.js';
import { parseSearch, type SearchRequest } from '../../records/search/parse-search.js';
import { Records } from '../../records/records.js';
import { RecordSearch } from '../../records/search/record-search.js';
import type { Search } from '../../records/search/search.js';
import { COMPARTMENTS } from '../../records/search/search-parameters.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import { preference } from '../preferences.js';
import { checkedId, checkedType, TypeNotServed, fhirBase } from './addresses.js';
import { answer, FHIR_JSON, queryPairs } from './answer.js';
import { searchsetText } from './searchset.js';
import { withFocus } from './with-focus.js';

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
    const focus = await this.resources.read(LOCAL_CALLER, of, id); // who is not there has not nothing
    await this.search(request, reply, { type: undefined, parameters, compartment }, focus);
  }

  /** @param focus  what the compartment is of, where it belongs to the answer */
  private async search(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Omit<SearchRequest, 'lenient'>,
    focus?: VersionRow,
  ): Promise<void> {
    const base = fhirBase(request, this.address);
    const lenient = preference(request.headers.prefer, 'handling') === 'lenient';
    const valueSets = await this.records.valueSets(asked.parameters);
    const parsed = parseSearch({ ...asked, lenient }, { base, now: Date.now(), valueSets });
    const found = await this.records.search(
      LOCAL_CALLER,
      parsed.search,
      parsed.used.map(([name]) => name),
    );
    const whole = focus !== undefined && (await this.meets(focus, parsed.search)) ? withFocus(found, focus, parsed.search) : found;
    const address = focus === undefined ? asked : { ...asked, type: '*' };
    await answer(request, reply, searchsetText(whole, parsed, address, base));
  }

  /** Whether what a compartment is of holds what else is asked: the compartment's own condition stands first. */
  private async meets({ type, id }: VersionRow, search: Search): Promise<boolean> {
    const others = search.conditions.slice(1);
    if (others.length === 0) return true;
    const itself = { kind: 'ids', ids: [id], not: false } as const;
    const one: Search = { ...search, types: [type], conditions: [itself, ...others], cursor: undefined, includes: [], count: 1 };
    return (await this.records.search(LOCAL_CALLER, one, ['_id'])).matches.length > 0;
  }
}

const formPairs = (body: unknown): [string, string][] => (typeof body === 'string' ? [...new URLSearchParams(body)] : []);
