import type { ModelCard } from '../../../inference/model-card.js';
import type { TensorSpec } from '../../../inference/onnx/inspect-model.js';
import { modelFile } from '../../../inference/model-file.js';
import { canonicalSha256 } from '../../../signing/canonical.js';
import { recordType } from '../record-type.js';
import { modelNamed, namedModel } from './named-model.js';

/** A version of a model: the bytes that read, what goes in and comes out, what it learned from and where it draws its lines. */
export interface ModelVersionRecord {
  readonly name: string;
  readonly version: string;
  readonly onnxSha256: string;
  readonly bytes: number;
  readonly opset: number;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Of the canonical text of what the card says of preparing images (`preparationOf`). */
  readonly preparationSha256: string;
  readonly trainingStatement: Pick<ModelCard['training'], 'dataset' | 'citation' | 'licence' | 'split' | 'cases' | 'method'>;
  readonly thresholds: readonly { readonly label: string; readonly operating: number; readonly referral: number }[];
  /** Of the card's canonical text: the sha256 of its `model-card` record. */
  readonly cardSha256: string;
}

export const MODEL_VERSION = recordType(
  {
    title: 'Model version',
    description: 'A model that this server reads with, by its file: made by the server of the file as it is now and of its card.',
  },
  namedModel,
  async (named, models) => {
    const model = modelNamed(models, named);
    const { size, graph } = await modelFile(model);
    const { card } = model;
    const { dataset, citation, licence, split, cases, method } = card.training;
    const content: ModelVersionRecord = {
      name: card.name,
      version: card.version,
      onnxSha256: model.sha256,
      bytes: size,
      opset: graph.opset,
      inputs: graph.inputs,
      outputs: graph.outputs,
      preparationSha256: canonicalSha256(preparationOf(card)),
      trainingStatement: { dataset, citation, licence, split, cases, method },
      thresholds: card.classes.map(({ label, operatingThreshold, referralThreshold }) => ({
        label,
        operating: operatingThreshold,
        referral: referralThreshold,
      })),
      cardSha256: canonicalSha256(card),
    };
    return { content };
  },
);

/** All that a card says of how images become the model's input. */
const preparationOf = ({ preparation, input: { volume, sequences, clip } }: ModelCard): object => ({
  preparation,
  ...(volume && { volume }),
  ...(sequences && { sequences }),
  ...(clip && { clip }),
});
