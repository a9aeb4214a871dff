import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Render } from '../../archive/render.js';
import type { ImageRow } from '../../archive/render.sql.js';
import { Retrieve } from '../../archive/retrieve.js';
import { Accept } from '../accept.js';
import { ACCEPT, choose } from '../media-types.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { FramesPath } from './frame-list.js';
import { ONE_IMAGE, sendImage } from './rendered-images.js';
import { thumbnailViewport } from './rendering-parameters.js';

const SIDE = 128;
const QUALITY = 80;
const VIEWPORT = { name: 'viewport', description: 'vw,vh (PS3.18 8.3.5.1.3); 128,128 unless given', required: false, type: String };
const IMAGE_TYPES = ONE_IMAGE.map(({ mediaType }) => mediaType);

/** Small images that stand for a study, series, instance or frame (PS3.18 10.4.1.1.4). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study')
export class ThumbnailsController {
  constructor(
    private readonly render: Render,
    private readonly retrieve: Retrieve,
  ) {}

  @Get('thumbnail')
  @ApiQuery(VIEWPORT)
  @ApiOperation({ summary: 'Retrieve a thumbnail of a study' })
  @ApiProduces(...IMAGE_TYPES)
  @ApiOkResponse({ description: 'The middle image of its first series with images.' })
  async study(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    const image = await this.render.representative(path);
    return this.send(image, middleFrame(image), request, reply, accept);
  }

  @Get('series/:series/thumbnail')
  @ApiQuery(VIEWPORT)
  @ApiOperation({ summary: 'Retrieve a thumbnail of a series' })
  @ApiProduces(...IMAGE_TYPES)
  @ApiOkResponse({ description: 'Its middle image.' })
  async series(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    const image = await this.render.representative(path);
    return this.send(image, middleFrame(image), request, reply, accept);
  }

  @Get('series/:series/instances/:instance/thumbnail')
  @ApiQuery(VIEWPORT)
  @ApiOperation({ summary: 'Retrieve a thumbnail of an instance' })
  @ApiProduces(...IMAGE_TYPES)
  @ApiOkResponse({ description: 'Of several frames the middle one.' })
  async instance(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    const image = await this.render.instance(path);
    return this.send(image, middleFrame(image), request, reply, accept);
  }

  @Get('series/:series/instances/:instance/frames/:frames/thumbnail')
  @ApiQuery(VIEWPORT)
  @ApiOperation({ summary: 'Retrieve a thumbnail of frames' })
  @ApiProduces(...IMAGE_TYPES)
  @ApiOkResponse({ description: 'Of several frames the first of the list.' })
  async frames(@Param() path: FramesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.send(await this.render.instance(path), path.frames[0], request, reply, accept);
  }

  private async send(
    image: ImageRow,
    frame: number,
    request: FastifyRequest,
    reply: FastifyReply,
    accept: string | undefined,
  ): Promise<void> {
    const viewport = thumbnailViewport(request.query) ?? { columns: SIDE, rows: SIDE };
    const { format } = choose(accept, ONE_IMAGE).offer;
    const answer = await this.render.frame(image, frame, { format, quality: QUALITY, viewport });
    await sendImage(this.retrieve, image, answer, request, reply);
  }
}

const middleFrame = ({ frames }: ImageRow): number => Math.max(1, Math.ceil(frames / 2));
