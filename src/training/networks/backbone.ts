import { reduceMean } from '../autodiff/arithmetic.js';
import { reshape } from '../autodiff/shape.js';
import type { Value } from '../autodiff/tape.js';
import { GraphMalformed } from '../faults.js';
import { denseNet, denseNetFeatures, type DenseNetForm } from './densenet.js';
import type { Layers } from './layers.js';
import { resNet, resNetFeatures, type ResNetForm } from './resnet.js';
import { patchFeatures, type VisionTransformerForm } from './vit.js';

/** Networks from pictures to features, by the names of the literature; the small ones train on a CPU. */
const RESNETS: Readonly<Record<string, Pick<ResNetForm, 'block' | 'depths'>>> = {
  resnet50: { block: 'bottleneck', depths: [3, 4, 6, 3] },
  resnet18: { block: 'basic', depths: [2, 2, 2, 2] },
  resnet10: { block: 'basic', depths: [1, 1, 1, 1] },
  'resnet10-3d': { block: 'basic', depths: [1, 1, 1, 1] },
};
const DENSENETS: Readonly<Record<string, DenseNetForm>> = {
  densenet121: { growth: 32, depths: [6, 12, 24, 16], start: 64 },
  'densenet-tiny': { growth: 16, depths: [3, 6, 8, 6], start: 32 },
};
const TRANSFORMERS: Readonly<Record<string, VisionTransformerForm>> = {
  vit: { patch: 16, width: 768, depth: 12, heads: 12, hidden: 3072 },
  'vit-tiny': { patch: 16, width: 192, depth: 6, heads: 3, hidden: 768 },
};

export interface BackboneForm {
  /** A name of the tables above, or VIDEO_PREFIX and one of them. */
  readonly name: string;
  /** Channels of a ResNet's first stage, in place of the literature's 64. */
  readonly width?: number;
  /** Of a ResNet; `literature` where left out. */
  readonly stem?: ResNetForm['stem'];
  /** Of a ResNet; 32 where left out. */
  readonly outputStride?: ResNetForm['outputStride'];
}

const WIDTH = 64;

/** A network that looks at each frame of a clip and takes the mean over time. */
const VIDEO_PREFIX = 'video-';

/** Ends the name of a network over volumes. */
const VOLUME_SUFFIX = '-3d';

/** Number of features that a backbone gives at each position. */
export function featuresOf({ name, width }: BackboneForm): number {
  const frame = name.startsWith(VIDEO_PREFIX) ? name.slice(VIDEO_PREFIX.length) : name;
  if (Object.hasOwn(RESNETS, frame)) return resNetFeatures({ ...RESNETS[frame], width: width ?? WIDTH });
  if (Object.hasOwn(DENSENETS, frame)) return denseNetFeatures(DENSENETS[frame]);
  if (Object.hasOwn(TRANSFORMERS, frame)) return TRANSFORMERS[frame].width;
  throw new GraphMalformed(`there is no backbone ${name}`);
}

/** Why a network for single pictures can't be this one; undefined where it can. */
export function backboneFault({ name, width, stem, outputStride }: BackboneForm): string | undefined {
  if (name.startsWith(VIDEO_PREFIX) || name.endsWith(VOLUME_SUFFIX))
    return `must not have the backbone ${name}: it takes clips or volumes, and training data are single pictures`;
  if (Object.hasOwn(RESNETS, name)) {
    if (stem === 'compact' && width !== undefined && width % 2 === 1) return 'must have an even width with the compact stem';
    return undefined;
  }
  if (!Object.hasOwn(DENSENETS, name) && !Object.hasOwn(TRANSFORMERS, name)) return `must have a backbone that there is, and not ${name}`;
  const isPlain = width === undefined && stem === undefined && outputStride === undefined;
  return isPlain ? undefined : `must not have width, stem or outputStride with ${name}: they are a ResNet's`;
}

/**
 * Writes a backbone by name.
 * @param images  [N, C, rows, columns]; [N, C, D, rows, columns] for `…-3d`; [N, T, C, rows, columns] for `video-…`
 * @returns features [N, F, ...space], above 0 for ResNets and DenseNets
 */
export function backbone(layers: Layers, images: Value, form: BackboneForm): Value {
  const { name, width = WIDTH, stem = 'literature', outputStride = 32 } = form;
  if (name.startsWith(VIDEO_PREFIX)) return overTime(layers, images, { ...form, name: name.slice(VIDEO_PREFIX.length) });
  if (Object.hasOwn(RESNETS, name)) return resNet(layers, images, { ...RESNETS[name], width, stem, outputStride });
  if (Object.hasOwn(DENSENETS, name)) return denseNet(layers, images, DENSENETS[name]);
  if (Object.hasOwn(TRANSFORMERS, name)) return patchFeatures(layers, images, TRANSFORMERS[name]);
  throw new GraphMalformed(`there is no backbone ${name}`);
}

/** The features of every frame, and their mean over the frames. */
function overTime(layers: Layers, clips: Value, form: BackboneForm): Value {
  const { tape } = layers;
  const [n, frames, ...picture] = clips.dims;
  const each = backbone(layers, reshape(tape, clips, [n * frames, ...picture]), form);
  const [, ...features] = each.dims;
  return reshape(tape, reduceMean(tape, reshape(tape, each, [n, frames, ...features]), [1]), [n, ...features]);
}
