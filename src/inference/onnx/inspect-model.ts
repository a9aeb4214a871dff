import { fromBinary } from '@bufbuild/protobuf';
import { ModelUnsafe } from './faults.js';
import {
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.js';
import { SAFE_OPERATORS } from './safe-operators.js';

export interface TensorSpec {
  readonly name: string;
  /** ONNX TensorProto.DataType: 1 float32, 7 int64. */
  readonly elementType: number;
  /** A name stands for a dimension known only at run time; empty where the file gives it none. */
  readonly dims: readonly (number | string)[];
}

export interface InspectedModel {
  /** Version of the default operator domain. */
  readonly opset: number;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** The operators it uses, each once, sorted. */
  readonly operators: readonly string[];
}

const OPSETS = { least: 7, most: 21 };
const MOST_BYTES = 1 << 30;
const MOST_NODES = 50_000;

/**
 * Reads an ONNX file and refuses what a model from outside must not bring, before any runtime sees it: operators that
 * are not in SAFE_OPERATORS, functions and training graphs, tensors in other files (a path of its author's choosing).
 * Checks the model contract as far as the file tells it: float32 `images` in, float32 `logits` [N, K] out.
 * @throws ModelUnsafe
 */
export function inspectModel(bytes: Uint8Array): InspectedModel {
  if (bytes.length > MOST_BYTES) throw new ModelUnsafe('The model file is larger than 1 GiB.');
  const model = parse(bytes);
  const opset = opsetOf(model);
  if (model.functions.length > 0) throw new ModelUnsafe('The model defines operators of its own.');
  if (model.trainingInfo.length > 0) throw new ModelUnsafe('The model holds a training graph.');
  const { graph } = model;
  if (graph === undefined || graph.node.length === 0) throw new ModelUnsafe('The model has no graph.');
  if (graph.node.length > MOST_NODES) throw new ModelUnsafe(`The graph has more than ${MOST_NODES} nodes.`);
  if (graph.sparseInitializer.length > 0) throw new ModelUnsafe('The model holds sparse tensors.');
  graph.initializer.forEach(checkTensor);
  graph.node.forEach(checkNode);
  const operators = [...new Set(graph.node.map(({ opType }) => opType))].sort();
  return { opset, ...contractOf(graph), operators };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    throw new ModelUnsafe('The file is not an ONNX model.'); // the parser's words may quote the file
  }
}

function opsetOf({ opsetImport }: ModelProto): number {
  const foreign = opsetImport.some(({ domain }) => !isDefaultDomain(domain));
  if (foreign || opsetImport.length !== 1) throw new ModelUnsafe("The model must import ONNX's default operators and no others.");
  const opset = Number(opsetImport[0].version);
  if (opset < OPSETS.least || opset > OPSETS.most) throw new ModelUnsafe(`The model's opset must be ${OPSETS.least} to ${OPSETS.most}.`);
  return opset;
}

function checkNode({ domain, opType, attribute }: NodeProto): void {
  if (!isDefaultDomain(domain) || !SAFE_OPERATORS.has(opType))
    throw new ModelUnsafe('The graph uses an operator that is not on the list of safe ones.');
  attribute.forEach(checkAttribute);
}

function checkAttribute({ t, tensors, g, graphs, sparseTensor, sparseTensors }: AttributeProto): void {
  if (g.length + graphs.length > 0) throw new ModelUnsafe('The graph holds a graph within a node (loop or branch).');
  if (sparseTensor.length + sparseTensors.length > 0) throw new ModelUnsafe('The model holds sparse tensors.');
  if (t !== undefined) checkTensor(t);
  tensors.forEach(checkTensor);
}

function checkTensor(tensor: TensorProto): void {
  if (tensor.dataLocation !== DataLocation.DEFAULT || tensor.externalData.length > 0)
    throw new ModelUnsafe('The model keeps tensors in other files.');
  const elements = tensor.dims.reduce((product, dim) => product * dim, 1n);
  if (tensor.dims.some((dim) => dim < 0n) || elements > BigInt(MOST_BYTES))
    throw new ModelUnsafe('The model declares a tensor of an impossible size.');
}

function contractOf(graph: GraphProto): Pick<InspectedModel, 'inputs' | 'outputs'> {
  const initialised = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !initialised.has(name)).map(specOf); // IR 3 lists constants as inputs too
  const outputs = graph.output.map(specOf);
  const [images] = inputs;
  if (inputs.length !== 1 || images.name !== 'images' || images.elementType !== DataType.FLOAT)
    throw new ModelUnsafe('The model must take one float32 input named images.');
  if (images.dims.length < 4 || images.dims.length > 5) throw new ModelUnsafe('The input images must have four or five dimensions.');
  const logits = outputs.find(({ name }) => name === 'logits');
  if (logits === undefined || logits.elementType !== DataType.FLOAT)
    throw new ModelUnsafe('The model must give a float32 output named logits.');
  if (logits.dims.length !== 0 && logits.dims.length !== 2) throw new ModelUnsafe('The output logits must have two dimensions.');
  return { inputs, outputs };
}

function specOf({ name, type }: ValueInfoProto): TensorSpec {
  if (type?.value.case !== 'tensorType') throw new ModelUnsafe('An input or output of the model is no tensor.');
  const { elemType, shape } = type.value.value;
  const dims = (shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : (value.value ?? '')));
  return { name, elementType: elemType, dims };
}

const isDefaultDomain = (domain: string): boolean => domain === '' || domain === 'ai.onnx';
