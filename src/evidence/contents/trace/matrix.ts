import type { PayloadFile } from '../../package/evidence-package.js';
import { anchorOf, decisionsOf, rankOf } from '../report/about-the-results.js';
import { link, paragraph, table, type Words } from '../report/block.js';
import { htmlReport } from '../report/html-report.js';
import { estimateText } from '../report/number-text.js';
import type { Told } from '../report/told.js';
import type { EndpointView } from '../study/endpoint-view.js';
import { PATHS } from '../study/paths.js';
import { csvRecords, words, type Cell } from '../written/csv.js';
import { streamed } from '../written/payload.js';
import { endpointAddress } from './traces.js';

/** 09-trace: from the question by hypothesis, endpoint and result to the cases and to who signed. */
export const matrixFiles = (told: Told): PayloadFile[] => [
  streamed(PATHS.matrix, 'csv', 'Question, hypothesis, endpoint, result, cases, signatures: a row an endpoint', () =>
    csvRecords(
      [
        'question',
        'hypothesis',
        'endpoint',
        'rank',
        'kind',
        'result',
        'decision',
        'protocol_sha256',
        'analysis_sha256',
        'cases',
        'trace',
        'signatures',
      ],
      told.endpoints.map((one) => matrixRow(told, one)),
    ),
  ),
  streamed(PATHS.matrixPage, 'html', 'The same matrix, with links', () => {
    const { file, protocol } = told.view;
    return htmlReport(
      `Traceability – ${file.title}`,
      [
        paragraph(link('Report', PATHS.report)),
        paragraph(`Question: ${protocol.protocol.question}`),
        ...table(
          'From the question to the signatures',
          ['Hypothesis', 'Endpoint', 'Rank', 'Result', 'Decision', 'Cases', 'Signatures of the protocol and the analysis'],
          told.endpoints.map((one): Words[] => [
            one.purpose?.hypothesis ?? 'none in the protocol',
            link(
              one.result.repeats === undefined ? one.result.id : `${one.result.id} of ${one.result.repeats}`,
              `${PATHS.report}#${anchorOf(one)}`,
            ),
            rankOf(one),
            link(resultText(one), endpointAddress(told.traces, one.place)),
            decisionsOf(one),
            link(String(one.result.trace.cases.length), endpointAddress(told.traces, one.place)),
            signers(told).map(({ text }, i) => [i === 0 ? '' : '; ', link(text, `${PATHS.report}#signatures`)]),
          ]),
        ),
      ],
      '../',
    );
  }),
];

function resultText({ measures, refused }: EndpointView): string {
  if (refused !== null) return `no number: ${refused.error}`;
  const [first] = measures;
  return first === undefined ? 'no number' : `${first.name} ${estimateText(first.estimate)}`;
}

/** Signatures of what an endpoint stands on: the protocol in force, and the analysis. */
const signers = ({ view: { file, protocol } }: Told): { id: string; text: string }[] =>
  file.signatures
    .filter(({ recordSha256 }) => recordSha256 === protocol.sha256 || recordSha256 === file.analysis.sha256)
    .map(({ id, signer, meaning, signedAt }) => ({ id, text: `${signer.printedName}, ${meaning}, ${signedAt}` }));

function matrixRow(told: Told, one: EndpointView): Cell[] {
  const { file, protocol } = told.view;
  return [
    words(protocol.protocol.question),
    words(one.purpose?.hypothesis ?? ''),
    words(one.result.id),
    rankOf(one),
    one.result.kind,
    words(resultText(one)),
    decisionsOf(one),
    protocol.sha256,
    file.analysis.sha256,
    one.result.trace.cases.length,
    told.traces.endpoints[one.place].path,
    words(
      signers(told)
        .map(({ id, text }) => `${id}: ${text}`)
        .join('; '),
    ),
  ];
}
