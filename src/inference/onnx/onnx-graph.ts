import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.js';

/** An operator's attribute; ONNX tells whole numbers from fractions by type, not by value. */
export type Attribute =
  { readonly int: number } | { readonly float: number } | { readonly ints: readonly number[] } | { readonly text: string };

/** A dimension: a number, or a name for one that is known only at run time. */
export type Dimension = number | string;

export interface ModelProperties {
  /** Version of the default operator domain. */
  readonly opset: number;
  readonly irVersion: number;
  readonly producerName: string;
  readonly modelVersion: number;
  readonly docString: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Builds an ONNX model node by node. The same calls in the same order give the same bytes. */
export class OnnxGraph {
  private readonly nodes: NodeProto[] = [];
  private readonly initialisers: TensorProto[] = [];
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];

  constructor(private readonly name: string) {}

  input(name: string, elementType: DataType, dims: readonly Dimension[], docString = ''): string {
    this.inputs.push(valueInfo(name, elementType, dims, docString));
    return name;
  }

  /** Declares that the value `name`, which a node gives, is an output of the model. */
  output(name: string, elementType: DataType, dims: readonly Dimension[], docString = ''): void {
    this.outputs.push(valueInfo(name, elementType, dims, docString));
  }

  /** A constant tensor, row by row; a scalar has no dims. Returns its name. */
  constant(name: string, values: Float32Array | BigInt64Array, dims: readonly number[]): string {
    const tensor = create(TensorProtoSchema, {
      name,
      dims: dims.map(BigInt),
      dataType: values instanceof Float32Array ? DataType.FLOAT : DataType.INT64,
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength), // little-endian, as every machine of Node's
    });
    this.initialisers.push(tensor);
    return name;
  }

  /** Adds an operator of the default domain with one output. Returns the output's name. */
  node(opType: string, output: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    this.nodeOf(opType, [output], inputs, attributes);
    return output;
  }

  /** Adds an operator of the default domain with several outputs. */
  nodeOf(
    opType: string,
    outputs: readonly string[],
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    const attribute = Object.entries(attributes).map(([attributeName, value]) => attributeOf(attributeName, value));
    this.nodes.push(create(NodeProtoSchema, { opType, name: outputs[0], input: [...inputs], output: [...outputs], attribute }));
  }

  toBytes({ opset, irVersion, producerName, modelVersion, docString, metadata }: ModelProperties): Uint8Array {
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName,
      modelVersion: BigInt(modelVersion),
      docString,
      opsetImport: [{ domain: '', version: BigInt(opset) }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: this.name,
        node: this.nodes,
        initializer: this.initialisers,
        input: this.inputs,
        output: this.outputs,
      },
    });
    return toBinary(ModelProtoSchema, model);
  }
}

function valueInfo(name: string, elemType: DataType, dims: readonly Dimension[], docString: string): ValueInfoProto {
  const dim = dims.map((dimension) =>
    typeof dimension === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(dimension) } }
      : { value: { case: 'dimParam' as const, value: dimension } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    docString,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  });
}

function attributeOf(name: string, value: Attribute): AttributeProto {
  if ('int' in value) return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('text' in value) return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value.text) });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map(BigInt) });
}
