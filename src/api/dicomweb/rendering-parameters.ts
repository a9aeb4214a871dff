import type { AskedViewport, RenderRequest } from '../../archive/render-request.js';
import type { Annotation } from '../../dicom/annotation-text.js';
import type { VoiLutFunction } from '../../dicom/voi-lut.js';
import { Fault } from '../../faults.js';

/** A rendering query parameter has a value that its clause does not allow, or that this server cannot honour (PS3.18 8.3.5). */
export class BadRenderingParameter extends Fault {
  readonly code = 'bad-rendering-parameter';
  readonly status = 400;

  constructor(
    readonly parameter: 'annotation' | 'quality' | 'viewport' | 'window' | 'iccprofile',
    rule: string,
  ) {
    super(`The query parameter ${parameter} ${rule}.`);
  }
}

type Query = Readonly<Record<string, string | string[] | undefined>>;
export type RenderingParameters = Omit<RenderRequest, 'format'>;

const LARGEST_SIDE = 16_384;
/** More than any display has, or image needs; of this an image is made with less than a few hundred megabytes. */
const MOST_PIXELS = 32 * 2 ** 20;
const DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const FUNCTIONS: Readonly<Record<string, VoiLutFunction>> = { linear: 'LINEAR', 'linear-exact': 'LINEAR_EXACT', sigmoid: 'SIGMOID' };

/** How a rendered image is asked for (PS3.18 8.3.5.1). Other parameters are not its business. @throws BadRenderingParameter */
export function renderingParameters(query: unknown): RenderingParameters {
  const { annotation, quality, viewport, window, iccprofile } = query as Query; // a query string's parts
  return {
    ...(annotation !== undefined && { annotation: annotationOf(one(annotation, 'annotation')) }),
    ...(quality !== undefined && { quality: qualityOf(one(quality, 'quality')) }),
    ...(viewport !== undefined && { viewport: viewportOf(one(viewport, 'viewport')) }),
    ...(window !== undefined && { window: windowOf(one(window, 'window')) }),
    ...(iccprofile !== undefined && profileOf(one(iccprofile, 'iccprofile'))),
  };
}

/** How a thumbnail is asked for (PS3.18 8.3.5.2): its viewport is a size only. @throws BadRenderingParameter */
export function thumbnailViewport(query: unknown): AskedViewport | undefined {
  const { viewport } = renderingParameters(query);
  if (viewport !== undefined && Object.keys(viewport).length > 2)
    throw new BadRenderingParameter('viewport', 'of a thumbnail is a width and a height');
  return viewport;
}

function one(value: string | string[], parameter: BadRenderingParameter['parameter']): string {
  if (typeof value !== 'string') throw new BadRenderingParameter(parameter, 'may be given once');
  return value.trim();
}

function annotationOf(text: string): Annotation[] {
  const asked = text.split(',').map((word) => word.trim().toLowerCase());
  const known = asked.filter((word): word is Annotation => word === 'patient' || word === 'technique');
  if (known.length < asked.length) throw new BadRenderingParameter('annotation', 'is patient, technique or both, separated by a comma');
  return known;
}

function qualityOf(text: string): number {
  const quality = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (quality < 1 || quality > 100) throw new BadRenderingParameter('quality', 'is a whole number from 1 to 100');
  return quality;
}

function viewportOf(text: string): AskedViewport {
  const rule = `is vw,vh or vw,vh,sx,sy,sw,sh: whole numbers from 1 to ${LARGEST_SIDE}, together at most ${MOST_PIXELS} pixels, then decimal numbers that may be left empty`;
  const bad = new BadRenderingParameter('viewport', rule);
  const [vw, vh, ...region] = text.split(',').map((part) => part.trim());
  const [columns, rows] = [vw, vh].map((side) => (/^\d{1,5}$/.test(side ?? '') ? Number(side) : 0));
  if (columns < 1 || rows < 1 || columns > LARGEST_SIDE || rows > LARGEST_SIDE || columns * rows > MOST_PIXELS) throw bad;
  if (region.length > 4) throw bad;
  const [left, top, width, height] = region.map((part) => {
    if (part !== '' && !DECIMAL.test(part)) throw bad;
    return part === '' ? undefined : Number(part);
  });
  if ((left ?? 0) < 0 || (top ?? 0) < 0 || width === 0 || height === 0) throw bad;
  return {
    columns,
    rows,
    ...(left !== undefined && { left }),
    ...(top !== undefined && { top }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
}

function windowOf(text: string): NonNullable<RenderRequest['window']> {
  const parts = text.split(',').map((part) => part.trim());
  const [center, width, name] = parts;
  const voiLutFunction = FUNCTIONS[name?.toLowerCase() ?? ''];
  const numbers = parts.length === 3 && DECIMAL.test(center) && DECIMAL.test(width);
  const isWideEnough = voiLutFunction === 'LINEAR' ? Number(width) >= 1 : Number(width) > 0; // PS3.3 C.11.2.1.2.1, C.11.2.1.3
  if (!numbers || voiLutFunction === undefined || !isWideEnough)
    throw new BadRenderingParameter(
      'window',
      'is centre,width,function: width at least 1 for linear, above 0 for linear-exact and sigmoid',
    );
  return { windowCenter: Number(center), windowWidth: Number(width), voiLutFunction };
}

/** Without the parameter no profile is sent, as with `no`: viewers take such images for sRGB. */
function profileOf(text: string): Pick<RenderRequest, 'iccProfile'> {
  switch (text.toLowerCase()) {
    case 'no':
      return {};
    case 'yes':
    case 'srgb':
      return { iccProfile: 'srgb' };
    case 'displayp3':
      return { iccProfile: 'p3' };
    default:
      throw new BadRenderingParameter('iccprofile', 'is no, yes, srgb or displayp3 on this server');
  }
}
