import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Pixels } from '../../archive/pixels.js';
import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import { Retrieve } from '../../archive/retrieve.js';
import { Fault } from '../../faults.js';
import { Accept } from '../accept.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, negotiate, NotAcceptable, parseAccept } from '../media-types.js';
import { InstancePath } from './archive-paths.js';
import { framePlaces } from '../../archive/frame-bytes.js';
import { multipartSegments, sendBytes } from './send-bytes.js';
import { multipartBody, type OutgoingPart } from './multipart-body.js';

const OCTETS = 'application/octet-stream';
/** PS3.18 8.3.5. */
const RENDERING_PARAMETERS = new Set(['annotation', 'quality', 'viewport', 'window', 'iccprofile']);
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** A frame list is whole numbers from 1, separated by commas (PS3.18 10.4.1.1.6). */
export class BadFrameList extends Fault {
  readonly code = 'bad-frame-list';
  readonly status = 400;

  constructor() {
    super('The frame list must be numbers from 1, separated by commas; 1,000 at most.');
  }
}

/** Rendered images come with their default window and size for now; to ignore what was asked for would show something else. */
export class UnsupportedRendering extends Fault {
  readonly code = 'unsupported-rendering';
  readonly status = 400;

  constructor() {
    super('Rendered images take no query parameters on this server yet.');
  }
}

class FramesPath extends InstancePath {
  @Transform(({ value }) => frameList(String(value)))
  readonly frames!: readonly number[];
}

class BulkDataPath extends InstancePath {
  readonly '*'!: string;
}

/** Frames, rendered images and bulk data of an instance (WADO-RS, PS3.18 10.4.1.1.3 to 10.4.1.1.6). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study/series/:series/instances/:instance')
export class PixelsController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pixels: Pixels,
  ) {}

  @Get('frames/:frames')
  @ApiOperation({ summary: 'Retrieve frames (PS3.18 10.4.1.1.6)' })
  @ApiProduces(`multipart/related; type="${OCTETS}"`)
  @ApiOkResponse({
    description: 'One part a frame in the order asked for: native samples, or the stored bytes of compressed ones for transfer-syntax=*.',
  })
  async frames(
    @Param() path: FramesPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    const stored = wantsStored(accept);
    const instance = await this.retrieve.frameInstance(path, path.frames);
    const places = path.frames.map((frame, i) => framePlaces(instance, frame, i));
    const asStored = places.every((one) => one !== undefined) && (stored || instance.ranges === null);
    if (!asStored) return this.decoded(path, reply);
    const syntax = instance.ranges === null ? EXPLICIT_LITTLE_ENDIAN : instance.transferSyntaxUID;
    const headers = [`Content-Type: ${OCTETS}; transfer-syntax=${syntax}`];
    const parts = places.map((segments) => ({ headers, segments: segments ?? [] }));
    const { contentType, segments } = multipartSegments(OCTETS, instance.sha256.slice(0, 32), parts);
    const seen = { studyRow: instance.studyRow, what: 'frames', instances: [instance.id] } as const;
    const etag = strongTag(`${instance.sha256.slice(0, 32)}-f${path.frames.join('.')}`);
    const bytes = this.retrieve.bytes(LOCAL_CALLER, seen, segments);
    await sendBytes(request, reply, contentType, bytes, { etag, lastModified: instance.changedAt });
  }

  /** Native samples of frames that do not lie in the file as such. */
  private async decoded(path: FramesPath, reply: FastifyReply): Promise<void> {
    const instance = await this.retrieve.pixelInstance(LOCAL_CALLER, path);
    const [frameNumber, ...rest] = path.frames;
    const first = await this.framePart(instance, frameNumber); // one that cannot be decoded still gets its status
    const all = async function* (this: PixelsController): AsyncGenerator<OutgoingPart> {
      yield first;
      for (const next of rest) yield await this.framePart(instance, next);
    }.call(this);
    const { stream, contentType } = multipartBody(OCTETS, all);
    await reply.type(contentType).send(stream);
  }

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

  @Get('bulkdata/*')
  @ApiOperation({ summary: 'Retrieve a bulk value by the URI that the metadata give (PS3.18 10.4.1.1.5)' })
  @ApiProduces(OCTETS, `multipart/related; type="${OCTETS}"`)
  @ApiOkResponse({ description: 'The bytes of the value as stored.' })
  async bulkData(@Param() path: BulkDataPath, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    const form = negotiate(accept, [OCTETS, 'multipart/related']);
    const instance = await this.retrieve.pixelInstance(LOCAL_CALLER, path);
    const bytes = await this.retrieve.bulkData(instance, path['*']);
    if (form === OCTETS) return void (await reply.type(OCTETS).send(bytes));
    const { stream, contentType } = multipartBody(OCTETS, [{ headers: [`Content-Type: ${OCTETS}`], body: () => [bytes] }]);
    await reply.type(contentType).send(stream);
  }

  private async render(path: InstancePath, frameNumber: number, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const asked = Object.keys(reply.request.query ?? {}).map((name) => name.toLowerCase());
    if (asked.some((name) => RENDERING_PARAMETERS.has(name))) throw new UnsupportedRendering();
    const form = negotiate(accept, ['image/jpeg', 'image/png']);
    const instance = await this.retrieve.pixelInstance(LOCAL_CALLER, path);
    const { bytes, mediaType } = await this.pixels.render(instance, { frameNumber, format: form === 'image/png' ? 'png' : 'jpeg' });
    await reply.type(mediaType).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  private async framePart(instance: PixelInstanceRow, frameNumber: number): Promise<OutgoingPart> {
    const { frame } = await this.pixels.decode(instance, frameNumber);
    return { headers: [`Content-Type: ${OCTETS}; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}`], body: () => [frame.bytes] };
  }
}

/** True when the stored form will do (`transfer-syntax=*`); native samples otherwise. Throws NotAcceptable. */
function wantsStored(accept: string | undefined): boolean {
  for (const entry of parseAccept(accept)) {
    const type = entry.mediaType === 'multipart/related' ? (entry.parameters['type'] ?? OCTETS) : entry.mediaType;
    if (type !== OCTETS && type !== '*/*') continue;
    const transferSyntax = entry.parameters['transfer-syntax'] ?? EXPLICIT_LITTLE_ENDIAN;
    if (transferSyntax === '*') return true;
    if (transferSyntax === EXPLICIT_LITTLE_ENDIAN) return false;
  }
  throw new NotAcceptable([`multipart/related; type="${OCTETS}"`, `multipart/related; type="${OCTETS}"; transfer-syntax=*`]);
}

function frameList(text: string): number[] {
  const numbers = text.split(',');
  if (numbers.length > 1_000 || !numbers.every((one) => /^[1-9]\d{0,8}$/.test(one))) throw new BadFrameList();
  return numbers.map(Number);
}
