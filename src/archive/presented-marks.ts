import type { DicomJson } from '../dicom/dicom-json.js';
import { displayShutter } from '../dicom/display-shutter.js';
import { graphicAnnotations } from '../dicom/graphic-annotations.js';
import { graphicLayers } from '../dicom/graphic-layers.js';
import {
  activatedOverlays,
  hasOverlay,
  MOST_OVERLAY_BYTES,
  overlayBytes,
  overlayData,
  overlayPlane,
  type OverlayPlane,
} from '../dicom/overlay-plane.js';
import { hasMask, presentedPixelAspect } from '../dicom/presentation-state.js';
import { EXPLICIT_VR_BIG_ENDIAN } from '../dicom/transfer-syntaxes.js';
import { hasGlyph } from '../pixels/bitmap-font.js';
import type { Covering } from '../pixels/pixel-job.js';
import type { AppliedState } from './render-request.js';
import type { Retrieve } from './retrieve.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import { storedDataset } from './studies.js';

/** What a state lays over a frame; `undrawn` says in words, without values, what of it is not drawn. */
export interface PresentedMarks {
  readonly covering: Covering;
  readonly graphics: ReturnType<typeof graphicAnnotations>['graphics'];
  readonly undrawn: readonly string[];
}

type BulkReader = Pick<Retrieve, 'bulkData'>;

/** Shutter, overlays and graphics of a state for one frame (PS3.3 C.7.6.11, C.7.6.15, C.11.7, C.10.5). */
export async function presentedMarks(retrieve: BulkReader, image: PixelInstanceRow, applied: AppliedState): Promise<PresentedMarks> {
  const { state, shown, instance } = applied;
  const undrawn = new Set<string>();
  const pixelAspect = presentedPixelAspect(state, shown);
  if (pixelAspect !== 1) undrawn.add('pixels that are not square');
  if (hasMask(state)) undrawn.add('the subtraction of a mask');
  const own = { instance, dataset: state };
  const draw = async (from: typeof own, group: number): Promise<OverlayPlane | undefined> => {
    const plane = await planeOf(retrieve, from, group, shown.frame);
    if (typeof plane !== 'string') return plane;
    undrawn.add(plane);
    return undefined;
  };

  const shutter = displayShutter(state, pixelAspect);
  if (shutter?.malformed) undrawn.add('a display shutter whose data are malformed');
  const bitmap = shutter?.overlayGroup === undefined ? undefined : await draw(own, shutter.overlayGroup);

  const annotations = graphicAnnotations(state, shown);
  for (const reason of annotations.undrawn) undrawn.add(reason);
  if (annotations.graphics.some((graphic) => graphic.kind === 'text' && !graphic.lines.every(isInFont)))
    undrawn.add('letters that the font lacks');

  const layerOf = graphicLayers(state);
  const activated = activatedOverlays(state)
    .map(({ group, layer }) => ({ group, layer: layerOf(layer) }))
    .sort((one, other) => (one.layer.order === other.layer.order ? 0 : one.layer.order - other.layer.order));
  if (activated.some(({ layer }) => layer.order > annotations.lowestOrder)) undrawn.add('an overlay above graphics: it is beneath them');
  // A group of the state takes the place of the image's (C.11.7).
  const imageOwn = {
    instance: image,
    dataset: activated.every(({ group }) => hasOverlay(state, group)) ? {} : storedDataset(image.metadata),
  };
  const overlays: Covering['overlays'][number][] = bitmap && shutter ? [{ plane: bitmap, colour: shutter.colour }] : [];
  for (const { group, layer } of activated) {
    const plane = await draw(hasOverlay(state, group) ? own : imageOwn, group);
    if (plane !== undefined) overlays.push({ plane, colour: layer.colour });
  }
  return { covering: { ...(shutter && { shutter }), overlays }, graphics: annotations.graphics, undrawn: [...undrawn] };
}

const isInFont = (line: string): boolean => Array.from(line.normalize('NFC')).every(hasGlyph);

/** The plane of an overlay group over a frame, undefined where none is over this one; or why it cannot be drawn. */
async function planeOf(
  retrieve: BulkReader,
  { instance, dataset }: { readonly instance: PixelInstanceRow; readonly dataset: DicomJson },
  group: number,
  frame: number,
): Promise<OverlayPlane | string | undefined> {
  if (!hasOverlay(dataset, group)) return 'an overlay that is absent';
  const element = overlayData(dataset, group);
  const length = overlayBytes(dataset, group);
  if (element === undefined) return 'an overlay within the cells of pixels';
  if (length === undefined) return 'an overlay that is malformed or too large';
  const bits = await bitsOf(retrieve, instance, element);
  return bits !== undefined && bits.length >= length
    ? overlayPlane(dataset, group, frame, bits)
    : 'an overlay that is malformed or too large';
}

/** Bits by rising byte: in big endian their words are turned. None where more is stored than may be held. */
async function bitsOf(retrieve: BulkReader, instance: PixelInstanceRow, { vr, InlineBinary, BulkDataURI }: NonNullable<DicomJson[string]>) {
  if (InlineBinary !== undefined) return Buffer.from(InlineBinary, 'base64');
  if (BulkDataURI === undefined) return undefined;
  const path = BulkDataURI.replace(/^bulkdata\//, '');
  if ((instance.bulkData.find((one) => one.path === path)?.length ?? Infinity) > MOST_OVERLAY_BYTES) return undefined;
  const bytes = Buffer.from(await retrieve.bulkData(instance, path));
  return vr === 'OW' && instance.transferSyntaxUID === EXPLICIT_VR_BIG_ENDIAN ? bytes.subarray(0, bytes.length & ~1).swap16() : bytes;
}
