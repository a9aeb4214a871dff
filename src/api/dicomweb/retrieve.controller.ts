import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { contentVersion } from '../../archive/content-version.js';
import { MOST_NAMED, Retrieve } from '../../archive/retrieve.js';
import type { ArchivePath, FoundInstanceRow, StoredInstanceRow } from '../../archive/retrieve.sql.js';
import type { Segment } from '../../archive/stored-bytes.js';
import { Fault } from '../../faults.js';
import { callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { beginOnRecord, decide, isHad, type Representation, type Tagged } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, choices, NotAcceptable } from '../media-types.js';
import { named, type Offer } from '../offer.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { AS_STORED, formOf } from './instance-form.js';
import { MadeFiles, beginFile, sendFile, whole, type AskedFiles, type MadeFile } from './made-files.js';
import { boundaryOf, multipartBody, multipartType, type OutgoingPart } from './multipart-body.js';
import { multipartSegments, sendBytes, type KnownPart } from './send-bytes.js';
import { sendPieces } from './send-pieces.js';
import { ZIP, ZipAnswer } from './zip-answer.js';

const DICOM = 'application/dicom';
const MULTIPART: Offer = { mediaType: DICOM, multipart: true, transferSyntaxes: 'any' };
const SINGLE: Offer = { mediaType: DICOM, transferSyntaxes: 'any' };

/** Retrieve studies, series and instances (WADO-RS, PS3.18 10.4.1.1.1). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study')
export class RetrieveController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly madeFiles: MadeFiles,
    private readonly zip: ZipAnswer,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Retrieve a study (WADO-RS, PS3.18 10.4.1.1.1)' })
  @ApiProduces(named(MULTIPART), named(ZIP))
  @ApiOkResponse({
    description: 'One part an instance: the bytes as received for transfer-syntax=*, else in the transfer syntax asked for.',
  })
  study(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, request, reply, accept);
  }

  @Get('series/:series')
  @ApiOperation({ summary: 'Retrieve a series' })
  @ApiProduces(named(MULTIPART), named(ZIP))
  @ApiOkResponse({
    description: 'One part an instance: the bytes as received for transfer-syntax=*, else in the transfer syntax asked for.',
  })
  series(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.instances(path, request, reply, accept);
  }

  @Get('series/:series/instances/:instance')
  @ApiOperation({ summary: 'Retrieve an instance' })
  @ApiProduces(named(MULTIPART), named(SINGLE), named(ZIP))
  @ApiOkResponse({ description: 'The bytes as received for transfer-syntax=*, else in the transfer syntax asked for.' })
  instance(
    @Param() path: InstancePath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    return this.instances(path, request, reply, accept);
  }

  private async instances(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const offers: readonly Offer[] = path.instance === undefined ? [MULTIPART, ZIP] : [MULTIPART, SINGLE, ZIP];
    const asked = choices(accept, offers);
    const found = await this.retrieve.instances(path);
    const lastModified = new Date(Math.max(...found.map(({ changedAt }) => changedAt.getTime())));
    let refused: Fault = new NotAcceptable(offers.map(named));
    for (const { offer, transferSyntax, exact } of asked) {
      const wanted = transferSyntax ?? (exact < 2 ? '*' : undefined);
      const forms = found.map((instance) => formOf(instance, wanted));
      const about = { etag: strongTag(`${nameOf(found, forms)}-${offer.multipart ? 'm' : 's'}`), lastModified };
      if (offer !== ZIP && forms.every((form) => form === AS_STORED)) return this.asStored(path, found, offer, about, request, reply);
      try {
        if (offer === ZIP) return await this.zip.send(path, transferSyntax ?? '*', found, request, reply);
        return await this.transcoded(found, { transferSyntax: wanted, several: found.length > 1 }, offer, about, request, reply);
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.status !== 406 || reply.sent) throw fault;
        refused = fault; // not with these pixels: what was asked for less may do
      }
    }
    throw refused;
  }

  /** The bytes as received: ranges of files. */
  private asStored(
    path: ArchivePath,
    found: readonly FoundInstanceRow[],
    offer: Offer,
    about: Representation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const [first] = found;
    const seen = {
      studyRow: first.studyRow,
      whose: first.whose,
      what: 'instances',
      ...(path.instance === undefined ? {} : { instances: [first.id] }),
    } as const;
    const bytes = (segments: readonly Segment[]) => this.retrieve.bytes(callerOf(request), seen, segments);
    if (!offer.multipart) return sendBytes(request, reply, typeOf(first.transferSyntaxUID), bytes([whole(first)]), about);
    const { contentType, segments } = multipartSegments(DICOM, nameOf(found, []), found.map(part));
    return sendBytes(request, reply, contentType, bytes(segments), about);
  }

  /** Files made anew where the stored ones will not do, each when its turn comes; the first is begun before the status is sent. */
  private async transcoded(
    found: readonly FoundInstanceRow[],
    wanted: Omit<AskedFiles, 'receiver'>,
    offer: Offer,
    about: Tagged,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const asked = { ...wanted, receiver: reply.raw };
    const instances = found.slice(0, MOST_NAMED).map(({ id }) => id);
    const [{ studyRow, whose }] = found;
    const looked = () => this.retrieve.looked(callerOf(request), { studyRow, whose, what: 'instances', instances });
    const boundary = boundaryOf(about.etag);
    // Sure to be given, in parts that say themselves what they are: of a HEAD nothing is made.
    const isSure =
      offer.multipart === true &&
      (asked.transferSyntax === undefined || found.some((one) => formOf(one, asked.transferSyntax) === AS_STORED));
    const decision = decide(request, about);
    if (isHad(request, about) || (isSure && request.method === 'HEAD'))
      return void (await beginOnRecord(reply.type(multipartType(DICOM, boundary)), decision, looked));
    const files = this.madeFiles.of(found, asked);
    const { value: first } = await files.next();
    if (first === undefined) return;
    if (!offer.multipart) return sendFile(request, reply, typeOf(first.transferSyntaxUID), first, about, looked);
    async function* parts(): AsyncGenerator<OutgoingPart> {
      for (let file: MadeFile | undefined = first; file !== undefined; file = (await files.next()).value) {
        const { transferSyntaxUID, bytes } = file;
        yield { headers: [`Content-Type: ${typeOf(transferSyntaxUID)}`], body: () => bytes };
      }
    }
    const { pieces, contentType } = multipartBody(DICOM, parts(), boundary);
    await sendPieces(reply.type(contentType), decision, looked, pieces, (...given) => beginFile(first, ...given));
  }
}

const typeOf = (transferSyntaxUID: string): string => `${DICOM}; transfer-syntax=${transferSyntaxUID}`;

const part = (instance: StoredInstanceRow): KnownPart => ({
  headers: [`Content-Type: ${DICOM}; transfer-syntax=${instance.transferSyntaxUID}`, `Content-Length: ${instance.bytes}`],
  segments: [whole(instance)],
});

/** What the answer is made of, in a few letters. */
function nameOf(found: readonly FoundInstanceRow[], forms: readonly string[]): string {
  if (found.length === 1) return [contentVersion(found[0]), forms[0] ?? ''].filter(Boolean).join('-');
  const hash = createHash('sha256');
  for (const [i, one] of found.entries()) hash.update(`${contentVersion(one)} ${forms[i] ?? ''} `);
  return hash.digest('hex').slice(0, 32);
}
