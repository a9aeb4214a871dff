import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { LocalEngine } from '../engines/local-engine.js';
import { BUNDLED_MODELS } from '../bundled-models.js';
import { loadModels } from '../registry.js';
import { predictFiles } from './predict-files.js';
import { headLine, predictionLine } from './prediction-line.js';
import { writeMaps } from './write-maps.js';

const USAGE = `npm run predict -- FOLDER --model NAME [--out results.csv] [--maps FOLDER] [--models FOLDER]
  FOLDER    DICOM, PNG and JPEG files, also in folders within it: one line each, with all outputs of the model
  --model   a model's name, as its folder is called
  --out     where the CSV goes (default: standard output)
  --maps    where maps of the prediction go: attention, class activation, gradient (Grad-CAM) and occlusion, as JSON and
            PNG beside each other; some 65 runs of the model for each file
  --models  where the models are (default: those that come with wetread)`;
const LIMIT_MILLISECONDS = 120_000;
const MEMORY_LIMIT_MEBIBYTES = 4_096;

const { values, folder } = options();
const { loaded, refused } = await loadModels(values.models).catch(() => {
  console.error(`${values.models} is no folder of models that can be read`);
  process.exit(1);
});
const model = loaded.find(({ card }) => card.name === values.model);
if (model === undefined) {
  const why =
    refused.find(({ name }) => name === values.model)?.fault.message ?? `there are ${loaded.map(({ card }) => card.name).join(', ')}`;
  console.error(`There is no model ${values.model}: ${why}`);
  process.exit(1);
}
if (model.card.input.volume !== undefined || model.card.input.clip !== undefined) {
  console.error(`${values.model} reads whole series or clips, not single files: store them and let the server read them`);
  process.exit(1);
}
const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
  console.error(`${folder} is no folder that can be read`);
  process.exit(1);
});
// A link to a file is read as the file; one that leads nowhere, or to a folder, gets a line that says so.
const named = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
const files = named.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
files.sort();

const workers = Math.min(availableParallelism(), Math.max(1, files.length));
const engine = new LocalEngine([model], {
  workers,
  threadsPerWorker: 1,
  queueLimit: 4 * workers,
  providers: ['cpu'],
  runLimitMilliseconds: LIMIT_MILLISECONDS,
  loadLimitMilliseconds: LIMIT_MILLISECONDS,
  memoryLimitMebibytes: MEMORY_LIMIT_MEBIBYTES,
});
await engine.start();
const out = values.out === undefined ? process.stdout : createWriteStream(values.out);
out.on('error', stopped);
const counts = { read: 0, 'not-read': 0, failed: 0 };
try {
  out.write(`${headLine(model.card)}\n`);
  for await (const prediction of predictFiles(engine, model, folder, files, {
    atOnce: 2 * workers,
    explained: values.maps !== undefined,
  })) {
    counts[prediction.state]++;
    if (values.maps !== undefined && prediction.state === 'read') await writeMaps(values.maps, prediction.file, prediction.result);
    if (!out.write(`${predictionLine(prediction, model.card)}\n`)) await once(out, 'drain');
  }
  if (out !== process.stdout) await once(out.end(), 'finish');
} catch (error) {
  stopped(error as Error); // of files and streams
}
await engine.close();
console.error(`${files.length} files: ${counts.read} read, ${counts['not-read']} not read, ${counts.failed} failed`);

function options() {
  try {
    const { values: given, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        out: { type: 'string' },
        maps: { type: 'string' },
        models: { type: 'string', default: BUNDLED_MODELS },
      },
    });
    const [only, ...more] = positionals;
    if (only !== undefined && more.length === 0 && given.model !== undefined)
      return { values: { ...given, model: given.model }, folder: only };
  } catch {
    // an option that there is not
  }
  console.error(USAGE);
  process.exit(2);
}

/** What was made can't be written. Who reads standard output no more has read enough. */
function stopped({ code, message }: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') process.exit(0);
  console.error(`The results can’t be written: ${message}`);
  process.exit(1);
}
