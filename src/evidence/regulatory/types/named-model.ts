import type { Models } from '../../../inference/models.js';
import type { LoadedModel } from '../../../inference/registry.js';
import { ModelFileDiffers, ModelNotHere } from '../faults.js';
import { objectOf, sha256, told, words, type Shape } from '../shape.js';

/** Which of this server's models a record is made of: nothing that the server knows by itself is typed in. */
export interface NamedModel {
  readonly name: string;
  readonly version: string;
  readonly onnxSha256?: string;
}

export const namedModel: Shape<NamedModel> = objectOf<NamedModel>(
  {
    name: told('Its name in the folder of models', words(63)),
    version: told('Its version', words(32)),
    onnxSha256: told('SHA-256 of model.onnx as whoever asks knows it: where the file has another, nothing is written', sha256),
  },
  ['onnxSha256'],
);

/** Throws ModelNotHere, ModelFileDiffers. */
export function modelNamed(models: Models, { name, version, onnxSha256 }: NamedModel): LoadedModel {
  const model = models.find(name, version);
  if (model === undefined) throw new ModelNotHere();
  if (onnxSha256 !== undefined && onnxSha256 !== model.sha256) throw new ModelFileDiffers();
  return model;
}
