import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCard } from '../inference/read-card.js';
import { TestSplitUsed } from './faults.js';
import type { TrainingConfig } from './training-config.js';

/** The last evaluation of the test cases for models of one name; as test-evaluations.json beside its card and its configuration. */
interface LastEvaluation {
  readonly times: number;
  readonly version: string;
  readonly sha256: string;
}

/**
 * Writes down that the test cases are now evaluated, before they are: whatever happens afterwards, they were looked at. Whoever makes a
 * new version has seen what the last one did; the same model again is the same evaluation.
 * @param folders  where it may be written down: of the model, and of its configuration, for which a model may be written elsewhere
 * @param again  whether a further evaluation of one version was asked for
 * @returns how often, this time included
 * @throws TestSplitUsed
 */
export function testEvaluations(
  folders: readonly string[],
  { version }: Pick<TrainingConfig, 'version'>,
  sha256: string,
  again: 'asked for' | 'not asked for',
): number {
  const known = folders.flatMap((folder) => lastEvaluation(folder) ?? []);
  const last = known.toSorted((a, b) => b.times - a.times).at(0);
  if (last?.sha256 === sha256) return last.times;
  if (last?.version === version && again === 'not asked for') throw new TestSplitUsed();
  const times = (last?.times ?? 0) + 1;
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'test-evaluations.json'), `${JSON.stringify({ times, version, sha256 }, null, 2)}\n`);
  }
  return times;
}

/** As it was written down; for a model from before that was done, as its card says. */
function lastEvaluation(folder: string): LastEvaluation | undefined {
  const [record, card] = [join(folder, 'test-evaluations.json'), join(folder, 'card.json')];
  if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')) as LastEvaluation; // written above
  if (!existsSync(card)) return undefined;
  const { version, sha256, training } = readCard(readFileSync(card, 'utf8'));
  return { version, sha256, times: training.testEvaluations ?? 1 };
}
