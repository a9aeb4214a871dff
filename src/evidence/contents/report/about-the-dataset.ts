import { countText } from '../../figures/drawing/words.js';
import { PATHS } from '../study/paths.js';
import { sectionAddress, sectionNamed } from '../trace/trace-page.js';
import { ALL, COUNTED, DUPLICATES, FAILED, groupName, groupsOf, lacking, positiveGroup, usedBefore, withLabels } from '../trace/traces.js';
import { facts, link, list, notice, paragraph, section, subsection, table, type Block, type Words } from './block.js';
import { counted, type Told } from './told.js';
import { figureBlock } from './figure-block.js';

/** Which cases there are, how they came to be chosen, and what is missing or twice in them. */
export function aboutTheDataset(told: Told): Block[] {
  const { view, flow } = told;
  const { dataset } = view.file;
  const { sampling } = dataset.selection;
  return [
    section('dataset', 'Dataset'),
    facts(
      ['Dataset', `${dataset.name} (${dataset.purpose})`],
      ['Cases', counted(told, 'study', ALL)],
      [
        'Patients',
        [countText(view.file.analysis.result.counts.patients), ' (', link('in all cases', sectionAddress(told.traces.study, ALL)), ')'],
      ],
      ['Frozen', `${dataset.frozenAt}, by ${dataset.frozenBy.printedName}`],
      ['Manifest', [link('manifest.jsonl', PATHS.manifest), `, SHA-256 on record ${dataset.manifestSha256}`]],
      ['Query', dataset.selection.query],
      [
        'Sampling',
        sampling === null
          ? 'none: all that were found and not excluded'
          : `${sampling.size} by ${sampling.by.join(', ') || 'chance alone'}, seed ${sampling.seed}`,
      ],
    ),
    paragraph(
      'What was found or excluded before the freeze is no case of the study and has no key in this package; its counts are as the selection recorded them.',
    ),
    figureBlock(flow, '02-dataset'),
    subsection('composition', 'Who the cases are of'),
    ...table(
      'Cases by group',
      ['Attribute', 'Level', 'Cases', 'Positive'],
      groupsOf(view).map(([attribute, level]) => [
        attribute,
        level,
        counted(told, 'dataset', groupName(attribute, level)),
        counted(told, 'dataset', positiveGroup(attribute, level)),
      ]),
    ),
    subsection('missingness', 'What is missing'),
    ...table(
      'Missing values',
      ['Attribute', 'Missing', 'Of'],
      dataset.missingness.map(({ attribute, missing, of }) => [attribute, missingText(told, attribute, missing), allOf(told, of)]),
      'no attribute was looked at.',
    ),
    ...leakCheck(told),
    ...duplicatesFound(told),
    subsection('reuse', 'Use before'),
    ...table(
      `How many studies had used a case before (limit ${dataset.useLimit})`,
      ['Studies before', 'Cases'],
      [...new Set(view.cases.map(({ item }) => item.timesUsedBefore))]
        .sort((a, b) => a - b)
        .map((times) => [String(times), counted(told, 'dataset', usedBefore(times))]),
    ),
  ];
}

/** The number that was recorded, which leads to its cases where they can be found again; where these are more or fewer, both are told. */
function missingText({ traces }: Told, attribute: string, missing: number): Words {
  const found = sectionNamed(traces.dataset, lacking(attribute));
  if (found === undefined) return missing === 0 ? '0' : `${countText(missing)} (no attribute of the manifest: which cases is not kept)`;
  const to = sectionAddress(traces.dataset, found.name);
  if (found.places.length === missing) return link(countText(missing), to);
  return [`${countText(missing)} on record, `, link(countText(found.places.length), to), ' in the manifest'];
}

const allOf = ({ traces }: Told, of: number): Words => link(countText(of), sectionAddress(traces.dataset, ALL));

function leakCheck(told: Told): Block[] {
  const { leakage } = told.view.file.dataset;
  const clean = leakage.samePatients === 0 && leakage.samePixels === 0;
  return [
    subsection('leakage', 'Leak check against training'),
    ...table(
      'Compared with',
      ['Model', 'Version', 'Entries', 'SHA-256 of its manifest'],
      leakage.against.map(({ model, version, entries, sha256 }) => [model, version, countText(entries), sha256]),
      'no training manifest was there to compare with.',
    ),
    (clean ? paragraph : notice)(
      `${countText(leakage.checkedPatients)} patients and ${countText(leakage.checkedPixels)} pictures of `,
      link('all cases', sectionAddress(told.traces.dataset, ALL)),
      ` were compared: ${countText(leakage.samePatients)} patients and ${countText(leakage.samePixels)} pictures are also in training. Alike a training picture, and to be looked at: `,
      counted(told, 'dataset', DUPLICATES.training),
      '. (',
      link('leakage.json', PATHS.leakage),
      ')',
    ),
  ];
}

const duplicatesFound = (told: Told): Block[] => [
  subsection('duplicates', 'Duplicates'),
  paragraph(
    'Cases with the same pixels as another: ',
    counted(told, 'dataset', DUPLICATES.exact),
    '. Alike another: ',
    counted(told, 'dataset', DUPLICATES.alike),
    '. Pairs and groups: ',
    link('duplicates.json', PATHS.duplicates),
    '.',
  ),
];

/** How the truth of a case came to be. */
export function aboutTheTruth(told: Told): Block[] {
  const { view } = told;
  const { referenceStandard } = view.protocol.protocol;
  const { reference } = view.file;
  const labels = [...new Set(view.cases.map((one) => one.labels.length))].sort((a, b) => a - b);
  return [
    section('truth', 'Reference standard'),
    facts(
      ['Procedure', referenceStandard.procedure],
      ['Labels a case', `${referenceStandard.labelsPerCase} asked for; ${referenceStandard.adjudication}`],
      ['Frozen', `${reference.frozenAt}, by ${reference.frozenBy.printedName}, SHA-256 ${reference.sha256}`],
      ['Positive', counted(told, 'study', COUNTED.positives)],
      ['Negative', counted(told, 'study', COUNTED.negatives)],
      ['Labels differ', counted(told, 'study', COUNTED.differing)],
      ['Adjudicated', counted(told, 'study', COUNTED.adjudicated)],
      ['All labels', link('labels.csv', PATHS.labels)],
    ),
    list(labels.map((count) => [`${count} labels: `, counted(told, 'study', withLabels(count)), ' cases'])),
    section('answers', 'Answers of the model'),
    facts(
      ['Called positive', counted(told, 'study', COUNTED.calledPositive)],
      ['Called negative', counted(told, 'study', COUNTED.calledNegative)],
      ['No answer', [counted(told, 'study', FAILED), ' (', link('errors.csv', PATHS.errors), ')']],
    ),
  ];
}
