import { TestEnvironment } from 'jest-environment-node';
import { InferenceSession } from 'onnxruntime-node';
import { aGraph, properties } from './inference/onnx/a-model.js';

/**
 * For tests that run ONNX in their own process: jest gives each test file typed-array classes of its own, which the
 * runtime refuses; here they are Node's. Asked for by `@jest-environment` at the top of a test file.
 *
 * The first session of a process sets its main thread to round numbers below 1e-38 to 0, or not to. That of a training
 * does, and the test files that come after it in the same process would not be given the numbers that they ask for: so
 * the first session here is a plain one.
 */
export default class OnnxEnvironment extends TestEnvironment {
  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given);
    Object.assign(this.global, { Float32Array, Float64Array, Int32Array, Uint8Array, BigInt64Array, ArrayBuffer });
  }

  override async setup(): Promise<void> {
    await super.setup();
    await InferenceSession.create(aGraph().toBytes(properties));
  }
}
