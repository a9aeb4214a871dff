import type { Value } from '../autodiff/tape.js';
import { backbone, type BackboneForm } from './backbone.js';
import { heads, type HeadOutputs } from './heads.js';
import type { Layers } from './layers.js';

/** Version of ONNX's operators that networks are written in. */
export const OPSET = 17;

export interface NetworkForm {
  readonly backbone: BackboneForm;
  /** Of one image, as the model takes it: [C, rows, columns], [C, D, rows, columns] or [T, C, rows, columns]. */
  readonly image: readonly number[];
  readonly classes: number;
  /** Of what the insights tell apart in training: the classes themselves, or those of another attribute. */
  readonly insightClasses: number;
  /** Share of the pooled features dropped before the classifier. */
  readonly dropout: number;
}

/** A network from images to the outputs of its heads. */
export const network = (layers: Layers, images: Value, { backbone: form, classes, insightClasses, dropout }: NetworkForm): HeadOutputs =>
  heads(layers, backbone(layers, images, form), { classes, insightClasses, dropout });
