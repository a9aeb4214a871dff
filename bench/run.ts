/**
 * `npm run bench -- run [cases] [engine processes]`: a study's run planned by measurement. 200 images of mammogram size, half of them
 * compressed, are made one after the other and read as a run reads them (RunCases, ReadImage, the real engine, several at once); then the
 * plan of 29,000. The model is a stand-in for timing: the bundled chest model under a card that takes mammograms. What it says of them
 * means nothing.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PixelInstanceRow } from '../src/archive/retrieve.sql.js';
import type { CaseResult, CaseToRead } from '../src/evidence/runs/case-result.js';
import { planRun } from '../src/evidence/runs/plan-run.js';
import { duration, progressLine } from '../src/evidence/runs/progress-line.js';
import { RUN_LIMITS, RunCases } from '../src/evidence/runs/run-cases.js';
import { RunProgress } from '../src/evidence/runs/run-progress.js';
import { quantile } from '../src/evidence/statistics/quantile.js';
import { BUNDLED_MODELS } from '../src/inference/bundled-models.js';
import { LocalEngine } from '../src/inference/engines/local-engine.js';
import type { ModelCard } from '../src/inference/model-card.js';
import { Models } from '../src/inference/models.js';
import { ReadImage } from '../src/inference/read-image.js';
import { ReadStacks } from '../src/inference/read-stacks.js';
import { PixelPool } from '../src/pixels/pixel-pool.js';
import { canonicalText } from '../src/signing/canonical.js';
import { MAMMOGRAPHY, Mammograms } from './mammograms.js';

const CASES = Number(process.argv[3] ?? 200);
const WORKERS = Number(process.argv[4] ?? 1);
const PLANNED = 29_000;
const STAND_IN = 'mammogram-timing';
/** Of a record's columns, indexes and link, and of a row of predictions beside its texts (docs/scale.md). */
const ROW_BYTES = 900 + 400;

const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-run-'));
const say = (words: string): void => void process.stdout.write(`${words}\n`);

/** The chest model in a folder of its own, its card but for what it takes. */
function standIn(): string {
  const card = JSON.parse(readFileSync(join(BUNDLED_MODELS, 'chest-pneumonia', 'card.json'), 'utf8')) as ModelCard;
  const input = { ...card.input, modalities: ['MG'], sopClassUIDs: [MAMMOGRAPHY], bodyParts: ['BREAST'], viewPositions: ['CC', 'MLO'] };
  const models = join(folder, 'models');
  mkdirSync(join(models, STAND_IN, card.version), { recursive: true });
  copyFileSync(join(BUNDLED_MODELS, 'chest-pneumonia', card.version, 'model.onnx'), join(models, STAND_IN, card.version, 'model.onnx'));
  writeFileSync(join(models, STAND_IN, 'card.json'), JSON.stringify({ ...card, name: STAND_IN, input }));
  return models;
}

/** Resident bytes and processor seconds of this process and those that it started. */
function used(): { bytes: number; seconds: number } {
  const { user, system } = process.cpuUsage();
  const children = execFileSync('ps', ['-o', 'rss=,cputimes=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const rows = children
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return {
    bytes: process.memoryUsage.rss() + rows.reduce((sum, [kibibytes]) => sum + kibibytes * 1_024, 0),
    seconds: (user + system) / 1e6 + rows.reduce((sum, [, seconds]) => sum + seconds, 0),
  };
}

/** Files exist only for the batch that is being read: made before it, outside of what is measured, and taken away after it. */
class MadeCases {
  readonly rows = new Map<number, PixelInstanceRow>();
  readonly results: CaseResult[] = [];
  readonly resident: number[] = [];
  readonly progress = new RunProgress(CASES, { done: 0, failed: 0 }, 0);
  /** Milliseconds and processor seconds of reading alone. */
  spent = 0;
  processor = 0;
  private began = 0;
  private usedBefore = 0;

  constructor(private readonly images: Mammograms) {}

  async next(limit: number): Promise<CaseToRead[]> {
    const from = this.results.length;
    const cases: CaseToRead[] = [];
    for (let n = from; n < Math.min(CASES, from + limit); n++) {
      const row = await this.images.write(n);
      this.rows.set(n, row);
      cases.push({ caseId: n, caseKey: `C${n}`, instanceRow: n, fileSha256: row.sha256 });
    }
    [this.began, this.usedBefore] = [performance.now(), used().seconds];
    return cases;
  }

  record(results: readonly CaseResult[]): Promise<void> {
    this.spent += performance.now() - this.began;
    const { bytes, seconds } = used();
    this.processor += seconds - this.usedBefore;
    this.resident.push(bytes);
    this.results.push(...results);
    for (const { caseId } of results) {
      rmSync(this.images.pathOf(caseId));
      this.rows.delete(caseId);
    }
    this.progress.add({ cases: results.length, failed: results.filter(({ error }) => error !== '').length }, this.spent);
    const line = progressLine(this.progress.at(this.spent));
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    return Promise.resolve();
  }

  async *pixelInstances(rows: readonly number[]): AsyncGenerator<PixelInstanceRow> {
    for (const row of rows) {
      const instance = await Promise.resolve(this.rows.get(row));
      if (instance) yield instance;
    }
  }
}

const pool = new PixelPool({ threads: Math.max(1, Math.min(4, cpus().length - 1)), queueLimit: 256, timeLimitMilliseconds: 30_000 });
const models = await Models.from(
  standIn(),
  (loaded) =>
    new LocalEngine(loaded, {
      workers: WORKERS,
      threadsPerWorker: 1,
      queueLimit: 64,
      providers: ['cpu'],
      runLimitMilliseconds: 60_000,
      loadLimitMilliseconds: 120_000,
      memoryLimitMebibytes: 2_048,
    }),
);
try {
  await models.engine.start();
  const [model] = models.loaded;
  const images = new Mammograms(folder);
  const made = new MadeCases(images);
  const pixels = images.decoding(pool);
  const read = new ReadImage(pixels, models, new ReadStacks(made, pixels, models));
  const atOnce = WORKERS + 1; // one decodes while another runs, as the server has it
  const run = new RunCases(made, read, models, made, { ...RUN_LIMITS, concurrency: atOnce, batch: 16 });
  const { name, version, classes } = model.card;
  const finding = classes.find(({ kind }) => kind === 'finding')?.label ?? '';
  const protocol = { name, version, onnxSha256: model.sha256, cardSha256: model.cardSha256, finding };
  const before = loadavg()[0];
  await run.run({ study: 'bench', run: 'bench', model: protocol }, new AbortController().signal);
  process.stderr.write('\n');

  const { results } = made;
  const failed = results.filter(({ error }) => error !== '');
  const texts = results.map(({ event, outputs }) => canonicalText(event).length + canonicalText(outputs ?? {}).length + ROW_BYTES);
  const milliseconds = results.map((one) => one.milliseconds);
  // Places are empty at the end of each batch: as many as were taken on average is what the plan may count on.
  const taken = milliseconds.reduce((sum, one) => sum + one, 0) / made.spent;
  const plan = planRun(milliseconds, PLANNED, taken, {
    bytesPerCase: Math.round(texts.reduce((sum, one) => sum + one, 0) / texts.length),
    residentBytes: made.resident,
  });
  const { median, percentile95 } = plan.milliseconds;
  const processor = made.processor / results.length;
  say(`model ${name}/${version} (a stand-in for timing), ${WORKERS} engine process(es), ${atOnce} cases at once, ${cpus().length} cores,`);
  say(`load average ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`);
  say(
    `${results.length} cases read, ${failed.length} without a score; a case: median ${median.toFixed(0)} ms, 95 % below ${percentile95.toFixed(0)} ms`,
  );
  for (const rows of [2_294, 4_096])
    for (const syntax of ['native', 'JPEG Lossless', 'JPEG 2000']) {
      const of = results.filter(({ caseId: n }) => rowsOf(n) === rows && syntaxOf(n) === syntax).map((one) => one.milliseconds);
      if (of.length > 0)
        say(
          `  ${rows} rows, ${syntax}: ${of.length}, median ${quantile(
            of.sort((a, b) => a - b),
            0.5,
          ).toFixed(0)} ms`,
        );
    }
  say(`measured: ${((1_000 * results.length) / made.spent).toFixed(2)} cases/s; ${processor.toFixed(2)} processor seconds a case`);
  const { estimate, lower, upper } = plan.seconds;
  say(`plan of ${PLANNED}: ${plan.casesPerSecond.toFixed(2)} cases/s, ${duration(estimate)} (${duration(lower)} … ${duration(upper)}),`);
  say(`  with nothing else on the machine ${duration((processor * PLANNED) / Math.min(cpus().length, atOnce))} at least;`);
  say(
    `  memory at most ${Math.round(plan.memoryBytes / 2 ** 20)} MiB in all processes, database ${Math.round(plan.diskBytes / 2 ** 20)} MiB more`,
  );
} finally {
  await Promise.all([models.engine.close(), pool.close()]);
  rmSync(folder, { recursive: true, force: true });
}

function rowsOf(n: number): number {
  return (n >> 2) % 2 === 0 ? 2_294 : 4_096;
}
function syntaxOf(n: number): string {
  return ['native', 'JPEG Lossless', 'native', 'JPEG 2000'][n % 4];
}
