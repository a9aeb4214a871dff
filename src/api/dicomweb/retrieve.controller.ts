import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Retrieve, type MetadataText } from '../../archive/retrieve.js';
import type { ArchivePath, StoredInstanceRow } from '../../archive/retrieve.sql.js';
import type { Segment } from '../../archive/stored-bytes.js';
import { PublicAddress } from '../../public-address.js';
import { baseUrl } from '../base-url.js';
import { Accept } from '../accept.js';
import { ACCEPT, covers, negotiate, NotAcceptable, parseAccept } from '../media-types.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { DICOM_JSON } from './dataset-body.js';
import { multipartSegments, sendBytes, type KnownPart } from './send-bytes.js';

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
    const found = await this.retrieve.instances(path);
    // Stored bytes only, for now: an entry that asks for another transfer syntax cannot be served.
    const chosen = entries.find(
      ({ single, multipart, transferSyntax }) =>
        (single || multipart) && (transferSyntax === '*' || found.every((one) => one.transferSyntaxUID === transferSyntax)),
    );
    if (!chosen) throw new NotAcceptable([`${MULTIPART_DICOM}; transfer-syntax=*`, `${DICOM}; transfer-syntax=*`]);
    const [{ studyRow }] = found;
    const seen = { studyRow, what: 'instances', ...(path.instance === undefined ? {} : { instances: found.map(({ id }) => id) }) } as const;
    if (chosen.single) {
      const [instance] = found;
      const type = `${DICOM}; transfer-syntax=${instance.transferSyntaxUID}`;
      return sendBytes(reply, type, this.retrieve.bytes(LOCAL_CALLER, seen, [whole(instance)]));
    }
    const { contentType, segments } = multipartSegments(DICOM, nameOf(found), found.map(part));
    await sendBytes(reply, contentType, this.retrieve.bytes(LOCAL_CALLER, seen, segments));
  }

  private async metadata(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, accept: string | undefined): Promise<void> {
    negotiate(accept, [DICOM_JSON, 'application/json']);
    const state = await this.retrieve.state(path);
    const pages = await this.retrieve.metadata(LOCAL_CALLER, path, state);
    const study = `${baseUrl(request, this.address)}/dicom-web/studies/${path.study}`;
    await reply.type(DICOM_JSON).send(Readable.from(jsonArray(pages, study), { objectMode: false }));
  }
}

const whole = ({ sha256, bytes }: StoredInstanceRow): Segment => ({ sha256, offset: 0, length: bytes });

const part = (instance: StoredInstanceRow): KnownPart => ({
  headers: [`Content-Type: ${DICOM}; transfer-syntax=${instance.transferSyntaxUID}`, `Content-Length: ${instance.bytes}`],
  segments: [whole(instance)],
});

/** What the answer is made of, in a few letters. */
function nameOf(found: readonly StoredInstanceRow[]): string {
  if (found.length === 1) return found[0].sha256.slice(0, 32);
  const hash = createHash('sha256');
  for (const { sha256 } of found) hash.update(sha256);
  return hash.digest('hex').slice(0, 32);
}

/** Stored texts joined to one JSON array; relative bulk data URIs become absolute ones. */
async function* jsonArray(pages: AsyncIterable<readonly MetadataText[]>, study: string): AsyncGenerator<Buffer> {
  let before = '[';
  for await (const page of pages) {
    const texts = page.map(({ metadata, seriesInstanceUID, sopInstanceUID }) =>
      // Inside a JSON string the quotes of this pattern would be escaped: it matches the member alone.
      metadata.replaceAll(
        '"BulkDataURI":"bulkdata/',
        `"BulkDataURI":"${study}/series/${seriesInstanceUID}/instances/${sopInstanceUID}/bulkdata/`,
      ),
    );
    yield Buffer.from(before + texts.join(','));
    before = ',';
  }
  yield Buffer.from(']');
}
