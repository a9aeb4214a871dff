import { TestEnvironment } from 'jest-environment-node';

/**
 * For tests that run ONNX in their own process: jest gives each test file typed-array classes of its own, which the
 * runtime refuses; here they are Node's. Asked for by `@jest-environment` at the top of a test file.
 */
export default class OnnxEnvironment extends TestEnvironment {
  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given);
    Object.assign(this.global, { Float32Array, Float64Array, Int32Array, Uint8Array, BigInt64Array, ArrayBuffer });
  }
}
