import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { part } from '../../archive/byte-ranges.js';
import { framePlaces } from '../../archive/frame-bytes.js';
import { madeFrames, type MadeFrames } from '../../archive/made-frames.js';
import { Pixels } from '../../archive/pixels.js';
import { Retrieve } from '../../archive/retrieve.js';
import type { FrameInstanceRow } from '../../archive/retrieve.sql.js';
import type { StoredRange } from '../../archive/stored-bytes.js';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../dicom/transfer-syntaxes.js';
import { Fault } from '../../faults.js';
import { callerOf } from '../called-by.js';
import { Accept } from '../accept.js';
import { beginOnRecord, decide, isHad, type Representation, type Tagged } from '../conditional.js';
import { strongTag } from '../entity-tag.js';
import { ACCEPT, choices, NotAcceptable } from '../media-types.js';
import { named } from '../offer.js';
import { FRAME_ALONE, FRAMES_IN_PARTS, syntaxFor, typesOf } from './frame-forms.js';
import { FramesPath } from './frame-list.js';
import { boundaryOf, multipartBody, type OutgoingPart } from './multipart-body.js';
import { multipartSegments, sendBytes } from './send-bytes.js';
import { sendPieces } from './send-pieces.js';
import { isReceiverGone } from '../receiver.js';

/** Retrieve frames (PS3.18 10.4.1.1.6). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study/series/:series/instances/:instance/frames')
export class FramesController {
  constructor(
    private readonly retrieve: Retrieve,
    private readonly pixels: Pixels,
  ) {}

  @Get(':frames')
  @ApiOperation({ summary: 'Retrieve frames (PS3.18 10.4.1.1.6)' })
  @ApiProduces(...typesOf(FRAMES_IN_PARTS), ...typesOf(FRAME_ALONE))
  @ApiOkResponse({ description: 'One part a frame in the order asked for; one frame alone without multipart where that is asked for.' })
  async frames(
    @Param() path: FramesPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Accept() accept?: string,
  ): Promise<void> {
    const offers = path.frames.length === 1 ? [...FRAMES_IN_PARTS, ...FRAME_ALONE] : FRAMES_IN_PARTS;
    const asked = choices(accept, offers);
    const instance = await this.retrieve.frameInstance(path, path.frames);
    const places = path.frames.map((frame, i) => framePlaces(instance, frame, i));
    const lying = places.every((one) => one !== undefined) ? places : undefined;
    let refused: Fault = new NotAcceptable(offers.map(named));
    for (const choice of asked) {
      const syntax = syntaxFor(choice, liesAs(instance));
      if (syntax === undefined) continue;
      const form = { mediaType: choice.offer.mediaType, multipart: choice.offer.multipart === true, syntax };
      const about = { etag: strongTag(tagOf(instance, path, form)), lastModified: instance.changedAt };
      if (lying && syntax === liesAs(instance)) return this.asTheyLie(instance, lying, form, about, request, reply);
      const stored = await this.retrieve.pixelInstance(path);
      const looked = () => this.retrieve.looked(callerOf(request), seenIn(stored, 'pixels'));
      if (isHad(request, about)) return void (await beginOnRecord(reply, decide(request, about), looked));
      const { frames } = path;
      const make = (place: number) => this.pixels.transcodeFrame(stored, frames[place], syntax);
      const made = await madeFrames(frames.length, make, () => !isReceiverGone(reply.raw)).catch((fault: unknown) => {
        if (!(fault instanceof Fault) || fault.status !== 406) throw fault;
        return fault; // not with these pixels: what was asked for less may do
      });
      if (!(made instanceof Fault)) return this.transcoded(made, looked, form, about, request, reply);
      refused = made;
    }
    throw refused;
  }

  /** Frames as they lie in the file: ranges of it. */
  private asTheyLie(
    instance: FrameInstanceRow,
    places: readonly (readonly StoredRange[])[],
    form: FrameForm,
    about: Representation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const seen = seenIn(instance, 'frames');
    const type = typeOf(form);
    if (!form.multipart) return sendBytes(request, reply, type, this.retrieve.bytes(callerOf(request), seen, places[0]), about);
    const parts = places.map((segments) => ({ headers: [`Content-Type: ${type}`], segments }));
    const { contentType, segments } = multipartSegments(form.mediaType, instance.sha256.slice(0, 32), parts);
    return sendBytes(request, reply, contentType, this.retrieve.bytes(callerOf(request), seen, segments), about);
  }

  /** Made frames, for HEAD too: only that tells in which form they can be given. */
  private async transcoded(
    made: MadeFrames,
    looked: () => Promise<unknown>,
    form: FrameForm,
    about: Tagged,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const type = typeOf(form);
    const decision = decide(request, { ...about, ...(form.multipart ? {} : { length: made.length }) });
    if (!form.multipart) return sendPieces(reply.type(type), decision, looked, part(made.open(), decision.start, decision.end + 1));
    async function* parts(): AsyncGenerator<OutgoingPart> {
      for await (const frame of made.open()) yield { headers: [`Content-Type: ${type}`], body: () => [frame] };
    }
    const { pieces, contentType } = multipartBody(form.mediaType, parts(), boundaryOf(about.etag));
    await sendPieces(reply.type(contentType), decision, looked, pieces);
  }
}

const seenIn = ({ id, studyRow, whose }: Pick<FrameInstanceRow, 'id' | 'studyRow' | 'whose'>, what: 'frames' | 'pixels') => ({
  studyRow,
  whose,
  what,
  instances: [id],
});

/** How frames are given. */
interface FrameForm {
  readonly mediaType: string;
  readonly multipart: boolean;
  /** Transfer Syntax UID of the frames. */
  readonly syntax: string;
}

const typeOf = ({ mediaType, syntax }: FrameForm): string => `${mediaType}; transfer-syntax=${syntax}`;

const tagOf = ({ sha256 }: FrameInstanceRow, { frames }: FramesPath, { mediaType, multipart, syntax }: FrameForm): string =>
  `${sha256.slice(0, 32)}-${multipart ? 'm' : 's'}-${mediaType.replace(/\W/g, '.')}-${syntax}-${frames.join('.')}`;

/** The transfer syntax that frames have as they lie: compressed ones their own, native ones those of any native file. */
const liesAs = ({ ranges, transferSyntaxUID }: FrameInstanceRow): string =>
  ranges === null ? EXPLICIT_VR_LITTLE_ENDIAN : transferSyntaxUID;
