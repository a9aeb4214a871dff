import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTrainingManifest } from '../../src/evidence/datasets/training-manifest.js';
import type { ModelCard } from '../../src/inference/model-card.js';
import { readCard } from '../../src/inference/read-card.js';
import { cautions } from '../../src/training/model-folder.js';
import { readConfig } from '../../src/training/read-config.js';

const MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));
const TABLE = fileURLToPath(new URL('../../../docs/models.md', import.meta.url));
const NAMES = readdirSync(MODELS).filter((name) => existsSync(`${MODELS}${name}/card.json`));
const textOf = (name: string, file: string) => readFileSync(`${MODELS}${name}/${file}`, 'utf8');
const cards = NAMES.map((name) => readCard(textOf(name, 'card.json')));

/** What was aimed at before anything was trained. */
const GOALS: Readonly<Record<string, string>> = {
  'chest-pneumonia': 'official test AUC 0.97, accuracy 0.93; official train AUC 0.998',
  'breast-ultrasound': 'AUC 0.88',
  'brain-mri-tumor': 'macro AUC 0.985, accuracy 0.92',
  'ct-contrast': 'AUC 0.90',
};

describe('The card of each bundled model', () => {
  it.each(NAMES)('%s says what its figures ask for, and how often its test cases were looked at', (name) => {
    const { limitations, uncertainty, explanations, training } = readCard(textOf(name, 'card.json'));
    const times = training.testEvaluations ?? 0;
    expect((JSON.parse(textOf(name, 'test-evaluations.json')) as { times: number }).times).toBe(times);
    if (uncertainty === undefined || explanations === undefined) throw new Error('the card has no figures of doubt or of maps');
    expect(limitations).toEqual([
      ...readConfig(textOf(name, 'training.json')).card.limitations,
      ...cautions({ uncertainty, explanations }, times),
    ]);
  });

  it.each(NAMES)('%s names the manifest of what it was trained on, which lies beside it', (name) => {
    const { version, sha256, training } = readCard(textOf(name, 'card.json'));
    const { head, entries, sha256: manifestSha256 } = manifestOf(name, version);
    expect(training.manifest).toEqual({ file: 'training-manifest.ndjson', sha256: manifestSha256, entries: entries.length });
    expect(head).toMatchObject({ model: name, version, modelSha256: sha256, licence: training.licence, citation: training.citation });
    expect(entries.filter(({ part }) => part === 'train')).toHaveLength(training.cases);
  });

  it('is told in docs/models.md as it is (WRITE_GOLDEN=1 writes it)', () => {
    const text = document();
    if (process.env['WRITE_GOLDEN'] !== undefined) writeFileSync(TABLE, text);
    expect(readFileSync(TABLE, 'utf8')).toBe(text);
  });
});

const manifestOf = (name: string, version: string) =>
  readTrainingManifest(readFileSync(`${MODELS}${name}/${version}/training-manifest.ndjson`));

const manifestRows = ({ name, version, training }: ModelCard): string[] => {
  const { entries, head } = manifestOf(name, version);
  const trained = entries.filter(({ part }) => part === 'train').length;
  const patients = new Set(entries.map(({ patientHash }) => patientHash).filter((hash) => hash !== '')).size;
  const told = patients === 0 ? 'not told' : String(patients);
  return [
    row(
      `${name} ${version}`,
      trained,
      entries.length - trained,
      told,
      head.patientIdentity.replaceAll('|', '\\|'),
      training.manifest?.sha256 ?? '',
    ),
  ];
};

function document(): string {
  return `# The bundled models

Made by \`test/training/bundled-cards.test.ts\` from the cards, where \`npm run train\` wrote them; intervals are of 95 %. Test cases were held back by patient
(brain-mri-tumor: by blocks of slices) and looked at as often as is said: figures of a later look may be too good. What each model can't do is in its card.

## Test cases

| model | part | cases | AUC | accuracy | sensitivity | specificity | ECE | looks | training, s | aimed at |
| --- | --- | ---: | --- | --- | --- | --- | ---: | ---: | ---: | --- |
${cards.flatMap(evaluationRows).join('\n')}

## Doubt

How well each measure finds the test cases that are called wrongly, and pictures of other kinds (AUROC).

| model | measure | errors | pictures of other kinds |
| --- | --- | --- | --- |
${cards.flatMap(doubtRows).join('\n')}

## Maps

Share of the prediction that is there along a map's places (insertion: more is better) and left when they are taken away (deletion: less is better), beside places at random.

| model | map | insertion | at random | deletion | at random | explains |
| --- | --- | ---: | ---: | ---: | ---: | --- |
${cards.flatMap(mapRows).join('\n')}

## What they were trained on

\`VERSION/training-manifest.ndjson\` names every picture of training and validation by SHA-256 of its pixels, perceptual hash and SHA-256 of its Patient ID (\`evidence.md\`, Datasets, says of what bytes);
the card holds the file's SHA-256. A validation study's test set is held against it. Hashes only: the data are not here, whose licences and citations are in the cards and in the manifests.

| model | training pictures | validation pictures | patients | Patient ID | SHA-256 of the manifest |
| --- | ---: | ---: | ---: | --- | --- |
${cards.flatMap(manifestRows).join('\n')}
`;
}

const between = (value: number, interval: readonly number[] | undefined): string =>
  interval === undefined ? String(value) : `${value} (${interval.join('–')})`;
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const evaluationRows = ({ name, version, evaluation, training }: ModelCard): string[] =>
  evaluation.map((one) =>
    row(
      `${name} ${version}`,
      one.split,
      one.cases,
      between(one.auc, one.aucInterval),
      one.accuracy === undefined ? '' : between(one.accuracy.value, one.accuracy.interval),
      between(one.sensitivity, one.sensitivityInterval),
      between(one.specificity, one.specificityInterval),
      one.calibrationError ?? '',
      training.testEvaluations ?? '',
      training.seconds ?? '',
      GOALS[name] ?? '',
    ),
  );

const doubtRows = ({ name, uncertainty }: ModelCard): string[] =>
  (uncertainty?.measures ?? []).map(({ measure, errors, outOfDistribution }) => {
    const others = outOfDistribution.map(({ dataset, auc }) => `${dataset} ${auc}`).join(', ');
    return row(name, measure, errors === undefined ? '' : between(errors.auc, errors.interval), others === '' ? 'not measured' : others);
  });

const mapRows = ({ name, explanations = [] }: ModelCard): string[] =>
  explanations.map(({ map, insertion, deletion, random, explains }) =>
    row(name, map, insertion, random.insertion, deletion, random.deletion, explains ? 'yes' : 'not shown'),
  );
