import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentVersion } from '../../archive/content-version.js';
import { Render } from '../../archive/render.js';
import { Retrieve } from '../../archive/retrieve.js';
import type { FoundInstanceRow } from '../../archive/retrieve.sql.js';
import { Transcode } from '../../archive/transcode.js';
import { EXPLICIT_VR_LITTLE_ENDIAN, TRANSFER_SYNTAXES } from '../../dicom/transfer-syntaxes.js';
import { Fault } from '../../faults.js';
import { PublicAddress } from '../../public-address.js';
import { callerOf } from '../called-by.js';
import { checkCharset } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { beginOnRecord, decide, isHad } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, negotiate, NotAcceptable } from '../media-types.js';
import { MadeFiles, sendFile } from './made-files.js';
import { sendImage } from './rendered-images.js';
import { sendBytes } from './send-bytes.js';
import { BadUriParameter, UriParameterNotOffered, wadoUriRequest, type WadoUriRequest } from './wado-uri-query.js';
import { warn } from './warning.js';

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
    private readonly render: Render,
    private readonly madeFiles: MadeFiles,
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
    const named = asked.transferSyntax === '*' ? stored.transferSyntaxUID : asked.transferSyntax;
    const transferSyntax = named ?? EXPLICIT_VR_LITTLE_ENDIAN; // 9.4.2.4
    if (transferSyntax !== stored.transferSyntaxUID && !Transcode.offers(transferSyntax))
      throw new NotAcceptable(transferSyntaxes(stored.transferSyntaxUID));
    reply.header('Content-Location', this.locationOf(path, request));
    if (await this.fileIn(transferSyntax, stored, path, named === undefined, request, reply)) return;
    await this.fileIn(stored.transferSyntaxUID, stored, path, false, request, reply); // as WADO-RS does: 8.7.3.4
  }

  /**
   * Sends a file in a transfer syntax, as received where that is its own.
   * @param orNot  what cannot be written so is answered with false, nothing being sent; else its fault is thrown
   */
  private async fileIn(
    transferSyntax: string,
    stored: FoundInstanceRow,
    path: WadoUriRequest['path'],
    orNot: boolean,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<boolean> {
    const { id, studyRow, whose, sha256, bytes, changedAt, revision } = stored;
    if (transferSyntax === stored.transferSyntaxUID && revision === 0) {
      const seen = { studyRow, whose, what: 'instances', instances: [id] } as const;
      const whole = this.retrieve.bytes(callerOf(request), seen, [{ sha256, offset: 0, length: bytes }]);
      await sendBytes(request, reply, DICOM, whole, { etag: strongTag(contentVersion(stored)), lastModified: changedAt });
      return true;
    }
    const about = { etag: strongTag(`${contentVersion(stored)}-${transferSyntax.slice(-8)}`), lastModified: changedAt };
    const looked = () => this.retrieve.looked(callerOf(request), { studyRow, whose, what: 'pixels', instances: [id] });
    if (isHad(request, about)) return !(await beginOnRecord(reply.type(DICOM), decide(request, about), looked));
    // What cannot be written so is found before the first byte leaves, for HEAD too.
    const instance = await this.retrieve.pixelInstance(path);
    const file = await this.madeFiles.in(transferSyntax, instance, reply.raw).catch((fault: unknown) => {
      if (!orNot || !(fault instanceof Fault) || fault.status >= 500) throw fault;
      return undefined;
    });
    if (file === undefined) return false;
    await sendFile(request, reply, DICOM, file, about, looked);
    return true;
  }

  /** The same image as `/rendered` gives, from the same cache and with the same validators. */
  private async image(asked: WadoUriRequest, form: typeof JPEG | typeof PNG, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { path, window, region, presentation, frameNumber, imageQuality: quality, viewport } = asked;
    if (region) throw new UriParameterNotOffered('region');
    if (presentation) throw new UriParameterNotOffered('presentationUID');
    const image = await this.render.instance(path);
    const isFrame = frameNumber === undefined || (image.frames > 1 && frameNumber <= image.frames);
    if (!isFrame) throw new BadUriParameter('frameNumber', 'must be that of a frame of a multi-frame image (9.5.2.1)');
    const answer = await this.render.frame(image, frameNumber ?? 1, {
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
    if (asked.annotated) warn(reply, baseUrl(request, this.address), 'Images are not annotated.');
    await sendImage(this.retrieve, image, answer, request, reply);
  }

  private locationOf({ study, series, instance }: WadoUriRequest['path'], request: FastifyRequest): string {
    return `${baseUrl(request, this.address)}/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
  }
}

/** What `transferSyntax` may be: the stored one, and those that files are written in. */
const transferSyntaxes = (stored: string): string[] =>
  [stored, ...[...TRANSFER_SYNTAXES.keys()].filter((one) => one !== stored && Transcode.offers(one))].map((one) => `transferSyntax=${one}`);
