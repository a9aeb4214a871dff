import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { inspectModel } from '../../../src/inference/onnx/inspect-model.js';
import { ModelProtoSchema } from '../../../src/inference/onnx/onnx_pb.js';
import { aGraph, properties } from './a-model.js';
import { runModel } from './model-runner.js';

describe('ONNX graph builder', () => {
  it('gives the same bytes for the same graph', () => {
    expect(aGraph().toBytes(properties)).toEqual(aGraph().toBytes(properties));
  });

  it('can be read back as it was built', () => {
    const model = fromBinary(ModelProtoSchema, aGraph().toBytes(properties));
    expect(model.metadataProps[0]).toMatchObject({ key: 'purpose', value: 'test' });
    expect(model.graph?.node.map(({ opType }) => opType)).toEqual(['AveragePool', 'Flatten', 'MatMul']);
    expect(model.graph?.node[0].attribute[0]).toMatchObject({ name: 'kernel_shape', ints: [4n, 4n] });
    expect(model.graph?.initializer[0].dims).toEqual([1n, 2n]);
  });

  it('passes inspection, with its shapes told', () => {
    expect(inspectModel(aGraph().toBytes(properties))).toEqual({
      opset: 17,
      inputs: [{ name: 'images', elementType: 1, dims: ['N', 1, 4, 4] }],
      outputs: [{ name: 'logits', elementType: 1, dims: ['N', 2] }],
      operators: ['AveragePool', 'Flatten', 'MatMul'],
    });
  });

  it('runs in onnxruntime, for any number of images', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-onnx-'));
    try {
      const path = join(folder, 'model.onnx');
      writeFileSync(path, aGraph().toBytes(properties));
      const images = Array.from({ length: 32 }, (_, i) => (i < 16 ? 1 : 3));
      expect(runModel(path, [2, 1, 4, 4], images).logits).toEqual({
        dims: [2, 2],
        type: 'float32',
        values: [1, 2, 3, 6],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
