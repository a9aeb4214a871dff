import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Ingest } from '../../archive/ingest.js';
import { Fault } from '../../faults.js';
import { PublicAddress } from '../../public-address.js';
import { Settings } from '../../settings.js';
import { Accept } from '../accept.js';
import { ACCEPT, negotiate, parseMediaType } from '../media-types.js';
import { baseUrl } from '../base-url.js';
import { StudyPath } from './archive-paths.js';
import { datasetBody, DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { multipartParts, MalformedMultipart } from './multipart-parts.js';
import { storeResponse } from './store-response.js';

/** The body is neither a multipart body of DICOM instances nor one instance. */
export class NotDicomBody extends Fault {
  readonly code = 'not-a-dicom-body';
  readonly status = 415;

  constructor() {
    super('The body must be multipart/related; type="application/dicom", or one application/dicom instance.');
  }
}

/** The body is compressed in a way this server does not undo (RFC 9110 8.4). */
export class EncodedBody extends Fault {
  readonly code = 'encoded-body';
  readonly status = 415;

  constructor() {
    super('The body must come without Content-Encoding.');
  }
}

/** The request is larger than this server takes. What came before the limit is stored. */
export class StoreRequestTooLarge extends Fault {
  readonly code = 'store-request-too-large';
  readonly status = 413;

  constructor(limitMib: number) {
    super(`A store request may have ${limitMib} MiB at most.`);
  }
}

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
  @ApiConsumes('multipart/related; type="application/dicom"', 'application/dicom')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiProduces(DICOM_JSON, DICOM_XML)
  @ApiResponse({ status: 200, description: 'All instances are stored.' })
  @ApiResponse({ status: 202, description: 'Some are stored; the others are in the Failed SOP Sequence.' })
  @ApiResponse({ status: 409, description: 'None is stored; the Failed SOP Sequence says why.' })
  storeAny(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.store(request, reply, accept);
  }

  /** Stores instances of one study; others are refused. */
  @Post(':study')
  @ApiOperation({ summary: 'Store instances of one study (STOW-RS, PS3.18 10.5)' })
  @ApiConsumes('multipart/related; type="application/dicom"', 'application/dicom')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiProduces(DICOM_JSON, DICOM_XML)
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
    const form = negotiate(accept, [DICOM_JSON, DICOM_XML, 'application/json']);
    const outcomes = await this.ingest.store(LOCAL_CALLER, this.bodies(request), { onlyStudy });
    if (outcomes.length === 0) throw new MalformedMultipart('there is no part in it', 0);
    const { status, dataset } = storeResponse(outcomes, baseUrl(request, this.address));
    await reply.code(status).type(form).send(datasetBody(dataset, form));
  }

  private async *bodies(request: FastifyRequest): AsyncGenerator<AsyncIterable<Buffer>> {
    const limitMib = this.settings.STORE_REQUEST_LIMIT_MIB;
    if (Number(request.headers['content-length'] ?? 0) > limitMib * 2 ** 20) throw new StoreRequestTooLarge(limitMib);
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') throw new EncodedBody();
    const { mediaType, parameters } = parseMediaType(request.headers['content-type'] ?? '');
    const body = new BoundedBody(request.raw, limitMib);
    try {
      if (mediaType === 'application/dicom') {
        yield body;
        return body.requireBounded();
      }
      const type = parameters['type']?.toLowerCase() ?? 'application/dicom';
      if (mediaType !== 'multipart/related' || type !== 'application/dicom') throw new NotDicomBody();
      const { boundary } = parameters;
      if (!boundary || boundary.length > 70) throw new MalformedMultipart('the boundary is missing or longer than 70 characters', 0);
      for await (const part of multipartParts(body, boundary)) {
        yield part.body;
        body.requireBounded();
      }
    } finally {
      request.raw.resume(); // what nobody read is passed over: held back, it would hold the connection
    }
  }
}

/** A body up to the limit. Beyond it both the part being read and the request fail. */
class BoundedBody implements AsyncIterable<Buffer> {
  private bytes = 0;

  constructor(
    private readonly raw: Readable,
    private readonly limitMib: number,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    // Not destroyed with the loop: its socket must still carry the answer.
    for await (const chunk of this.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.bytes += chunk.length;
      this.requireBounded();
      yield chunk;
    }
  }

  /** Throws StoreRequestTooLarge where more came than the limit. */
  requireBounded(): void {
    if (this.bytes > this.limitMib * 2 ** 20) throw new StoreRequestTooLarge(this.limitMib);
  }
}
