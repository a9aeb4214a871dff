import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Bundle } from 'fhir/r4.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { auditEvent } from '../../ledger/audit/audit-event.js';
import { auditCursorText, parseAuditSearch } from '../../ledger/audit/audit-search.js';
import { AuditTrail, type AuditPage } from '../../ledger/audit/audit-trail.js';
import { PublicAddress } from '../../public-address.js';
import { BadSearchParameter } from '../../records/search/faults.js';
import { Records } from '../../records/records.js';
import { sought } from '../../records/search/sought.js';
import { callerOf } from '../called-by.js';
import { preference } from '../preferences.js';
import { checkedId, fhirBase } from './addresses.js';
import { answer, etagOf, FHIR_JSON, formAsked, queryPairs, withQuery } from './answer.js';
import { operationPairs, PostedParameters } from './operation-parameters.js';
import { formPairs } from './search.controller.js';

const FORM = 'application/x-www-form-urlencoded';
const LOG = { summary: 'The accesses to a patient’s data, for the patient and for auditors' };
const BUNDLE = { description: 'Bundle of type searchset, newest first.' };

/** FHIR R4: the record of accesses as AuditEvents (IHE ITI BALP), made of the ledger's records; nobody writes them here. */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@Controller('fhir')
export class FhirAuditController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  @Get('AuditEvent')
  @ApiOperation({ summary: 'Search the record of accesses (R4 auditevent.html#search)' })
  @ApiQuery({ name: 'date', required: false, description: 'With a prefix: ge2026-11-24' })
  @ApiQuery({ name: 'patient', required: false, description: 'Whose data' })
  @ApiQuery({ name: 'agent', required: false, description: 'Who: a reference, or what the ledger calls them' })
  @ApiQuery({ name: 'entity', required: false, description: 'What: TYPE/ID' })
  @ApiQuery({ name: 'action', required: false, description: 'C, R, U, D, E' })
  @ApiQuery({ name: 'outcome', required: false, description: '0, 4, 8' })
  @ApiQuery({ name: 'type', required: false, description: 'rest, or a DICOM event id' })
  @ApiQuery({ name: 'subtype', required: false })
  @ApiQuery({ name: '_count', required: false, description: 'Entries a page, 1000 at most; 0 for the total alone' })
  @ApiOkResponse(BUNDLE)
  async search(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tellSearch(request, reply, queryPairs(request));
  }

  @Post('AuditEvent/_search')
  @HttpCode(200)
  @ApiOperation({ summary: 'Search the record of accesses by a form' })
  @ApiConsumes(FORM)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse(BUNDLE)
  async searchByPost(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tellSearch(request, reply, [...queryPairs(request), ...formPairs(body)]);
  }

  @Get('Patient/:id/AuditEvent')
  @ApiOperation({ summary: 'Search the accesses to a patient’s data, in the patient’s compartment (R4 http.html#vsearch)' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse(BUNDLE)
  async searchCompartment(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tellSearch(request, reply, [['patient', checkedId(id)], ...queryPairs(request)]);
  }

  @Get('AuditEvent/:id')
  @ApiOperation({ summary: 'Read a record of an access (R4 http.html#read)' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'AuditEvent' })
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    formAsked(request);
    const record = await this.trail.read(callerOf(request), checkedId(id));
    reply.header('ETag', etagOf(1)).header('Last-Modified', new Date(record.columns.occurredAt).toUTCString());
    await answer(request, reply, JSON.stringify(auditEvent(record, this.base(request))));
  }

  @Get('Patient/:id/$access-log')
  @ApiOperation(LOG)
  @ApiParam({ name: 'id' })
  @ApiQuery({ name: 'from', required: false, description: 'A date or instant: accesses from then on' })
  @ApiQuery({ name: 'to', required: false, description: 'A date or instant: accesses until its end' })
  @ApiQuery({ name: '_count', required: false, description: 'Entries a page, 1000 at most' })
  @ApiOkResponse(BUNDLE)
  async accessLog(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.tellLog(request, reply, id, operationPairs(request, undefined));
  }

  @Post('Patient/:id/$access-log')
  @PostedParameters()
  @ApiOperation(LOG)
  @ApiParam({ name: 'id' })
  @ApiOkResponse(BUNDLE)
  async accessLogByPost(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tellLog(request, reply, id, operationPairs(request, body));
  }

  private async tellSearch(request: FastifyRequest, reply: FastifyReply, pairs: readonly [string, string][]): Promise<void> {
    formAsked(request);
    const base = fhirBase(request, this.address);
    const lenient = preference(request.headers.prefer, 'handling') === 'lenient';
    const { search, used } = parseAuditSearch(pairs, { base, lenient });
    const page = await this.trail.search(callerOf(request), search, sought({ type: 'AuditEvent' }, used));
    await this.tell(request, reply, page, `${base}/AuditEvent`, used);
  }

  /** `from` and `to` are dates of the records. */
  private async tellLog(request: FastifyRequest, reply: FastifyReply, id: string, given: readonly [string, string][]): Promise<void> {
    formAsked(request);
    const base = fhirBase(request, this.address);
    const used = given.filter(([name]) => name !== '_cursor');
    const pairs = given.map(([name, value]): [string, string] => {
      if (name === 'from') return ['date', `ge${value}`];
      if (name === 'to') return ['date', `le${value}`];
      if (!name.startsWith('_')) throw new BadSearchParameter(name, "is not one of $access-log's");
      return [name, value];
    });
    const { search } = parseAuditSearch(pairs, { base, lenient: false });
    const page = await this.trail.ofPatient(callerOf(request), checkedId(id), search, (who) => this.records.there(who, 'Patient', id));
    await this.tell(request, reply, page, `${base}/Patient/${id}/$access-log`, used);
  }

  private async tell(
    request: FastifyRequest,
    reply: FastifyReply,
    { records, total, next }: AuditPage,
    address: string,
    used: readonly (readonly [string, string])[],
  ): Promise<void> {
    const base = fhirBase(request, this.address);
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(total !== undefined && { total }),
      link: [
        { relation: 'self', url: withQuery(address, used) },
        ...(next ? [{ relation: 'next', url: withQuery(address, [...used, ['_cursor', auditCursorText(next)]]) }] : []),
      ],
      ...(records.length > 0 && {
        entry: records.map((record) => ({
          fullUrl: `${base}/AuditEvent/${record.id}`,
          resource: auditEvent(record, this.base(request)),
          search: { mode: 'match' as const },
        })),
      }),
    };
    await answer(request, reply, JSON.stringify(bundle));
  }

  private base(request: FastifyRequest): string {
    return fhirBase(request, this.address).replace(/\/fhir$/, '');
  }
}
