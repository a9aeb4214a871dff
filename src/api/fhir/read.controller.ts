import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../../public-address.js';
import { Records } from '../../records/records.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import { subsetAsked, subsetText } from '../../records/subset.js';
import { callerOf } from '../called-by.js';
import { baseUrl } from '../base-url.js';
import { checkedId, checkedType, versionNumber } from './addresses.js';
import { answer, etagOf, FHIR_JSON, formAsked, isKnown, queryPairs } from './answer.js';
import { asksForContent, contentOf, sendContent } from './raw-binary.js';
import { Authentication } from '../authentication.js';
import { capabilityStatement, smartSecurity } from './capability-statement.js';

/** FHIR R4: one resource, as it is or as it was (R4 http.html#read, #vread). */
@ApiTags('FHIR R4')
@ApiProduces(FHIR_JSON)
@ApiHeader({ name: 'if-none-match', required: false, description: 'ETag of the version that the caller has' })
@Controller('fhir')
export class FhirReadController {
  constructor(
    private readonly records: Records,
    private readonly address: PublicAddress,
    private readonly authentication: Authentication,
  ) {}

  private security() {
    const { isOn, outside } = this.authentication;
    return isOn ? smartSecurity(outside === undefined ? `${this.address.base}/oauth` : undefined) : undefined;
  }

  @Get('metadata')
  @ApiOperation({ summary: 'The capabilities of this server (R4 http.html#capabilities)' })
  @ApiOkResponse({ description: 'CapabilityStatement' })
  async metadata(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await answer(request, reply, JSON.stringify(capabilityStatement(baseUrl(request, this.address), this.security())));
  }

  @Get(':type/:id')
  @ApiOperation({ summary: 'Read a resource (R4 http.html#read)' })
  @ApiParam({ name: 'type', description: 'A resource type of the CapabilityStatement' })
  @ApiParam({ name: 'id' })
  @ApiOkResponse({ description: 'The resource; its version in ETag.' })
  async read(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const fits = fitsFor(request, checkedType(type));
    await send(request, reply, await this.records.read(callerOf(request), type, checkedId(id), fits));
  }

  @Get(':type/:id/_history/:version')
  @ApiOperation({ summary: 'Read a version of a resource (R4 http.html#vread)' })
  @ApiParam({ name: 'type', description: 'A resource type of the CapabilityStatement' })
  @ApiParam({ name: 'id' })
  @ApiParam({ name: 'version', description: 'meta.versionId' })
  @ApiOkResponse({ description: 'The resource as it was.' })
  async readVersion(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('version') version: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const fits = fitsFor(request, checkedType(type));
    await send(request, reply, await this.records.readVersion(callerOf(request), type, checkedId(id), versionNumber(version), fits));
  }
}

/**
 * That what is asked for can be given in the form that is asked for, and the part of it, before it is on record as given: of a Binary only
 * what it holds tells. @throws NotAcceptable, BadSearchParameter
 */
function fitsFor(request: FastifyRequest, type: string): ((row: VersionRow) => void) | undefined {
  if (type === 'Binary')
    return (row) => {
      if (!isKnown(request, row) && !asksForContent(request, contentOf(row))) checkAsked(request);
    };
  checkAsked(request);
  return undefined;
}

/** @throws NotAcceptable, BadSearchParameter */
function checkAsked(request: FastifyRequest): void {
  formAsked(request);
  subsetAsked(queryPairs(request));
}

async function send(request: FastifyRequest, reply: FastifyReply, row: VersionRow): Promise<void> {
  reply.header('ETag', etagOf(row.version)).header('Last-Modified', row.lastUpdated.toUTCString());
  if (isKnown(request, row)) return void (await reply.code(304).send());
  if (row.type === 'Binary') {
    const binary = contentOf(row);
    if (asksForContent(request, binary)) return sendContent(reply, binary);
  }
  const subset = subsetAsked(queryPairs(request));
  await answer(request, reply, subset === undefined ? row.content : subsetText(row.content, subset));
}
