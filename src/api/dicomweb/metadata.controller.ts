import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { metadataSeen, Retrieve } from '../../archive/retrieve.js';
import type { ArchivePath } from '../../archive/retrieve.sql.js';
import { StoredBytes } from '../../archive/stored-bytes.js';
import { PublicAddress } from '../../public-address.js';
import { callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { decide } from '../conditional.js';
import { ACCEPT, choose } from '../media-types.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { DICOM_JSON, DICOM_XML } from './dataset-body.js';
import { DATASET_LIST, xmlParts } from './dataset-list.js';
import { metadataVersion } from './metadata-version.js';
import { boundaryOf, multipartBody } from './multipart-body.js';
import { sendBytes } from './send-bytes.js';
import { sendPieces } from './send-pieces.js';

const FORMS = [DICOM_JSON, `multipart/related; type="${DICOM_XML}"`];
const ANSWER = { description: 'The attributes of every instance; bulk data by URI.' };

/** Retrieve metadata (WADO-RS, PS3.18 10.4.1.1.2): from the text that was made when the instance came. */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@ApiProduces(...FORMS)
@Controller('dicom-web/studies/:study')
export class MetadataController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly address: PublicAddress,
  ) {}

  @Get('metadata')
  @ApiOperation({ summary: 'Retrieve the metadata of a study (PS3.18 10.4.1.1.2)' })
  @ApiOkResponse(ANSWER)
  ofStudy(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.metadata(path, request, reply, accept);
  }

  @Get('series/:series/metadata')
  @ApiOperation({ summary: 'Retrieve the metadata of a series' })
  @ApiOkResponse(ANSWER)
  ofSeries(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.metadata(path, request, reply, accept);
  }

  @Get('series/:series/instances/:instance/metadata')
  @ApiOperation({ summary: 'Retrieve the metadata of an instance' })
  @ApiOkResponse(ANSWER)
  ofInstance(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.metadata(path, request, reply, accept);
  }

  private async metadata(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const { mediaType } = choose(accept, DATASET_LIST).offer;
    const state = await this.retrieve.state(path);
    const studies = `${baseUrl(request, this.address)}/dicom-web/studies`;
    const about = metadataVersion(mediaType, studies, state);
    const looked = () => this.retrieve.looked(callerOf(request), metadataSeen(path, state));
    if (mediaType === DICOM_XML) {
      const parts = xmlParts(this.retrieve.datasets(path, studies));
      const { pieces, contentType } = multipartBody(DICOM_XML, parts, boundaryOf(about.etag));
      return sendPieces(reply.type(contentType), decide(request, about), looked, pieces);
    }
    const text = await this.retrieve.metadata(callerOf(request), path, state, studies);
    if (text instanceof StoredBytes) return sendBytes(request, reply, mediaType, text, about);
    await sendPieces(reply.type(mediaType), decide(request, about), looked, text);
  }
}
