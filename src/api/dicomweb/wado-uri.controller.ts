import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { LOCAL_CALLER } from '../../access/caller.js';
import { contentVersion } from '../../archive/content-version.js';
import { hasFrame } from '../../archive/frame-bytes.js';
import { Pixels } from '../../archive/pixels.js';
import { Retrieve } from '../../archive/retrieve.js';
import { Transcode } from '../../archive/transcode.js';
import { EXPLICIT_VR_LITTLE_ENDIAN, TRANSFER_SYNTAXES } from '../../dicom/transfer-syntaxes.js';
import { PublicAddress } from '../../public-address.js';
import { checkCharset } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { begin, decide } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, negotiate, NotAcceptable } from '../media-types.js';
import { sendBytes } from './send-bytes.js';
import { BadUriParameter, UriParameterNotOffered, wadoUriRequest, type WadoUriRequest } from './wado-uri-query.js';

const DICOM = 'application/dicom';
const JPEG = 'image/jpeg';
const PNG = 'image/png';
/** Without a word from the client, JPEG (PS3.18 9.3). */
const FORMS = [JPEG, PNG, DICOM] as const;

type UriQuery = Record<string, string | string[] | undefined>;

/** The URI Service, WADO-URI (PS3.18 9), for clients from before WADO-RS. */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('wado')
export class WadoUriController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pixels: Pixels,
    private readonly transcode: Transcode,
    private readonly address: PublicAddress,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Retrieve an instance, as it is or rendered, by query parameters (WADO-URI, PS3.18 9)' })
  @ApiQuery({ name: 'requestType', enum: ['WADO'] })
  @ApiQuery({ name: 'studyUID' })
  @ApiQuery({ name: 'seriesUID' })
  @ApiQuery({ name: 'objectUID' })
  @ApiQuery({ name: 'contentType', required: false, description: 'application/dicom, or rendered media types' })
  @ApiQuery({ name: 'transferSyntax', required: false, description: 'Of application/dicom' })
  @ApiQuery({ name: 'frameNumber', required: false, description: 'Of a multi-frame image' })
  @ApiQuery({ name: 'rows', required: false, description: 'At most; the aspect is kept' })
  @ApiQuery({ name: 'columns', required: false, description: 'At most; the aspect is kept' })
  @ApiQuery({ name: 'imageQuality', required: false, description: 'Of JPEG, 1 to 100' })
  @ApiProduces(...FORMS)
  @ApiOkResponse({ description: 'The instance, or the image of its first frame or of frameNumber.' })
  async instance(@Query() query: UriQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = wadoUriRequest(query);
    checkCharset(query['charset']);
    const { contentType } = asked;
    const { accept } = request.headers;
    const form = negotiate(
      contentType !== undefined && accept !== undefined ? `${contentType}\n${accept}` : (contentType ?? accept),
      FORMS,
    );
    return form === DICOM ? this.file(asked, request, reply) : this.image(asked, form, request, reply);
  }

  private async file(asked: WadoUriRequest, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { path, window } = asked;
    if (window) throw new BadUriParameter('windowCenter', 'stands with no application/dicom (9.5.1.2.6)');
    const [stored] = await this.retrieve.instances(path);
    const { id, studyRow, sha256, bytes, transferSyntaxUID, changedAt, revision } = stored;
    const transferSyntax = asked.transferSyntax === '*' ? transferSyntaxUID : (asked.transferSyntax ?? EXPLICIT_VR_LITTLE_ENDIAN); // 9.4.2.4
    reply.header('Content-Location', this.locationOf(path, request));
    if (transferSyntax === transferSyntaxUID && revision === 0) {
      const seen = { studyRow, what: 'instances', instances: [id] } as const;
      const whole = this.retrieve.bytes(LOCAL_CALLER, seen, [{ sha256, offset: 0, length: bytes }]);
      return sendBytes(request, reply, DICOM, whole, { etag: strongTag(contentVersion(stored)), lastModified: changedAt });
    }
    if (transferSyntax !== transferSyntaxUID && !Transcode.offers(transferSyntax))
      throw new NotAcceptable(transferSyntaxes(transferSyntaxUID));
    const about = { etag: strongTag(`${contentVersion(stored)}-${transferSyntax.slice(-8)}`), lastModified: changedAt };
    const decision = decide(request, about);
    // What cannot be written so is found before the first byte leaves.
    const pieces =
      decision.status === 200 && (await this.transcode.file(await this.retrieve.pixelInstance(LOCAL_CALLER, path), transferSyntax));
    if (begin(reply.type(DICOM), decision) && pieces) await reply.send(Readable.from(pieces, { objectMode: false }));
  }

  private async image(asked: WadoUriRequest, form: typeof JPEG | typeof PNG, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { path, window, region, presentation, frameNumber, imageQuality: quality, viewport } = asked;
    if (region) throw new UriParameterNotOffered('region');
    if (presentation) throw new UriParameterNotOffered('presentationUID');
    const instance = await this.retrieve.pixelInstance(LOCAL_CALLER, path);
    const isFrame = frameNumber === undefined || (hasFrame(instance.frameTable, 2) && hasFrame(instance.frameTable, frameNumber));
    if (!isFrame) throw new BadUriParameter('frameNumber', 'must be that of a frame of a multi-frame image (9.5.2.1)');
    const image = await this.pixels.render(instance, {
      frameNumber: frameNumber ?? 1,
      format: form === PNG ? 'png' : 'jpeg',
      quality,
      viewport,
      // The URI Service has no function parameter (9.5.1.2.6).
      ...(window && { window: { ...window, voiLutFunction: 'LINEAR' } }),
    });
    reply.header(
      'Content-Location',
      `${this.locationOf(path, request)}${frameNumber === undefined ? '' : `/frames/${frameNumber}`}/rendered`,
    );
    // An annotation is something more in the image, never something else.
    if (asked.annotated) reply.header('Warning', `299 ${new URL(baseUrl(request, this.address)).host} "Images are not annotated."`);
    const { buffer, byteOffset, byteLength } = image.bytes;
    await reply.type(image.mediaType).send(Buffer.from(buffer, byteOffset, byteLength));
  }

  private locationOf({ study, series, instance }: WadoUriRequest['path'], request: FastifyRequest): string {
    return `${baseUrl(request, this.address)}/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
  }
}

/** What `transferSyntax` may be: the stored one, and those that files are written in. */
const transferSyntaxes = (stored: string): string[] =>
  [stored, ...[...TRANSFER_SYNTAXES.keys()].filter((one) => one !== stored && Transcode.offers(one))].map((one) => `transferSyntax=${one}`);
