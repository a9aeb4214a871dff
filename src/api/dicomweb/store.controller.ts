import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { join } from 'node:path';
import { Ingest } from '../../archive/ingest.js';
import { dicomJsonText } from '../../dicom/dicom-json-text.js';
import { PublicAddress } from '../../public-address.js';
import { Settings } from '../../settings.js';
import { callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { ACCEPT, choose } from '../media-types.js';
import { preference } from '../preferences.js';
import { named, type Offer } from '../offer.js';
import { baseUrl } from '../base-url.js';
import { StudyPath } from './archive-paths.js';
import { BulkSpool } from './bulk-spool.js';
import { datasetBody, DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { sendMatches } from './dataset-list.js';
import { takeBody } from './expected-continue.js';
import { MalformedMultipart } from './multipart-parts.js';
import { DECODED } from './request-bytes.js';
import { storeBodies } from './store-bodies.js';
import { storeRequest } from './store-request.js';
import { leaveOutUnremarkable, storeResponse } from './store-response.js';

const CONSUMED = [
  'multipart/related; type="application/dicom"',
  'multipart/related; type="application/dicom+json"',
  'multipart/related; type="application/dicom+xml"',
  'application/dicom',
];

/** The answer is one data set (PS3.18 10.5.3.2); in a part for those who take XML in parts only. */
const XML_IN_A_PART: Offer = { mediaType: DICOM_XML, multipart: true };
const FORMS: readonly Offer[] = [{ mediaType: DICOM_JSON }, { mediaType: DICOM_XML }, { mediaType: 'application/json' }, XML_IN_A_PART];

/** RFC 7240 4.2. */
const PREFER = {
  name: 'Prefer',
  required: false,
  description: '`return=minimal`: the answer names only the instances that were refused or are stored with a warning.',
};

/** Store Instances (STOW-RS, PS3.18 10.5). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies')
export class StoreController {
  constructor(
    private readonly ingest: Ingest,
    private readonly settings: Settings,
    private readonly address: PublicAddress,
  ) {}

  /** Stores instances of any study. */
  @Post()
  @ApiOperation({ summary: 'Store instances (STOW-RS, PS3.18 10.5)' })
  @ApiHeader(PREFER)
  @ApiConsumes(...CONSUMED)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiProduces(DICOM_JSON, DICOM_XML, named(XML_IN_A_PART))
  @ApiResponse({ status: 200, description: 'All instances are stored.' })
  @ApiResponse({ status: 202, description: 'Some are stored, or some with a warning; those that are not are in the Failed SOP Sequence.' })
  @ApiResponse({ status: 400, description: 'Nothing in it is DICOM, or its syntax is bad from the start.' })
  @ApiResponse({ status: 409, description: 'None is stored; the Failed SOP Sequence says why.' })
  storeAny(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.store(request, reply, accept);
  }

  /** Stores instances of one study; others are refused. */
  @Post(':study')
  @ApiOperation({ summary: 'Store instances of one study (STOW-RS, PS3.18 10.5)' })
  @ApiHeader(PREFER)
  @ApiConsumes(...CONSUMED)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiProduces(DICOM_JSON, DICOM_XML, named(XML_IN_A_PART))
  @ApiParam({ name: 'study', description: 'Study Instance UID' })
  storeInStudy(
    @Param() path: StudyPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    return this.store(request, reply, accept, path.study);
  }

  private async store(request: FastifyRequest, reply: FastifyReply, accept: string | undefined, onlyStudy?: string): Promise<void> {
    const { mediaType: form, multipart } = choose(accept, FORMS).offer;
    reply.header('Accept-Encoding', DECODED); // what a 415 needs to say (RFC 9110 12.5.3), and any answer may
    const told = storeRequest(request, this.settings.STORE_REQUEST_LIMIT_MIB);
    const base = baseUrl(request, this.address);
    const spool = new BulkSpool(join(this.settings.WETREAD_DATA, 'spool'), this.settings.FREE_SPACE_FLOOR_MIB * 2 ** 20);
    try {
      takeBody(request, reply);
      const bodies = storeBodies(told, new URL(request.url, base).href, spool);
      const outcomes = await this.ingest.store(callerOf(request), bodies, { onlyStudy });
      if (outcomes.length === 0) throw new MalformedMultipart('there is no part in it', 0);
      const { status, dataset } = storeResponse(outcomes, base);
      reply.code(status);
      const wanted = preference(request.headers.prefer, 'return');
      if (wanted === 'minimal' || wanted === 'representation') reply.header('Preference-Applied', `return=${wanted}`);
      if (wanted === 'minimal') leaveOutUnremarkable(dataset);
      if (multipart) return await sendMatches(reply, form, [dataset], dicomJsonText, (one) => one);
      await reply.type(form).send(datasetBody(dataset, form));
    } finally {
      request.raw.resume(); // what nobody read is passed over: held back, it would hold the connection
      await spool.close();
    }
  }
}
