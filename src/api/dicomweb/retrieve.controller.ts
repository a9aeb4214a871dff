import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { LOCAL_CALLER } from '../../access/caller.js';
import { Retrieve } from '../../archive/retrieve.js';
import type { ArchivePath, StoredInstanceRow } from '../../archive/retrieve.sql.js';
import type { Segment } from '../../archive/stored-bytes.js';
import { Accept } from '../accept.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, choices, NotAcceptable } from '../media-types.js';
import { named } from '../offer.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { multipartSegments, sendBytes, type KnownPart } from './send-bytes.js';
import { ZIP, ZipAnswer } from './zip-answer.js';

const DICOM = 'application/dicom';
const MULTIPART = { mediaType: DICOM, multipart: true, transferSyntaxes: 'any' } as const;
const SINGLE = { mediaType: DICOM, transferSyntaxes: 'any' } as const;

/** Retrieve studies, series and instances (WADO-RS, PS3.18 10.4.1.1.1). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study')
export class RetrieveController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly zip: ZipAnswer,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Retrieve a study (WADO-RS, PS3.18 10.4.1.1.1)' })
  @ApiProduces(named(MULTIPART), named(ZIP))
  @ApiOkResponse({ description: 'One part an instance, the bytes as received.' })
  study(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, request, reply, accept);
  }

  @Get('series/:series')
  @ApiOperation({ summary: 'Retrieve a series' })
  @ApiProduces(named(MULTIPART), named(ZIP))
  @ApiOkResponse({ description: 'One part an instance, the bytes as received.' })
  series(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, request, reply, accept);
  }

  @Get('series/:series/instances/:instance')
  @ApiOperation({ summary: 'Retrieve an instance' })
  @ApiProduces(named(MULTIPART), named(SINGLE), named(ZIP))
  @ApiOkResponse({ description: 'The bytes as received.' })
  instance(
    @Param() path: InstancePath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    return this.instances(path, request, reply, accept);
  }

  private async instances(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const offers = path.instance === undefined ? [MULTIPART, ZIP] : [MULTIPART, SINGLE, ZIP];
    const asked = choices(accept, offers);
    const found = await this.retrieve.instances(path);
    const chosen = asked.find(
      ({ offer, transferSyntax = '*' }) =>
        offer === ZIP || transferSyntax === '*' || found.every((one) => one.transferSyntaxUID === transferSyntax),
    );
    if (!chosen) throw new NotAcceptable(offers.map(named));
    if (chosen.offer === ZIP) return this.zip.send(path, chosen.transferSyntax ?? '*', found, request, reply);
    const [first] = found;
    const seen = {
      studyRow: first.studyRow,
      what: 'instances',
      ...(path.instance === undefined ? {} : { instances: [first.id] }),
    } as const;
    const name = nameOf(found);
    const lastModified = new Date(Math.max(...found.map(({ changedAt }) => changedAt.getTime())));
    if (chosen.offer === SINGLE) {
      const type = `${DICOM}; transfer-syntax=${first.transferSyntaxUID}`;
      const bytes = this.retrieve.bytes(LOCAL_CALLER, seen, [whole(first)]);
      return sendBytes(request, reply, type, bytes, { etag: strongTag(name), lastModified });
    }
    const { contentType, segments } = multipartSegments(DICOM, name, found.map(part));
    const bytes = this.retrieve.bytes(LOCAL_CALLER, seen, segments);
    await sendBytes(request, reply, contentType, bytes, { etag: strongTag(`${name}-m`), lastModified });
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
