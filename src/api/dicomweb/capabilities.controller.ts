import { Controller, Get, Options, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { PublicAddress } from '../../public-address.js';
import { Accept } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { begin, decide } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, negotiate } from '../media-types.js';
import { Capabilities } from './capabilities.js';
import { wadlJson, wadlXml } from './wadl.js';

const WADL = 'application/vnd.sun.wadl+xml';
const JSON_WADL = 'application/json';

/** Retrieve Capabilities (PS3.18 8.9). By GET also, for whoever looks with a browser. */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web')
export class CapabilitiesController {
  constructor(
    private readonly capabilities: Capabilities,
    private readonly address: PublicAddress,
  ) {}

  @Options()
  @ApiOperation({ summary: 'Retrieve the capabilities of the DICOMweb services (PS3.18 8.9)' })
  @ApiProduces(WADL, JSON_WADL)
  @ApiOkResponse({ description: 'A WADL document, or its JSON form (PS3.18 Annex G).' })
  options(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    reply.header('Allow', 'GET, HEAD, OPTIONS');
    return this.send(request, reply, accept);
  }

  @Get()
  @ApiOperation({ summary: 'The same, for a browser' })
  @ApiProduces(WADL, JSON_WADL)
  @ApiOkResponse({ description: 'A WADL document, or its JSON form (PS3.18 Annex G).' })
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    const form = negotiate(accept, [WADL, JSON_WADL]);
    const description = this.capabilities.description(baseUrl(request, this.address));
    const text = form === WADL ? wadlXml(description) : wadlJson(description);
    const etag = strongTag(createHash('sha256').update(text).digest('base64url').slice(0, 22));
    // Reading is what OPTIONS does here: 304 for who has it (table 8.9.3-1).
    if (begin(reply.type(`${form}; charset=utf-8`), decide({ method: 'GET', headers: request.headers }, { etag }))) await reply.send(text);
  }
}
