import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NAME, VERSION } from './chest-card.js';
import { pneumoniaLogit } from './chest-classifier.js';
import { readChestSplit } from './chest-dataset.js';
import { chestFeatures } from './chest-features.js';
import { checkGraph } from './check-graph.js';
import { prepared, trainChestPneumonia } from './train-chest-pneumonia.js';

const USAGE = `npm run train -- ${NAME} [--data FOLDER] [--models FOLDER]
  --data    where the folder chest-xray lies (default ../shared/data)
  --models  where to write NAME/card.json and NAME/VERSION/model.onnx (default models)`;
const CHECKED_IMAGES = 16;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string', default: '../shared/data' }, models: { type: 'string', default: 'models' } },
});
if (positionals.length !== 1 || positionals[0] !== NAME) {
  console.error(USAGE);
  process.exit(2);
}

const folder = join(values.data, 'chest-xray');
const test = await readChestSplit(folder, 'test');
const { card, onnx, classifier } = trainChestPneumonia({
  train: await readChestSplit(folder, 'train'),
  val: await readChestSplit(folder, 'val'),
  test,
});
const images = test.slice(0, CHECKED_IMAGES).map(prepared);
const difference = await checkGraph(
  onnx,
  images,
  images.map((image) => pneumoniaLogit(classifier, chestFeatures(image))),
);

const target = join(values.models, NAME);
mkdirSync(join(target, VERSION), { recursive: true });
writeFileSync(join(target, VERSION, 'model.onnx'), onnx);
writeFileSync(join(target, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
console.log(JSON.stringify({ sha256: card.sha256, logitDifference: difference, evaluation: card.evaluation }, null, 2));
