import { Controller, HttpCode, Param, Patch, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CHANGE_REASONS, type ChangeReason } from '../../archive/attribute-change.js';
import { ChangeAttributes } from '../../archive/change-attributes.js';
import type { ArchivePath } from '../../archive/retrieve.sql.js';
import { Fault } from '../../faults.js';
import { PublicAddress } from '../../public-address.js';
import { callerOf } from '../called-by.js';
import { baseUrl } from '../base-url.js';
import { decide, mayChange, PreconditionFailed } from '../conditional.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { changeBody } from './change-body.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { metadataVersion } from './metadata-version.js';

/** A reason that PS3.3 C.12.1.1.9 does not define. */
export class UnknownReason extends Fault {
  readonly code = 'unknown-reason';
  readonly status = 400;

  constructor() {
    super(`The reason of a change is one of ${CHANGE_REASONS.join(', ')}.`);
  }
}

/** What a caller may have the attributes in. */
const METADATA_FORMS = [DICOM_JSON, 'application/json', DICOM_XML];
const BODY = { description: 'Elements by tag as in DICOM JSON (PS3.18 F.2), or null for those to be removed.', schema: { type: 'object' } };

/**
 * Change attributes of studies, series and instances. PS3.18 has no transaction for it (of the Studies Service 10.3 only
 * retrieves, stores and searches): this is our own, PATCH (RFC 5789) of the metadata resource with a part of it. An element
 * with a value replaces what is there, one without (`{"vr":"LO"}`) empties it, null removes it; what is not named stays.
 */
@ApiTags('DICOMweb')
@ApiConsumes(DICOM_JSON)
@ApiQuery({
  name: 'reason',
  required: false,
  enum: CHANGE_REASONS,
  description: 'For the Original Attributes Sequence; CORRECT unless given.',
})
@ApiNoContentResponse({ description: 'Changed in every answer; the bytes as received stay at /original.' })
@ApiForbiddenResponse({ description: 'The caller lacks the scope archive.edit.' })
@ApiNotFoundResponse({ description: 'There is no such study, series or instance.' })
@ApiResponse({ status: 400, description: 'A value that its VR cannot hold, a wrong VR, an unknown attribute.' })
@ApiResponse({ status: 412, description: 'What If-Match or If-Unmodified-Since asks for is no longer so.' })
@ApiResponse({ status: 413, description: 'The change is too large.' })
@ApiResponse({ status: 415, description: 'The body is not application/dicom+json.' })
@ApiResponse({ status: 422, description: 'An attribute that cannot be changed, or not at this level.' })
@Controller('dicom-web/studies/:study')
export class ChangeController {
  constructor(
    private readonly attributes: ChangeAttributes,
    private readonly address: PublicAddress,
  ) {}

  @Patch('metadata')
  @HttpCode(204)
  @ApiBody(BODY)
  @ApiOperation({ summary: 'Change attributes of a study and its patient' })
  ofStudy(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('reason') reason?: unknown) {
    return this.change(path, request, reply, reason);
  }

  @Patch('series/:series/metadata')
  @HttpCode(204)
  @ApiBody(BODY)
  @ApiOperation({ summary: 'Change attributes of a series' })
  ofSeries(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('reason') reason?: unknown) {
    return this.change(path, request, reply, reason);
  }

  @Patch('series/:series/instances/:instance/metadata')
  @HttpCode(204)
  @ApiBody(BODY)
  @ApiOperation({ summary: 'Change attributes of an instance' })
  ofInstance(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('reason') reason?: unknown) {
    return this.change(path, request, reply, reason);
  }

  private async change(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, reason: unknown): Promise<void> {
    const change = await changeBody(request);
    const studies = `${baseUrl(request, this.address)}/dicom-web/studies`;
    const state = await this.attributes.change(callerOf(request), path, change, {
      reason: reasonOf(reason),
      before: (now) => {
        const forms = METADATA_FORMS.map((mediaType) => metadataVersion(mediaType, studies, now));
        if (!mayChange(request.headers, forms)) throw new PreconditionFailed();
      },
    });
    const { headers } = decide({ method: 'GET', headers: {} }, metadataVersion(DICOM_JSON, studies, state));
    await reply.headers(headers).code(204).send();
  }
}

function reasonOf(asked: unknown): ChangeReason {
  const reason = CHANGE_REASONS.find((one) => one === (asked ?? 'CORRECT'));
  if (reason === undefined) throw new UnknownReason();
  return reason;
}
