import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Group } from 'fhir/r4.js';
import { Readable } from 'node:stream';
import { PublicAddress } from '../../public-address.js';
import { COMPARTMENT_TYPES, DELETED, Exports } from '../../records/export/exports.js';
import { Records } from '../../records/records.js';
import { SERVED_TYPES } from '../../records/served-types.js';
import { callerOf } from '../called-by.js';
import { checkedId, TypeNotServed, fhirBase } from './addresses.js';
import { FHIR_JSON, withQuery } from './answer.js';
import { EXPORT_PARAMETERS, exportAsked } from './export-asked.js';
import { operationPairs } from './operation-parameters.js';

const NDJSON = 'application/fhir+ndjson';
const DAY_MS = 86_400_000;
const RETRY_SECONDS = '1';
const PREFER = { name: 'prefer', required: true, description: 'respond-async' };

/** FHIR Bulk Data Access 2.0: exports of all resources, of all patients' and of a group's. */
@ApiTags('FHIR R4')
@Controller('fhir')
export class FhirExportController {
  constructor(
    private readonly exports: Exports,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  @Get('$export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Export all resources (Bulk Data 2.0)' })
  @ApiHeader(PREFER)
  @ApiQuery({ name: '_type', required: false, description: 'Types, with commas between them' })
  @ApiQuery({ name: '_since', required: false, description: 'An instant: what was changed after it' })
  @ApiQuery({ name: '_typeFilter', required: false, description: 'Type?query' })
  @ApiResponse({ status: 202, description: 'Content-Location says where the export is.' })
  async all(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.begin(request, reply, undefined, SERVED_TYPES, null);
  }

  @Post('$export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Export all resources, asked for by Parameters (Bulk Data 2.0)' })
  @ApiHeader(PREFER)
  @ApiConsumes(FHIR_JSON)
  @ApiBody({ schema: { type: 'object' } })
  @ApiResponse({ status: 202, description: 'Content-Location says where the export is.' })
  async allByPost(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.begin(request, reply, body, SERVED_TYPES, null);
  }

  @Get(':type/$export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Export the compartments of all patients (Bulk Data 2.0)' })
  @ApiParam({ name: 'type', description: 'Patient' })
  @ApiHeader(PREFER)
  @ApiResponse({ status: 202, description: 'Content-Location says where the export is.' })
  async patients(@Param('type') type: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.beginPatients(type, undefined, request, reply);
  }

  @Post(':type/$export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Export the compartments of all patients, asked for by Parameters (Bulk Data 2.0)' })
  @ApiParam({ name: 'type', description: 'Patient' })
  @ApiHeader(PREFER)
  @ApiConsumes(FHIR_JSON)
  @ApiBody({ schema: { type: 'object' } })
  @ApiResponse({ status: 202, description: 'Content-Location says where the export is.' })
  async patientsByPost(
    @Param('type') type: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.beginPatients(type, body, request, reply);
  }

  @Get(':type/:id/$export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Export the compartments of the patients of a Group (Bulk Data 2.0)' })
  @ApiParam({ name: 'type', description: 'Group' })
  @ApiParam({ name: 'id' })
  @ApiHeader(PREFER)
  @ApiResponse({ status: 202, description: 'Content-Location says where the export is.' })
  async group(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.beginGroup(type, id, undefined, request, reply);
  }

  @Post(':type/:id/$export')
  @HttpCode(202)
  @ApiOperation({ summary: 'Export the compartments of the patients of a Group, asked for by Parameters (Bulk Data 2.0)' })
  @ApiParam({ name: 'type', description: 'Group' })
  @ApiParam({ name: 'id' })
  @ApiHeader(PREFER)
  @ApiConsumes(FHIR_JSON)
  @ApiBody({ schema: { type: 'object' } })
  @ApiResponse({ status: 202, description: 'Content-Location says where the export is.' })
  async groupByPost(
    @Param('type') type: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.beginGroup(type, id, body, request, reply);
  }

  private async beginPatients(type: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (type !== 'Patient') throw new TypeNotServed();
    await this.begin(request, reply, body, COMPARTMENT_TYPES, []);
  }

  private async beginGroup(type: string, id: string, body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (type !== 'Group') throw new TypeNotServed();
    const { member = [] } = JSON.parse((await this.records.there(callerOf(request), type, checkedId(id))).content) as Group;
    const patients = member.flatMap(({ entity, inactive }) =>
      inactive === true ? [] : (/^Patient\/([^/]+)$/.exec(entity.reference ?? '')?.[1] ?? []),
    );
    // Nobody is not everybody.
    await this.begin(request, reply, body, patients.length === 0 ? [] : COMPARTMENT_TYPES, patients);
  }

  @Get('$export-jobs/:job')
  @ApiOperation({ summary: 'What an export gives (Bulk Data 2.0, status)' })
  @ApiParam({ name: 'job' })
  @ApiProduces('application/json')
  @ApiResponse({ status: 200, description: 'The manifest.' })
  @ApiResponse({ status: 202, description: 'It is not counted yet what there is: X-Progress says how far, Retry-After when to ask again.' })
  async status(@Param('job') job: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const counted = await this.exports.manifest(callerOf(request), job);
    if (!('output' in counted)) {
      reply.header('X-Progress', `${counted.counted} resources counted`).header('Retry-After', RETRY_SECONDS);
      return void (await reply.code(202).send());
    }
    const { request: asked, transactionTime, output } = counted;
    const at = `${fhirBase(request, this.address)}/$export-jobs/${job}`;
    const files = Object.entries(output.counts).filter(([, count]) => count > 0);
    const manifest = {
      transactionTime: transactionTime.toISOString(),
      request: asked,
      requiresAccessToken: callerOf(request).rights !== undefined,
      output: files.map(([type, count]) => ({ type, url: `${at}/${type}.ndjson`, count })),
      deleted: output.deleted > 0 ? [{ type: 'Bundle', url: `${at}/${DELETED}.ndjson`, count: output.deleted }] : [],
      error: [],
    };
    await reply
      .type('application/json')
      .header('Expires', new Date(Date.now() + DAY_MS).toUTCString())
      .send(JSON.stringify(manifest));
  }

  @Delete('$export-jobs/:job')
  @HttpCode(202)
  @ApiOperation({ summary: 'Forget an export (Bulk Data 2.0, delete)' })
  @ApiParam({ name: 'job' })
  @ApiResponse({ status: 202, description: 'Its files are no longer there.' })
  async cancel(@Param('job') job: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.exports.cancel(callerOf(request), job);
    await reply.code(202).send();
  }

  @Get('$export-jobs/:job/:file')
  @ApiOperation({ summary: 'The resources of a type, a line each (Bulk Data 2.0)' })
  @ApiParam({ name: 'job' })
  @ApiParam({ name: 'file', description: 'TYPE.ndjson' })
  @ApiProduces(NDJSON)
  @ApiResponse({ status: 200, description: 'NDJSON.' })
  async file(
    @Param('job') job: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lines = await this.exports.file(callerOf(request), job, file.replace(/\.ndjson$/, ''), fhirBase(request, this.address));
    await reply.type(NDJSON).send(Readable.from(lines));
  }

  private async begin(
    request: FastifyRequest,
    reply: FastifyReply,
    body: unknown,
    types: readonly string[],
    patients: readonly string[] | null,
  ): Promise<void> {
    const asked = exportAsked(request, body, types);
    const base = fhirBase(request, this.address);
    const pairs = operationPairs(request, body);
    const id = await this.exports.begin(
      callerOf(request),
      {
        address: `${base.replace(/\/fhir$/, '')}${request.url}`,
        names: EXPORT_PARAMETERS.filter((name) => pairs.some(([one]) => one === name)),
        query: withQuery(request.url.split('?', 1)[0].replace(/^\/fhir\//, ''), pairs),
      },
      { ...asked, patients },
    );
    await reply.code(202).header('Content-Location', `${base}/$export-jobs/${id}`).send();
  }
}
