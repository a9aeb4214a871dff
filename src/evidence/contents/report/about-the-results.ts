import { levelText } from '../../figures/drawing/words.js';
import type { EndpointView } from '../study/endpoint-view.js';
import type { Measure } from '../study/measure.js';
import { PATHS } from '../study/paths.js';
import { ALL, COUNTED, FAILED, endpointAddress } from '../trace/traces.js';
import { facts, link, notice, paragraph, section, subsection, table, type Block, type Words } from './block.js';
import { figureBlock } from './figure-block.js';
import { estimateText, limitsText, pText } from './number-text.js';
import { counted, type Told } from './told.js';

/** Every endpoint: its numbers, or the coded reason why it has none. */
export function aboutTheResults(told: Told): Block[] {
  const { view, endpoints } = told;
  const { analysis } = view.file;
  return [
    section('results', 'Results'),
    facts(
      ['Analysis', `number ${analysis.number}, ${analysis.at}, by ${analysis.by.printedName}`],
      [
        'All digits',
        [link('results.json', PATHS.results), `, SHA-256 ${analysis.sha256}; as a table: `, link('results.csv', PATHS.resultsTable)],
      ],
      ['Cases', counted(told, 'study', ALL)],
      ['Positive', counted(told, 'study', COUNTED.positives)],
      ['Without an answer of the model', counted(told, 'study', FAILED)],
      ['Read by readers', counted(told, 'study', COUNTED.read)],
    ),
    ...summary(told),
    paragraph('Each number leads to the cases that it was computed from, and from there to each case.'),
    ...endpoints.flatMap((one) => endpointBlocks(told, one)),
    section('figures', 'Figures'),
    ...told.figures.map((figure) => figureBlock(figure, '08-figures')),
  ];
}

/** The first number of each endpoint, and what follows from it. */
function summary(told: Told): Block[] {
  return table(
    'All endpoints',
    ['Endpoint', 'Rank', 'What', 'Estimate', 'Interval', 'p', 'Decision'],
    told.endpoints.map((one): Words[] => {
      const [first] = one.measures;
      const name = [link(nameOf(one), `${PATHS.report}#${anchorOf(one)}`), simulatedMark(told, one)];
      if (first === undefined) return [name, rankOf(one), one.result.kind, refusedWords(told, one), '', '', 'none: there is no number'];
      const to = endpointAddress(told.traces, one.place);
      const [limits] = first.limits;
      return [
        name,
        rankOf(one),
        first.name,
        link(estimateText(first.estimate), to),
        limits === undefined ? '' : link(limitsText(limits.interval), to),
        first.test === null ? '' : first.test.p === null ? 'none' : link(pText(first.test.p), to),
        decisionsOf(one),
      ];
    }),
  );
}

const nameOf = ({ result }: EndpointView): string => (result.repeats === undefined ? result.id : `${result.id} of ${result.repeats}`);
export const anchorOf = ({ place }: EndpointView): string => `endpoint-${place + 1}`;
export const rankOf = ({ purpose }: EndpointView): string => purpose?.rank ?? 'without a rank in the protocol';

/** All that was decided of an endpoint's tests. */
export const decisionsOf = ({ measures }: EndpointView): string =>
  [...new Set(measures.map(({ test }) => test?.decision ?? '').filter(Boolean))].join('; ') || 'none: no test is planned';

/** Endpoints in which readers have a part that are no people. */
function simulatedMark({ view }: Told, { result }: EndpointView): string {
  const simulated = view.file.members.some(({ key, simulated: is }) => is && view.data.readers.includes(key));
  const ofReaders = ['against-readers', 'aided-readers', 'reader-agreement'].includes(result.kind);
  return simulated && ofReaders ? ' (simulated readers)' : '';
}

const refusedWords = ({ traces }: Told, { place, refused }: EndpointView): Words =>
  link(refused === null ? 'no number' : `no number: ${refused.error}`, endpointAddress(traces, place));

function endpointBlocks(told: Told, one: EndpointView): Block[] {
  const { purpose, result, refused, measures } = one;
  const { conf } = told.view.protocol.protocol.plan;
  return [
    subsection(anchorOf(one), `${nameOf(one)}: ${result.kind}${simulatedMark(told, one)}`),
    facts(
      ['Rank', rankOf(one)],
      ['Hypothesis', purpose?.hypothesis ?? 'none in the protocol'],
      ['Success criterion', purpose?.successCriterion ?? 'none in the protocol'],
      ['Decision', decisionsOf(one)],
      ['Cases without an answer', result.failures === 'worst-case' ? 'count as the worst case' : 'are left out'],
      ['Cases', link(String(result.trace.cases.length), endpointAddress(told.traces, one.place))],
    ),
    ...(refused === null
      ? table(
          `Numbers of ${nameOf(one)}`,
          ['Measure', 'Estimate', `Interval (${levelText(conf)})`, 'Test', 'p', 'Decision', 'Cases', 'Note'],
          measures.map((row) => measureRow(told, one, row)),
        )
      : [notice(`No number: ${refused.message} (`, link(refused.error, endpointAddress(told.traces, one.place)), ')')]),
  ];
}

function measureRow(told: Told, { place, result }: EndpointView, row: Measure): Words[] {
  const all = endpointAddress(told.traces, place);
  const to = row.parts.length === 1 ? endpointAddress(told.traces, place, row.parts[0]) : all;
  return [
    row.name,
    link(estimateText(row.estimate), to),
    row.limits.map(({ method, interval }, i) => [i === 0 ? '' : '; ', link(limitsText(interval), to), ` (${method})`]),
    row.test?.name ?? '',
    row.test === null ? '' : row.test.p === null ? 'none' : link(pText(row.test.p), to),
    row.test?.decision ?? '',
    row.parts.length === 0
      ? link(`all ${result.trace.cases.length}`, all)
      : row.parts.map((part, i) => [
          i === 0 ? '' : ', ',
          link(`${part} ${result.trace.parts[part]?.length ?? 0}`, endpointAddress(told.traces, place, part)),
        ]),
    row.note,
  ];
}
