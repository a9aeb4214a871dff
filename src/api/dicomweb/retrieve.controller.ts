import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Retrieve, type MetadataText } from '../../archive/retrieve.js';
import type { ArchivePath, StoredInstanceRow } from '../../archive/retrieve.sql.js';
import { PublicAddress } from '../../public-address.js';
import { baseUrl } from '../base-url.js';
import { Accept } from '../accept.js';
import { ACCEPT, covers, negotiate, NotAcceptable, parseAccept } from '../media-types.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { DICOM_JSON } from './dataset-body.js';
import { multipartBody, type OutgoingPart } from './multipart-body.js';

const DICOM = 'application/dicom';
const MULTIPART_DICOM = `multipart/related; type="${DICOM}"`;

/** Retrieve studies, series, instances and their metadata (WADO-RS, PS3.18 10.4). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study')
export class RetrieveController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly address: PublicAddress,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Retrieve a study (WADO-RS, PS3.18 10.4.1.1.1)' })
  @ApiProduces(MULTIPART_DICOM)
  @ApiOkResponse({ description: 'One part an instance, the bytes as received.' })
  study(@Param() path: StudyPath, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, reply, accept);
  }

  @Get('series/:series')
  @ApiOperation({ summary: 'Retrieve a series' })
  @ApiProduces(MULTIPART_DICOM)
  @ApiOkResponse({ description: 'One part an instance, the bytes as received.' })
  series(@Param() path: SeriesPath, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, reply, accept);
  }

  @Get('series/:series/instances/:instance')
  @ApiOperation({ summary: 'Retrieve an instance' })
  @ApiProduces(MULTIPART_DICOM, DICOM)
  @ApiOkResponse({ description: 'The bytes as received.' })
  instance(@Param() path: InstancePath, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, reply, accept);
  }

  @Get('metadata')
  @ApiOperation({ summary: 'Retrieve the metadata of a study (PS3.18 10.4.1.1.2)' })
  @ApiProduces(DICOM_JSON)
  @ApiOkResponse({ description: 'DICOM JSON of every instance; bulk data by URI.' })
  studyMetadata(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.metadata(path, request, reply, accept);
  }

  @Get('series/:series/metadata')
  @ApiOperation({ summary: 'Retrieve the metadata of a series' })
  @ApiProduces(DICOM_JSON)
  @ApiOkResponse({ description: 'DICOM JSON of every instance; bulk data by URI.' })
  seriesMetadata(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.metadata(path, request, reply, accept);
  }

  @Get('series/:series/instances/:instance/metadata')
  @ApiOperation({ summary: 'Retrieve the metadata of an instance' })
  @ApiProduces(DICOM_JSON)
  @ApiOkResponse({ description: 'DICOM JSON; bulk data by URI.' })
  instanceMetadata(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    return this.metadata(path, request, reply, accept);
  }

  private async instances(path: ArchivePath, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const entries = parseAccept(accept).map((entry) => ({
      single: covers(entry, DICOM) && entry.mediaType === DICOM && path.instance !== undefined,
      multipart: entry.mediaType === '*/*' || (covers(entry, 'multipart/related') && (entry.parameters['type'] ?? DICOM) === DICOM),
      transferSyntax: entry.parameters['transfer-syntax'] ?? '*',
    }));
    const found = await this.retrieve.instances(LOCAL_CALLER, path);
    // Stored bytes only, for now: an entry that asks for another transfer syntax cannot be served.
    const chosen = entries.find(
      ({ single, multipart, transferSyntax }) =>
        (single || multipart) && (transferSyntax === '*' || found.every((one) => one.transferSyntaxUID === transferSyntax)),
    );
    if (!chosen) throw new NotAcceptable([`${MULTIPART_DICOM}; transfer-syntax=*`, `${DICOM}; transfer-syntax=*`]);
    if (chosen.single) {
      const [instance] = found;
      reply.header('content-length', instance.bytes).type(`${DICOM}; transfer-syntax=${instance.transferSyntaxUID}`);
      return void (await reply.send(await this.retrieve.file(instance)));
    }
    const { stream, contentType } = multipartBody(
      DICOM,
      found.map((one) => this.part(one)),
    );
    await reply.type(contentType).send(stream);
  }

  private part(instance: StoredInstanceRow): OutgoingPart {
    return {
      headers: [`Content-Type: ${DICOM}; transfer-syntax=${instance.transferSyntaxUID}`, `Content-Length: ${instance.bytes}`],
      body: () => this.retrieve.file(instance),
    };
  }

  private async metadata(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, accept: string | undefined): Promise<void> {
    negotiate(accept, [DICOM_JSON, 'application/json']);
    const texts = await this.retrieve.metadata(LOCAL_CALLER, path);
    const study = `${baseUrl(request, this.address)}/dicom-web/studies/${path.study}`;
    await reply.type(DICOM_JSON).send(Readable.from(jsonArray(texts, study), { objectMode: false }));
  }
}

/** Stored texts joined to one JSON array; relative bulk data URIs become absolute ones. */
async function* jsonArray(texts: AsyncIterable<MetadataText>, study: string): AsyncGenerator<string> {
  let before = '[';
  for await (const { metadata, seriesInstanceUID, sopInstanceUID } of texts) {
    const instance = `${study}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
    // Inside a JSON string the quotes of this pattern would be escaped: it matches the member alone.
    yield before + metadata.replaceAll('"BulkDataURI":"bulkdata/', `"BulkDataURI":"${instance}/bulkdata/`);
    before = ',';
  }
  yield ']';
}
