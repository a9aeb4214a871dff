/**
 * The statistics at study size beside R's pROC in the same run: DeLong with variance on 10⁶ distinct scores, the stratified bootstrap
 * and the paired bootstrap test of 2,000 × 29,000 distinct scores, the DeLong covariance of 2 × 14 readers × 29,000, calibration
 * slope and Brier score of 29,000, maximum mean discrepancy of 5,000 × 5,000.
 * `npm run bench -- statistics [rounds] [share of positive cases]`; without `Rscript` and pROC it prints our times alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapOnWorkers } from '../src/evidence/resampling/replicate-workers.js';
import { brierScore } from '../src/evidence/statistics/calibration/brier.js';
import { calibrationSlope } from '../src/evidence/statistics/calibration/logistic-recalibration.js';
import { maximumMeanDiscrepancy } from '../src/evidence/statistics/drift/maximum-mean-discrepancy.js';
import { accuracyOf, covarianceMatrix } from '../src/evidence/statistics/readers/reader-metric.js';
import { bootstrap } from '../src/evidence/statistics/resampling/bootstrap.js';
import { nextUniform, seedOf, streamState } from '../src/evidence/statistics/resampling/random-stream.js';
import { delongPaired } from '../src/evidence/statistics/roc/delong-paired.js';
import { rocAuc } from '../src/evidence/statistics/roc/roc-auc.js';

const rounds = Number(process.argv[3] ?? 5);
const prevalence = Number(process.argv[4] ?? 0.009);
const REPLICATES = 2_000;
const CASES = 29_000;
const MANY = 1_000_000;
const TESTS = 2;
const READERS = 14;
const WINDOW = 5_000;

interface Job {
  readonly name: string;
  readonly goal: string;
  /** gives the number that R gives, to show that both did the same */
  readonly ours: () => number | Promise<number>;
  /** R that leaves its number in `value`; `scores1` and so on are read before the clock starts */
  readonly r: string;
  /** how often R does it, which takes its time */
  readonly rRounds: number;
}

/** Distinct scores of several tests on the same cases: each sees the case's own severity with an error of its own. */
function study(cases: number, tests: number, seed: string) {
  const state = streamState(seedOf(seed), 0);
  const labels = new Float64Array(cases);
  const scores = Array.from({ length: tests }, () => new Float64Array(cases));
  for (let i = 0; i < cases; i++) {
    labels[i] = nextUniform(state) < prevalence ? 1 : 0;
    const severity = nextUniform(state) + labels[i] * 0.6;
    for (const column of scores) column[i] = severity + nextUniform(state);
  }
  return { labels, scores };
}

/** Probabilities, as the logistic function of a study's scores. */
function probabilities({ labels, scores }: ReturnType<typeof study>): ReturnType<typeof study> {
  return { labels, scores: scores.map((column) => column.map((score) => 1 / (1 + Math.exp(-4 * (score - 1.2))))) };
}

const many = study(MANY, 1, '1');
const pairs = study(MANY, 2, '7');
const two = study(CASES, 2, '2');
const readers = study(CASES, TESTS * READERS, '3');
const calibrated = probabilities(study(CASES, 1, '5'));
const windows = probabilities(study(WINDOW, 2, '6'));
const BANDWIDTH = 0.2;
const resampled = { labels: two.labels, scores: two.scores[0], stratified: true, replicates: REPLICATES, seed: '4' } as const;
const paired = { ...resampled, statistic: 'auc_difference', scores2: two.scores[1] } as const;
const threads = availableParallelism();
const CURVE = 'roc(labels, scores1, levels = c(0, 1), direction = "<", quiet = TRUE)';
const CURVE2 = 'roc(labels, scores2, levels = c(0, 1), direction = "<", quiet = TRUE)';
const BOOTSTRAP = `value <- ci.auc(${CURVE}, method = "bootstrap", boot.n = ${REPLICATES}, boot.stratified = TRUE, progress = "none")[1]`;
const TEST = `value <- roc.test(${CURVE}, ${CURVE2}, method = "bootstrap", paired = TRUE, boot.n = ${REPLICATES}, progress = "none")$statistic`;

const jobs: readonly (Job & { readonly data: ReturnType<typeof study> })[] = [
  {
    name: `DeLong, AUC and variance, ${MANY} distinct scores`,
    goal: '4 x',
    data: many,
    ours: () => rocAuc(many.labels, many.scores[0]).variance ?? 0,
    r: `value <- var(${CURVE}, method = "delong")`,
    rRounds: 3,
  },
  {
    name: `DeLong, test of two paired AUCs, ${MANY} cases`,
    goal: '1 x',
    data: pairs,
    ours: () => delongPaired(pairs.labels, pairs.scores[0], pairs.scores[1]).z ?? 0,
    r: `value <- roc.test(${CURVE}, ${CURVE2}, method = "delong", paired = TRUE)$statistic`,
    rRounds: 3,
  },
  {
    name: `stratified bootstrap of an AUC, ${REPLICATES} x ${CASES}`,
    goal: '15 x',
    data: two,
    ours: () => bootstrap({ ...resampled, statistic: 'auc' }).percentile[0],
    r: BOOTSTRAP,
    rRounds: 1,
  },
  {
    name: `paired bootstrap test of two AUCs, ${REPLICATES} x ${CASES}`,
    goal: '15 x',
    data: two,
    ours: () => bootstrap(paired).test?.z ?? 0,
    r: TEST,
    rRounds: 1,
  },
  {
    name: `the same on ${threads} worker threads`,
    goal: '',
    data: two,
    ours: async () => (await bootstrapOnWorkers(paired, threads)).test?.z ?? 0,
    r: '',
    rRounds: 0,
  },
  {
    name: `DeLong covariance of ${TESTS} x ${READERS} readers, ${CASES} cases`,
    goal: '< 1 s',
    data: readers,
    ours: () => {
      const accuracies = readers.scores.map((column) => accuracyOf(readers.labels, column, { metric: 'auc' }));
      return covarianceMatrix(readers.labels, accuracies, { metric: 'auc' }, 'delong')[0][1];
    },
    r: `
      positive <- labels == 1; m <- sum(positive); n <- sum(!positive)
      placed <- lapply(columns, function(s) {
        all <- rank(s)
        list((all[positive] - rank(s[positive])) / n, 1 - (all[!positive] - rank(s[!positive])) / m)
      })
      S <- cov(sapply(placed, \`[[\`, 1)) / m + cov(sapply(placed, \`[[\`, 2)) / n
      value <- S[1, 2]`,
    rRounds: 3,
  },
  {
    name: `calibration slope and Brier score, ${CASES} cases`,
    goal: '< 0.05 s',
    data: calibrated,
    ours: () => {
      const [p] = calibrated.scores;
      return calibrationSlope(calibrated.labels, p).slope + brierScore(calibrated.labels, p).brier;
    },
    r: 'value <- coef(glm(labels ~ qlogis(scores1), family = binomial))[2] + mean((scores1 - labels)^2)',
    rRounds: 3,
  },
  {
    name: `maximum mean discrepancy, ${WINDOW} x ${WINDOW}`,
    goal: '< 1 s',
    data: windows,
    ours: () => {
      const [reference, current] = windows.scores.map((column) => column.toSorted());
      return maximumMeanDiscrepancy(reference, current, BANDWIDTH).mmd2Biased;
    },
    r: `
      k <- function(u, v) mean(exp(-outer(u, v, "-")^2 / (2 * ${BANDWIDTH}^2)))
      value <- k(scores1, scores1) + k(scores2, scores2) - 2 * k(scores1, scores2)`,
    rRounds: 3,
  },
];

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const seconds = (value: number): string => `${value.toFixed(3)} s`;
const hasR = spawnSync('Rscript', ['-e', 'suppressMessages(library(pROC))']).status === 0;
process.stdout.write(
  `${cpus()[0].model}, ${threads} threads; Node ${process.version}; medians of ${rounds}; share of positives ${prevalence}\n`,
);
if (!hasR) process.stdout.write('Rscript with pROC is absent (Debian: r-base-core, r-cran-proc): our times alone.\n');

const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-'));
try {
  for (const job of jobs) {
    const times: number[] = [];
    let value = 0;
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      value = await job.ours();
      times.push((performance.now() - began) / 1_000);
    }
    const own = median(times);
    const peer = hasR && job.r !== '' ? inR(job) : undefined;
    const beside = peer && ` | R ${seconds(peer.time)} (median of ${job.rRounds}) | ratio ${(peer.time / own).toFixed(1)}`;
    const same = peer && ` | ours ${value.toPrecision(9)}, R ${peer.value.toPrecision(9)}`;
    process.stdout.write(`${job.name}: ${seconds(own)}${beside ?? ''}${job.goal && ` | goal ${job.goal}`}${same ?? ''}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** R's median and its number; reading the data and loading the package is not timed. */
function inR({ data, r, rRounds }: (typeof jobs)[number]): { time: number; value: number } {
  const columns = [data.labels, ...data.scores];
  for (const [i, column] of columns.entries()) writeFileSync(join(folder, `${i}`), column);
  const script = join(folder, 'job.R');
  writeFileSync(
    script,
    `suppressMessages(library(pROC)); set.seed(1)
     read <- function(i) readBin(file.path(${JSON.stringify(folder)}, i), "double", n = ${data.labels.length})
     labels <- read(0); columns <- lapply(seq_len(${data.scores.length}), read)
     scores1 <- columns[[1]]; scores2 <- columns[[${Math.min(2, data.scores.length)}]]
     times <- c(); for (i in seq_len(${rRounds})) times <- c(times, system.time({ ${r} })[["elapsed"]])
     cat(median(times), format(as.numeric(value), digits = 15))`,
  );
  const { stdout, stderr, status } = spawnSync('Rscript', [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`R failed: ${stderr}`);
  const [time, value] = stdout.trim().split(' ').map(Number);
  return { time, value };
}
