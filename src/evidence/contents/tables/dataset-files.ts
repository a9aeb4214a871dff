import { filesOf } from '../figures/figure-files.js';
import type { StudyFigure } from '../figures/study-figures.js';
import type { PayloadFile } from '../../package/evidence-package.js';
import { manifestLines } from '../study/manifest-text.js';
import { PATHS } from '../study/paths.js';
import type { StudyView } from '../study/study-view.js';
import { groupsOf } from '../trace/traces.js';
import { csvRecords, words } from '../written/csv.js';
import { ofJson, streamed } from '../written/payload.js';

/** 02-dataset: the frozen manifest, how it came to be, and what was looked for in it. */
export function datasetFiles(view: StudyView, flow: StudyFigure): PayloadFile[] {
  const { dataset, accesses } = view.file;
  const { items: _, leakage, duplicates, missingness, ...described } = dataset;
  return [
    streamed(PATHS.manifest, 'jsonLines', 'The frozen manifest, a case a line: its SHA-256 is the one that the protocol names', () =>
      manifestLines(dataset.items),
    ),
    ofJson('02-dataset/dataset.json', 'What the dataset is: purpose, query, exclusions, sampling, freeze', () => described),
    ...filesOf(flow, '02-dataset'),
    streamed(PATHS.subgroups, 'csv', 'Cases of each group, with and without the condition', () =>
      csvRecords(
        ['attribute', 'level', 'cases', 'positives', 'negatives'],
        groupsOf(view).map(([attribute, level, places]) => {
          const positives = places.filter((place) => view.cases[place].row.truth === 1).length;
          return [attribute, words(level), places.length, positives, places.length - positives];
        }),
      ),
    ),
    ofJson(PATHS.leakage, 'Check against the training manifests: same patients, same pixels, alike pictures', () => leakage),
    ofJson(PATHS.duplicates, 'Cases with the same pixels, and cases that are alike', () => duplicates),
    streamed(PATHS.missingness, 'csv', 'How many cases lack an attribute', () =>
      csvRecords(
        ['attribute', 'missing', 'of'],
        missingness.map(({ attribute, missing, of }) => [words(attribute), missing, of]),
      ),
    ),
    ofJson(PATHS.reuse, 'How often cases were used by locked studies before, and the limit', () => reuseOf(view)),
    streamed(PATHS.access, 'csv', 'What went out of the study’s data, or was refused: from the ledger', () =>
      csvRecords(
        ['at', 'actor', 'action', 'what', 'outcome'],
        accesses.map(({ at, actor, action, what, outcome }) => [at, words(actor), action, words(what), words(outcome)]),
      ),
    ),
  ];
}

function reuseOf({ file, cases }: StudyView) {
  const used = Map.groupBy(cases, ({ item }) => item.timesUsedBefore);
  return {
    limit: file.dataset.useLimit,
    casesByTimesUsedBefore: [...used].sort(([a], [b]) => a - b).map(([times, members]) => ({ times, cases: members.length })),
    atTheLimit: cases.filter(({ item }) => item.timesUsedBefore + 1 >= file.dataset.useLimit).map(({ key }) => key),
  };
}
