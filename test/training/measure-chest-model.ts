/**
 * A program of its own (sharp and onnxruntime-node outside jest's realm): node measure-chest-model.js MODEL DATA
 * gives the pneumonia probabilities and labels of both parts of the chest set's test split, as JSON.
 */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readChestSplit } from '../../src/training/chest-dataset.js';
import { prepared } from '../../src/training/train-chest-pneumonia.js';

const [model, data] = process.argv.slice(2);
const session = await InferenceSession.create(readFileSync(model), { intraOpNumThreads: 1 });
const cases: { official: boolean; label: number; probability: number }[] = [];
for (const chest of await readChestSplit(data, 'test')) {
  const images = new Tensor('float32', prepared(chest), [1, 1, 224, 224]);
  const { probabilities } = await session.run({ images });
  cases.push({
    official: chest.officialSplit === 'test',
    label: chest.label,
    probability: Number(probabilities.data[1]),
  });
}
console.log(JSON.stringify(cases));
