import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { Records } from '../../records/records.js';
import { careDates } from '../../records/search/care-dates.js';
import type { Condition } from '../../records/search/condition.js';
import { BadSearchParameter } from '../../records/search/faults.js';
import { parseSearch, type SearchRequest } from '../../records/search/parse-search.js';
import { sought } from '../../records/search/sought.js';
import { RecordSearch } from '../../records/search/record-search.js';
import { callerOf } from '../called-by.js';
import { checkedId, TypeNotServed, fhirBase } from './addresses.js';
import { answer, FHIR_JSON, formAsked } from './answer.js';
import { operationPairs, PostedParameters } from './operation-parameters.js';
import { searchsetText } from './searchset.js';

const MOST_OF_A_CODE = 100;
const MOST_LAST = 1_000;

/** FHIR R4: what is asked for by name (R4 operations.html). */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class FhirOperationsController {
  constructor(
    private readonly records: Records,
    private readonly search: RecordSearch,
    private readonly address: PublicAddress,
  ) {}

  @Get(':type/:id/$everything')
  @ApiOperation({ summary: 'All that is known of a patient (R4 patient-operation-everything.html)' })
  @ApiParam({ name: 'type', description: 'Patient' })
  @ApiParam({ name: 'id' })
  @ApiQuery({ name: '_type', required: false, description: 'Types, with commas between them' })
  @ApiQuery({ name: 'start', required: false, description: 'A date: care from then on' })
  @ApiQuery({ name: 'end', required: false, description: 'A date: care until then' })
  @ApiQuery({ name: '_since', required: false, description: 'An instant: what was changed since' })
  @ApiQuery({ name: '_count', required: false, description: 'Entries a page, 1000 at most' })
  @ApiOkResponse({ description: "Bundle of type searchset: the patient's compartment, and what it refers to." })
  async everything(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellEverything(type, id, undefined, request, reply);
  }

  @Post(':type/:id/$everything')
  @PostedParameters()
  @ApiOperation({ summary: 'All that is known of a patient, asked by Parameters (R4 operations.html#executing)' })
  @ApiParam({ name: 'type', description: 'Patient' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: "Bundle of type searchset: the patient's compartment, and what it refers to." })
  async everythingByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellEverything(type, id, body, request, reply);
  }

  private async tellEverything(type: string, id: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    formAsked(request);
    if (type !== 'Patient') throw new TypeNotServed();
    await this.records.there(callerOf(request), type, checkedId(id)); // who is not there has not nothing
    const given = operationPairs(request, body);
    const care: Condition[] = [];
    const parameters = given.flatMap(([name, value]): [string, string][] => {
      if (name === '_since') return [['_lastUpdated', `ge${value}`]];
      if (name.startsWith('_')) return [[name, value]];
      if (name === 'start' || name === 'end') {
        care.push(careDates(name, value, Date.now()));
        return [];
      }
      throw new BadSearchParameter(name, "is not one of $everything's here");
    });
    await this.tell(
      request,
      reply,
      { type: undefined, parameters: [...parameters, ['_include', '*']], compartment: { type, id } },
      given,
      care,
    );
  }

  @Get(':type/$lastn')
  @ApiOperation({ summary: 'The last Observations of each code (R4 observation-operation-lastn.html)' })
  @ApiParam({ name: 'type', description: 'Observation' })
  @ApiQuery({ name: 'max', required: false, description: 'Of each code; 1 where it is not said' })
  @ApiQuery({ name: 'patient', required: false })
  @ApiOkResponse({ description: 'Bundle of type searchset, the latest first; Observations of one code at one time together.' })
  async lastN(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tellLastN(type, undefined, request, reply);
  }

  @Post(':type/$lastn')
  @PostedParameters()
  @ApiOperation({ summary: 'The last Observations of each code, asked by Parameters (R4 operations.html#executing)' })
  @ApiParam({ name: 'type', description: 'Observation' })
  @ApiOkResponse({ description: 'Bundle of type searchset, the latest first.' })
  async lastNByPost(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellLastN(type, body, request, reply);
  }

  private async tellLastN(type: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    formAsked(request);
    if (type !== 'Observation') throw new TypeNotServed();
    const given = operationPairs(request, body);
    const most = given.find(([name]) => name === 'max')?.[1] ?? '1';
    if (!/^[1-9]\d{0,5}$/.test(most)) throw new BadSearchParameter('max', 'must be a whole number above 0');
    const parameters = given.filter(([name]) => name !== 'max');
    const about = parameters.find(([name]) => /^_(?:count|sort|total|summary|include|revinclude|cursor)\b/.test(name));
    if (about !== undefined)
      throw new BadSearchParameter(about[0], "is not one of $lastn's here: it gives the last of each code, all at once");
    if (!parameters.some(([name]) => /^(?:patient|subject)\b/.test(name)))
      throw new BadSearchParameter('patient', 'or subject must be there');
    const { parsed, base } = this.parsed(request, { type, parameters: [['_count', `${MOST_LAST}`], ...parameters] });
    const asked = sought({ type }, given, '$lastn');
    const found = await this.search.lastOfEachCode(callerOf(request), parsed.search, asked, Math.min(Number(most), MOST_OF_A_CODE));
    await answer(request, reply, searchsetText(found, { ...parsed, used: given }, { type: `${type}/$lastn`, parameters }, base));
  }

  private parsed(request: FastifyRequest, asked: Omit<SearchRequest, 'lenient'>) {
    const base = fhirBase(request, this.address);
    return { base, parsed: parseSearch({ ...asked, lenient: false }, { base, now: Date.now() }) };
  }

  private async tell(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Omit<SearchRequest, 'lenient'>,
    given: readonly [string, string][],
    care: readonly Condition[],
  ): Promise<void> {
    const { base, parsed } = this.parsed(request, asked);
    const names = given.map(([name]) => name);
    const search = { ...parsed.search, conditions: [...parsed.search.conditions, ...care] };
    const all = await this.search.search(callerOf(request), search, sought(asked, given, '$everything'));
    // _type says what is to come at all (R4 patient-operation-everything.html), of what is referred to, too.
    const wanted = names.includes('_type') ? all.included.filter((one) => search.types.includes(one.type)) : all.included;
    await answer(
      request,
      reply,
      searchsetText(
        { ...all, included: wanted },
        { ...parsed, used: given.filter(([name]) => name !== '_cursor') },
        { ...asked, type: '$everything' },
        base,
      ),
    );
  }
}
