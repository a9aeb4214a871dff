import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentVersion } from '../../archive/content-version.js';
import { NotInArchive } from '../../archive/faults.js';
import { part } from '../../archive/byte-ranges.js';
import { onwards } from '../../archive/onwards.js';
import { BulkData, type BulkRequest, type GivenValue } from '../../archive/bulk-data.js';
import { Retrieve } from '../../archive/retrieve.js';
import type { ArchivePath } from '../../archive/retrieve.sql.js';
import { PublicAddress } from '../../public-address.js';
import { callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { decide, type Tagged } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, choices, NotAcceptable, type Choice } from '../media-types.js';
import { named, type Offer } from '../offer.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { bulkForms, PIXELS_ALONE, PIXELS_IN_PARTS, typesOf } from './frame-forms.js';
import { boundaryOf, multipartBody, type OutgoingPart } from './multipart-body.js';
import { partsVersion, saidHad } from './parts-version.js';
import { sendBytes } from './send-bytes.js';
import { sendPieces } from './send-pieces.js';
import { isReceiverGone } from '../receiver.js';

/** Of one value, octets without multipart come first. */
const [SINGLE, ...OTHERS_ALONE] = PIXELS_ALONE;
const OF_ONE: readonly Offer[] = [SINGLE, ...PIXELS_IN_PARTS, ...OTHERS_ALONE];
const PARTS = {
  description: 'One part a value, named by its Content-Location; native samples, or a part a frame where a compressed form is asked for.',
};

class BulkDataPath extends InstancePath {
  readonly '*'!: string;
}

/** Retrieve bulk data and pixel data (WADO-RS, PS3.18 10.4.1.1.5): one value by the URI that metadata give, or all of a path. */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@ApiProduces(...typesOf(PIXELS_IN_PARTS), ...typesOf(PIXELS_ALONE))
@Controller('dicom-web/studies/:study')
export class BulkDataController {
  constructor(
    private readonly bulkData: BulkData,
    private readonly retrieve: Retrieve,
    private readonly address: PublicAddress,
  ) {}

  @Get('series/:series/instances/:instance/bulkdata/*')
  @ApiOperation({ summary: 'Retrieve a bulk value by the URI that the metadata give (PS3.18 10.4.1.1.5)' })
  @ApiOkResponse({ description: 'The bytes of the value, little endian.' })
  async value(
    @Param() path: BulkDataPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    const { forms, wanted } = asked(accept, OF_ONE, reply);
    if (request.headers['if-none-match'] !== undefined) {
      const [found] = await this.retrieve.instances(path);
      const seen = { studyRow: found.studyRow, whose: found.whose, what: 'bulk data', instances: [found.id] } as const;
      if (await saidHad(this.retrieve, seen, this.versionOf([found], forms, request), request, reply)) return;
    }
    const { given, seen } = await this.bulkData.one(path, path['*'], wanted);
    const [value, more] = await begun(given);
    const looked = () => this.retrieve.looked(callerOf(request), seen);
    if (!value.form.alone) return this.parts(value, more, this.versionOf([value.instance], forms, request), looked, request, reply);
    const { instance, segments, form } = value;
    const about = {
      etag: strongTag(`${contentVersion(instance)}-${value.path}-${form.transferSyntaxUID ?? ''}`),
      lastModified: instance.changedAt,
    };
    if (segments === undefined) {
      const decision = decide(request, { ...about, length: value.length });
      return sendPieces(reply.type(typeOf(value)), decision, looked, part(value.open(), decision.start, decision.end + 1));
    }
    await sendBytes(request, reply, typeOf(value), this.retrieve.bytes(callerOf(request), seen, segments), about);
  }

  @Get('bulkdata')
  @ApiOperation({ summary: 'Retrieve all bulk data of a study' })
  @ApiOkResponse(PARTS)
  ofStudy(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.all(path, 'bulk data', request, reply, accept);
  }

  @Get('series/:series/bulkdata')
  @ApiOperation({ summary: 'Retrieve all bulk data of a series' })
  @ApiOkResponse(PARTS)
  ofSeries(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.all(path, 'bulk data', request, reply, accept);
  }

  @Get('series/:series/instances/:instance/bulkdata')
  @ApiOperation({ summary: 'Retrieve all bulk data of an instance' })
  @ApiOkResponse(PARTS)
  ofInstance(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.all(path, 'bulk data', request, reply, accept);
  }

  @Get('pixeldata')
  @ApiOperation({ summary: 'Retrieve the pixel data of a study' })
  @ApiOkResponse(PARTS)
  pixelsOfStudy(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.all(path, 'pixel data', request, reply, accept);
  }

  @Get('series/:series/pixeldata')
  @ApiOperation({ summary: 'Retrieve the pixel data of a series' })
  @ApiOkResponse(PARTS)
  pixelsOfSeries(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.all(path, 'pixel data', request, reply, accept);
  }

  @Get('series/:series/instances/:instance/pixeldata')
  @ApiOperation({ summary: 'Retrieve the pixel data of an instance' })
  @ApiOkResponse(PARTS)
  pixelsOfInstance(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.all(path, 'pixel data', request, reply, accept);
  }

  private async all(
    path: ArchivePath,
    which: 'bulk data' | 'pixel data',
    request: FastifyRequest,
    reply: FastifyReply,
    accept: string | undefined,
  ): Promise<void> {
    const { forms, wanted } = asked(accept, PIXELS_IN_PARTS, reply);
    const found = await this.retrieve.instances(path);
    const about = this.versionOf(found, forms, request);
    const [{ id, studyRow, whose }] = found;
    const seen = { studyRow, whose, what: which, ...(path.instance === undefined ? {} : { instances: [id] }) };
    if (await saidHad(this.retrieve, seen, about, request, reply)) return;
    const values = await this.bulkData.all(found, which, wanted);
    return this.parts(...(await begun(values)), about, () => this.retrieve.looked(callerOf(request), seen), request, reply);
  }

  private versionOf(from: Parameters<typeof partsVersion>[3], forms: readonly Choice[], request: FastifyRequest): Tagged {
    return partsVersion(request, baseUrl(request, this.address), forms, from);
  }

  private async parts(
    first: GivenValue,
    more: AsyncIterable<GivenValue>,
    about: Tagged,
    looked: () => Promise<unknown>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const studies = `${baseUrl(request, this.address)}/dicom-web/studies`;
    const { study } = request.params as StudyPath; // every route here has it, checked
    async function* parts(): AsyncGenerator<OutgoingPart> {
      for await (const value of onwards([first], more)) {
        const { seriesInstanceUID, sopInstanceUID } = value.instance;
        const location = `${studies}/${study}/series/${seriesInstanceUID}/instances/${sopInstanceUID}/bulkdata/${value.path}`;
        yield { headers: [`Content-Type: ${typeOf(value)}`, `Content-Location: ${location}`], body: value.open };
      }
    }
    // The type is that of the first part (RFC 2387 3.1).
    const { pieces, contentType } = multipartBody(first.form.mediaType, parts(), boundaryOf(about.etag));
    await sendPieces(reply.type(contentType), decide(request, about), looked, pieces);
  }
}

/** What is asked for among offers. Throws NotAcceptable where it is none of them. */
function asked(
  accept: string | undefined,
  offers: readonly Offer[],
  { raw }: FastifyReply,
): { forms: readonly Choice[]; wanted: BulkRequest } {
  const forms = choices(accept, offers);
  const refusal = new NotAcceptable(offers.map(named));
  if (forms.length === 0) throw refusal;
  return { forms, wanted: { forms: (lyingAs) => bulkForms(forms, lyingAs), refusal, isWanted: () => !isReceiverGone(raw) } };
}

/** The first of the values, made, and the others. */
async function begun(values: AsyncIterable<GivenValue> | readonly GivenValue[]): Promise<[GivenValue, AsyncIterable<GivenValue>]> {
  const all = onwards([], values);
  const first = await all.next();
  if (first.done) throw new NotInArchive('bulk data');
  return [first.value, all];
}

const typeOf = ({ form: { mediaType, transferSyntaxUID } }: GivenValue): string =>
  transferSyntaxUID === undefined ? mediaType : `${mediaType}; transfer-syntax=${transferSyntaxUID}`;
