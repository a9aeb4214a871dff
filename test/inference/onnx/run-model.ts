/**
 * A program of its own, since onnxruntime-node refuses the typed arrays of jest's realm:
 * node run-model.js MODEL < { dims, values } gives every output by name, as JSON: { dims, type, values }.
 */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const { dims, values } = JSON.parse(readFileSync(0, 'utf8')) as { dims: number[]; values: number[] };
const session = await InferenceSession.create(readFileSync(process.argv[2]), { intraOpNumThreads: 1 });
const outputs = await session.run({ images: new Tensor('float32', Float32Array.from(values), dims) });
const plain = Object.entries(outputs).map(([name, tensor]) => [
  name,
  { dims: tensor.dims, type: tensor.type, values: Array.from(tensor.data as Iterable<number | bigint>, Number) },
]);
console.log(JSON.stringify(Object.fromEntries(plain)));
