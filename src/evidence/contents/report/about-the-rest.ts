import { PATHS } from '../study/paths.js';
import { modelCardOf } from '../study/records.js';
import { afterUnblinding } from './about-the-protocol.js';
import { link, list, notice, paragraph, section, table, type Block } from './block.js';
import type { Told } from './told.js';

/** What was not done as planned, and what was thought of when results could be seen. */
export function aboutTheDeviations({ view, endpoints }: Told): Block[] {
  const { file } = view;
  const unranked = endpoints.filter(({ purpose, result }) => purpose === null && result.repeats === undefined);
  const late = file.protocols.filter(({ at }) => afterUnblinding(file, at));
  return [
    section('deviations', 'Deviations and what came after'),
    ...table(
      'Deviations',
      ['Number', 'Kind', 'When', 'By', 'What'],
      file.deviations.map(({ number, at, by, kind, description }) => [
        String(number),
        kind === 'post-hoc' || afterUnblinding(file, at) ? `${kind}, after results could be seen` : kind,
        at,
        by.printedName,
        description,
      ]),
      'none is on record.',
    ),
    ...(late.length === 0
      ? []
      : [
          notice(
            `Versions of the protocol that came after unblinding: ${late.map(({ version }) => version).join(', ')}. What they add is post hoc.`,
          ),
        ]),
    ...(unranked.length === 0
      ? []
      : [
          paragraph(
            `Computed by the plan without a rank in the protocol, and no evidence of its hypotheses: ${unranked.map(({ result }) => result.id).join(', ')}.`,
          ),
        ]),
  ];
}

/** What else is in the package, and how it is checked. */
export function aboutThePackage({ view }: Told): Block[] {
  const refused = view.file.accesses.filter(({ outcome }) => outcome !== 'success').length;
  return [
    section('package', 'What else is here'),
    list([
      [link('Traceability: question to signatures', PATHS.matrixPage), ' (', link('matrix.csv', PATHS.matrix), ')'],
      [link('Every table of numbers on one page', PATHS.tables)],
      [
        link('Every case', 'cases.html'),
        ', and in one table: ',
        link('cases.csv', PATHS.caseTable),
        ', ',
        link('cases.parquet', PATHS.caseParquet),
      ],
      [
        link('Records of the regulatory file', PATHS.records),
        ...(modelCardOf(view.file) === undefined ? [] : [', ', link('model card', PATHS.modelCard)]),
        ', ',
        link('parts of the software (SBOM)', PATHS.sbom),
      ],
      [link('STARD-AI', PATHS.stardAi), ': which items this study’s data answer, and which they do not'],
      [link('The study as FHIR R4', PATHS.fhir)],
      [link('This report as PDF', PATHS.reportPdf)],
      [
        link('Who was given what of the study’s data, or refused it', PATHS.access),
        `: ${view.file.accesses.length} entries, ${refused} of them not success`,
      ],
    ]),
    paragraph('How the package is checked without us: VERIFY.md beside the folder data.'),
  ];
}
