import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotInArchive } from '../../archive/faults.js';
import { Render, type PresentedFrame } from '../../archive/render.js';
import type { RenderRequest } from '../../archive/render-request.js';
import { isPresentationState } from '../../dicom/presentation-state.js';
import type { ImageRow } from '../../archive/render.sql.js';
import { Retrieve } from '../../archive/retrieve.js';
import type { ArchivePath } from '../../archive/retrieve.sql.js';
import { transferSyntax } from '../../dicom/transfer-syntaxes.js';
import { PublicAddress } from '../../public-address.js';
import { Accept } from '../accept.js';
import { baseUrl } from '../base-url.js';
import { ACCEPT, choose } from '../media-types.js';
import { InstancePath, SeriesPath, StudyPath } from './archive-paths.js';
import { FramesPath } from './frame-list.js';
import {
  IMAGES_IN_PARTS,
  ONE_IMAGE,
  sendImage,
  sendImages,
  undrawnWarning,
  type ImageToMake,
  type RenderedOffer,
} from './rendered-images.js';
import { sendVideo } from './rendered-video.js';
import { renderingParameters, type RenderingParameters } from './rendering-parameters.js';
import { isReceiverGone } from '../receiver.js';

const QUERY = [
  { name: 'viewport', description: 'vw,vh or vw,vh,sx,sy,sw,sh (PS3.18 8.3.5.1.3)' },
  { name: 'window', description: 'centre,width,function: linear, linear-exact or sigmoid (PS3.18 8.3.5.1.4)' },
  { name: 'quality', description: '1 to 100, of JPEG and WebP (PS3.18 8.3.5.1.2)' },
  { name: 'annotation', description: 'patient, technique or both (PS3.18 8.3.5.1.1)' },
  { name: 'iccprofile', description: 'no, yes, srgb or displayp3 (PS3.18 8.3.5.1.5)' },
];
const IMAGE_TYPES = ONE_IMAGE.map(({ mediaType }) => mediaType);
const PARTS = IMAGE_TYPES.map((type) => `multipart/related; type="${type}"`);

/** Documents the rendering query parameters. */
const RenderingQuery = (): MethodDecorator => (target, key, descriptor) => {
  for (const { name, description } of QUERY) ApiQuery({ name, description, required: false, type: String })(target, key, descriptor);
};

/** Images for the eye (WADO-RS rendered resources, PS3.18 10.4.1.1.3). */
@ApiTags('DICOMweb')
@ApiHeader(ACCEPT)
@Controller('dicom-web/studies/:study')
export class RenderedController {
  constructor(
    private readonly render: Render,
    private readonly retrieve: Retrieve,
    private readonly address: PublicAddress,
  ) {}

  @Get('rendered')
  @RenderingQuery()
  @ApiOperation({ summary: 'Retrieve a rendered study' })
  @ApiProduces(...PARTS, ...IMAGE_TYPES)
  @ApiOkResponse({ description: 'A part for each image, series by series; a single image where there is one.' })
  study(@Param() path: StudyPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.collection(path, request, reply, accept);
  }

  @Get('series/:series/rendered')
  @RenderingQuery()
  @ApiOperation({ summary: 'Retrieve a rendered series' })
  @ApiProduces(...PARTS, ...IMAGE_TYPES)
  @ApiOkResponse({ description: 'A part for each image; a single image where there is one.' })
  series(@Param() path: SeriesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string): Promise<void> {
    return this.collection(path, request, reply, accept);
  }

  @Get('series/:series/instances/:instance/rendered')
  @RenderingQuery()
  @ApiOperation({ summary: 'Retrieve a rendered instance' })
  @ApiProduces(...IMAGE_TYPES, ...PARTS)
  @ApiOkResponse({
    description:
      'Of several frames the first; as image/gif all of them, animated; in parts one for each frame; video as it is stored. Warning 299 names what of a presentation state is not drawn.',
  })
  async instance(@Param() path: InstancePath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    const parameters = renderingParameters(request.query);
    const image = await this.render.instance(path);
    if (transferSyntax(image.transferSyntaxUID)?.video) return sendVideo(this.retrieve, path, image, request, reply, accept);
    const { offer } = choose(accept, [...ONE_IMAGE, ...IMAGES_IN_PARTS]);
    if (isPresentationState(image.sopClassUID)) {
      const { frames, images } = await this.render.presented(path.study, image);
      if (offer.multipart) return this.inParts(frames, [image, ...images], offer, parameters, request, reply);
      const [first] = frames;
      return this.one(first, { ...parameters, format: offer.format }, request, reply);
    }
    if (offer.multipart) return this.inParts(framesOf([image]), [image], offer, parameters, request, reply);
    const { format } = offer;
    const answer =
      format === 'gif' && image.frames > 1
        ? await this.render.animation(image, { ...parameters, format }, () => !isReceiverGone(reply.raw))
        : await this.render.frame(image, 1, { ...parameters, format });
    return sendImage(this.retrieve, image, answer, request, reply);
  }

  @Get('series/:series/instances/:instance/frames/:frames/rendered')
  @RenderingQuery()
  @ApiOperation({ summary: 'Retrieve rendered frames' })
  @ApiProduces(...IMAGE_TYPES, ...PARTS)
  @ApiOkResponse({ description: 'One frame as an image, several in parts in the order asked for.' })
  async frames(@Param() path: FramesPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Accept() accept?: string) {
    const parameters = renderingParameters(request.query);
    const [frameNumber, ...more] = path.frames;
    const { offer } = choose(accept, more.length === 0 ? [...ONE_IMAGE, ...IMAGES_IN_PARTS] : IMAGES_IN_PARTS);
    const image = await this.render.instance(path);
    // Before anything is sent; what has no frames at all says why when it is rendered.
    if (image.frames > 0 && path.frames.some((frame) => frame > image.frames)) throw new NotInArchive('frame');
    if (offer.multipart)
      return this.inParts(
        path.frames.map((frame) => ({ image, frame })),
        [image],
        offer,
        parameters,
        request,
        reply,
      );
    return this.one({ image, frame: frameNumber }, { ...parameters, format: offer.format }, request, reply);
  }

  private async collection(path: ArchivePath, request: FastifyRequest, reply: FastifyReply, accept: string | undefined): Promise<void> {
    const parameters = renderingParameters(request.query);
    const images = await this.render.images(path);
    const [image, ...others] = images;
    const isOne = others.length === 0 && image.frames === 1;
    const { offer } = choose(accept, isOne ? [...IMAGES_IN_PARTS, ...ONE_IMAGE] : IMAGES_IN_PARTS);
    if (offer.multipart) return this.inParts(framesOf(images), images, offer, parameters, request, reply);
    return this.one({ image, frame: 1 }, { ...parameters, format: offer.format }, request, reply);
  }

  private async one({ image, frame, through }: Shown, asked: RenderRequest, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const answer = await this.render.frame(image, frame, asked, through);
    const warned = undrawnWarning(baseUrl(request, this.address), answer);
    if (warned !== undefined) reply.header('Warning', warned);
    return sendImage(this.retrieve, image, answer, request, reply);
  }

  /** @param from  all instances that the parts are made of */
  private inParts(
    frames: Iterable<Shown>,
    from: readonly ImageRow[],
    { mediaType, format }: RenderedOffer,
    parameters: RenderingParameters,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const base = baseUrl(request, this.address);
    const { study } = request.params as StudyPath; // every route here has it, checked
    const root = `${base}/dicom-web/studies/${study}`;
    const toMake = ({ image, frame, through }: Shown): ImageToMake => {
      const instance = `${root}/series/${image.seriesInstanceUID}/instances/${image.sopInstanceUID}`;
      return {
        location: image.frames > 1 ? `${instance}/frames/${frame}/rendered` : `${instance}/rendered`,
        make: () => this.render.frame(image, frame, { ...parameters, format }, through),
      };
    };
    return sendImages(this.retrieve, mediaType, { shown: frames, from, toMake }, request, reply, base);
  }
}

/** A frame to show, through a presentation state or by itself. */
type Shown = Pick<PresentedFrame, 'image' | 'frame'> & Partial<PresentedFrame>;

/** One by one: a file of a few megabytes may have millions of frames. */
function* framesOf(images: Iterable<ImageRow>): Generator<Shown> {
  for (const image of images) for (let frame = 1; frame <= Math.max(1, image.frames); frame++) yield { image, frame };
}
