import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineImage } from '../../src/inference/engines/engine-messages.js';
import type { ModelCard } from '../../src/inference/model-card.js';
import { OnnxGraph } from '../../src/inference/onnx/onnx-graph.js';
import { TensorProto_DataType as DataType } from '../../src/inference/onnx/onnx_pb.js';

/** Side of the tiny models' input. */
export const SIDE = 4;

/** A card that is right in every place; classes are Nothing and Something. */
export function aCard(changes: Partial<ModelCard> = {}): ModelCard {
  return {
    name: 'tiny',
    version: '1',
    title: 'A tiny model',
    manufacturer: 'tests',
    licence: 'Apache-2.0',
    sha256: '0'.repeat(64),
    opset: 17,
    intendedUse: 'Tests.',
    limitations: ['Reads nothing.'],
    notForClinicalUse: true,
    input: {
      modalities: ['CR', 'DX'],
      sopClassUIDs: ['1.2.840.10008.5.1.4.1.1.1', '1.2.840.10008.5.1.4.1.1.1.1'],
      photometricInterpretations: ['MONOCHROME1', 'MONOCHROME2'],
      bodyParts: ['CHEST'],
      viewPositions: ['PA', 'AP'],
      maximumFrames: 1,
      required: ['Modality'],
    },
    preparation: { rows: SIDE, columns: SIDE, channels: 1, normalisation: 'none', resize: 'area', aspect: 'stretch' },
    activation: 'softmax',
    classes: [aClass('Nothing', 'absence'), aClass('Something', 'finding')],
    calibration: 'None.',
    training: { dataset: 'None', citation: 'None', licence: 'None', split: 'None', cases: 1, method: 'By hand' },
    evaluation: [
      {
        dataset: 'None',
        split: 'None',
        cases: 10,
        positives: 5,
        auc: 0.5,
        aucInterval: [0.4, 0.6],
        intervalMethod: 'None',
        sensitivity: 0.5,
        specificity: 0.5,
      },
    ],
    ...changes,
  };
}

function aClass(label: string, kind: 'absence' | 'finding') {
  const code = { system: 'http://snomed.info/sct', scheme: 'SCT', code: '1', display: label };
  return { label, kind, code, operatingThreshold: 0.5, referralThreshold: 0.4 } as const;
}

/** What a tiny graph does between `images` [N, 1, 4, 4] and `logits` [N, 2]; returns the name of its result. */
export type Body = (graph: OnnxGraph) => string;

/** logits = mean of the image × [−2, 3] + [0.25, −0.5] */
export const meanGraph: Body = (graph) => {
  graph.node('GlobalAveragePool', 'pooled', ['images']);
  graph.node('Flatten', 'mean', ['pooled']);
  graph.constant('weights', new Float32Array([-2, 3]), [1, 2]);
  graph.constant('bias', new Float32Array([0.25, -0.5]), [2]);
  return graph.node('Gemm', 'linear', ['mean', 'weights', 'bias']);
};

/** logits = mean of everything × [−2, 3] + [0.25, −0.5], whatever the dimensions. */
export const meanOfAll: Body = (graph) => {
  graph.node('ReduceMean', 'mean', ['images'], { keepdims: { int: 1 } });
  graph.node('Flatten', 'flat', ['mean']);
  graph.constant('weights', new Float32Array([-2, 3]), [1, 2]);
  graph.constant('bias', new Float32Array([0.25, -0.5]), [2]);
  return graph.node('Gemm', 'linear', ['flat', 'weights', 'bias']);
};

/** As meanOfAll, with an input distance of 3 or more. */
export const farFromTraining: Body = (graph) => {
  graph.node('ReduceMin', 'lowest', ['images'], { axes: { ints: [1, 2, 3, 4] }, keepdims: { int: 0 } });
  graph.node('Abs', 'height', ['lowest']);
  graph.constant('three', new Float32Array([3]), [1]);
  graph.node('Add', 'input_distance', ['height', 'three']);
  graph.output('input_distance', DataType.FLOAT, ['N']);
  return meanOfAll(graph);
};

/**
 * As meanGraph, after work that grows with the image: the least value v, where above 0, makes it multiply two
 * (1 + v · scale)² matrices. Quick on an image with a black pixel and on the noise of the warm-up.
 */
export const slowGraph =
  (scale: number): Body =>
  (graph) => {
    graph.node('ReduceMin', 'least', ['images'], { keepdims: { int: 0 } });
    graph.node('Relu', 'positive', ['least']);
    graph.constant('scale', new Float32Array([scale]), [1]);
    graph.constant('one', new Float32Array([1]), [1]);
    graph.node('Mul', 'scaled', ['positive', 'scale']);
    graph.node('Add', 'fraction', ['scaled', 'one']);
    graph.node('Cast', 'size', ['fraction'], { to: { int: DataType.INT64 } });
    graph.node('Concat', 'shape', ['size', 'size'], { axis: { int: 0 } });
    graph.node('Expand', 'matrix', ['one', 'shape']);
    graph.node('MatMul', 'product', ['matrix', 'matrix']);
    graph.node('ReduceMax', 'greatest', ['product'], { keepdims: { int: 0 } });
    graph.constant('zero', new Float32Array([0]), [1]);
    graph.node('Mul', 'nothing', ['greatest', 'zero']);
    return graph.node('Add', 'worked', [meanGraph(graph), 'nothing']);
  };

/** The logarithm of the mean's opposite: no number for any image that is not black. */
export const noNumberGraph: Body = (graph) => {
  const mean = meanGraph(graph);
  graph.node('Abs', 'size', [mean]);
  graph.node('Neg', 'negative', ['size']);
  return graph.node('Log', 'logarithm', ['negative']);
};

/** Shapes that don't fit: the file is safe, and no runtime takes it. */
export const brokenGraph: Body = (graph) => {
  graph.constant('left', new Float32Array(6), [2, 3]);
  graph.constant('right', new Float32Array(6), [2, 3]);
  graph.node('MatMul', 'never', ['left', 'right']);
  return graph.node('Add', 'sum', [meanGraph(graph), 'never']);
};

/** The ONNX file of a graph. */
export function onnxBytes(body: Body, dims: readonly (number | string)[] = ['N', 1, SIDE, SIDE]): Uint8Array {
  const graph = new OnnxGraph('tiny');
  graph.input('images', DataType.FLOAT, dims);
  graph.node('Identity', 'logits', [body(graph)]);
  graph.output('logits', DataType.FLOAT, ['N', 2]);
  const [opset, irVersion, modelVersion] = [17, 8, 1];
  return graph.toBytes({ opset, irVersion, modelVersion, producerName: 'tests', docString: '', metadata: {} });
}

/** An empty folder for models. */
export const aModelsFolder = (): string => mkdtempSync(join(tmpdir(), 'wetread-models-'));

/** Writes a model into a folder of models; its card has the file's SHA-256 unless `card` changes it. */
export function writeModel(folder: string, bytes: Uint8Array, changes: Partial<ModelCard> = {}): ModelCard {
  const card = aCard({ sha256: createHash('sha256').update(bytes).digest('hex'), ...changes });
  mkdirSync(join(folder, card.name, card.version), { recursive: true });
  writeFileSync(join(folder, card.name, card.version, 'model.onnx'), bytes);
  writeFileSync(join(folder, card.name, 'card.json'), JSON.stringify(card));
  return card;
}

/** A decoded 16-bit frame of one stored value, shown through a window over 0 … 1000: prepared it is value / 1000. */
export function anEvenImage(value: number, pixels: Partial<EngineImage['pixels']> = {}): EngineImage {
  const [rows, columns] = [8, 8];
  const bytes = new Uint8Array(new Uint16Array(rows * columns).fill(value).buffer);
  return {
    frame: {
      bytes,
      rows,
      columns,
      samplesPerPixel: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 0,
      sampleForm: 'integer',
      photometricInterpretation: 'MONOCHROME2',
    },
    pixels: {
      modality: { kind: 'rescale', rescaleSlope: 1, rescaleIntercept: 0 },
      voi: { windows: [{ windowCenter: 500, windowWidth: 1000 }], tables: [], voiLutFunction: 'LINEAR' },
      presentationLutShape: 'IDENTITY',
      ...pixels,
    },
  };
}
