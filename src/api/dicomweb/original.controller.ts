import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Retrieve } from '../../archive/retrieve.js';
import { callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, choose } from '../media-types.js';
import { InstancePath } from './archive-paths.js';
import { sendBytes } from './send-bytes.js';

const DICOM = 'application/dicom';

/** The bytes of an instance as they were received, whatever was changed of it since: our own, beside what PS3.18 retrieves. */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study/series/:series/instances/:instance')
export class OriginalController {
  constructor(private readonly retrieve: Retrieve) {}

  @Get('original')
  @ApiOperation({ summary: 'Retrieve an instance as it was received' })
  @ApiProduces(DICOM)
  @ApiOkResponse({ description: 'The file, byte for byte; its SHA-256 is the entity tag.' })
  @ApiNotFoundResponse({ description: 'There is no such instance.' })
  async original(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    choose(accept, [{ mediaType: DICOM, transferSyntaxes: 'any' }]);
    const [{ id, studyRow, whose, sha256, bytes, transferSyntaxUID }] = await this.retrieve.instances(path);
    const whole = { sha256, offset: 0, length: bytes };
    const file = this.retrieve.bytes(callerOf(request), { studyRow, whose, what: 'instances', instances: [id] }, [whole]);
    await sendBytes(request, reply, `${DICOM}; transfer-syntax=${transferSyntaxUID}`, file, { etag: strongTag(sha256) });
  }
}
