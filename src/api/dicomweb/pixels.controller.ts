import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Pixels } from '../../archive/pixels.js';
import { Retrieve } from '../../archive/retrieve.js';
import { Fault } from '../../faults.js';
import { Accept } from '../accept.js';
import { ACCEPT, negotiate } from '../media-types.js';
import { InstancePath } from './archive-paths.js';
import { BadFrameList, FramesPath } from './frame-list.js';

/** PS3.18 8.3.5. */
const RENDERING_PARAMETERS = new Set(['annotation', 'quality', 'viewport', 'window', 'iccprofile']);

/** Rendered images come with their default window and size for now; to ignore what was asked for would show something else. */
export class UnsupportedRendering extends Fault {
  readonly code = 'unsupported-rendering';
  readonly status = 400;

  constructor() {
    super('Rendered images take no query parameters on this server yet.');
  }
}

/** Rendered images (WADO-RS, PS3.18 10.4.1.1.3). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study/series/:series/instances/:instance')
export class PixelsController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pixels: Pixels,
  ) {}

  @Get('rendered')
  @ApiOperation({ summary: 'Retrieve a rendered instance: its first frame (PS3.18 10.4.1.1.3)' })
  @ApiProduces('image/jpeg', 'image/png')
  @ApiOkResponse({ description: 'The image with its default window.' })
  rendered(@Param() path: InstancePath, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.render(path, 1, reply, accept);
  }

  @Get('frames/:frames/rendered')
  @ApiOperation({ summary: 'Retrieve a rendered frame' })
  @ApiProduces('image/jpeg', 'image/png')
  @ApiOkResponse({ description: 'The image with its default window.' })
  renderedFrame(@Param() path: FramesPath, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    if (path.frames.length > 1) throw new BadFrameList(); // several images need a multipart form, not one image
    return this.render(path, path.frames[0], reply, accept);
  }

  private async render(path: InstancePath, frameNumber: number, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const asked = Object.keys(reply.request.query ?? {}).map((name) => name.toLowerCase());
    if (asked.some((name) => RENDERING_PARAMETERS.has(name))) throw new UnsupportedRendering();
    const form = negotiate(accept, ['image/jpeg', 'image/png']);
    const instance = await this.retrieve.pixelInstance(LOCAL_CALLER, path);
    const { bytes, mediaType } = await this.pixels.render(instance, { frameNumber, format: form === 'image/png' ? 'png' : 'jpeg' });
    await reply.type(mediaType).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
}
