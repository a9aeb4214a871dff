import type { PackageContents, PayloadFile } from '../package/evidence-package.js';
import { checklistFiles } from './checklists/stard-ai.js';
import { deviceFiles } from './device/device-files.js';
import { fhirFiles } from './fhir/fhir-files.js';
import { figureFiles } from './figures/figure-files.js';
import { flowFigure } from './figures/flow-figure.js';
import { studyFigures } from './figures/study-figures.js';
import { protocolFiles } from './protocol/protocol-files.js';
import type { Block } from './report/block.js';
import { htmlReport } from './report/html-report.js';
import { pdfReport } from './report/pdf-report.js';
import { reportBlocks } from './report/report.js';
import type { Told } from './report/told.js';
import { caseTableFiles } from './statistics/case-table.js';
import { resultFiles } from './statistics/result-files.js';
import type { StudyFile } from './study-file.js';
import { crateFacts, infoLines } from './study-facts.js';
import { endpointViews } from './study/endpoint-view.js';
import { PATHS } from './study/paths.js';
import { studyView } from './study/study-view.js';
import { datasetFiles } from './tables/dataset-files.js';
import { studyTableFiles } from './tables/study-tables-files.js';
import { casePageFiles } from './trace/case-pages.js';
import { matrixFiles } from './trace/matrix.js';
import { tracePageFiles } from './trace/trace-pages.js';
import { tracesOf } from './trace/traces.js';
import { MEDIA, streamed } from './written/payload.js';

export interface ContentsOptions {
  /** package-lock.json of the software that made the study: what the SBOM is made of. */
  readonly lockText: string;
  /** Terms of use of the package: an SPDX licence or a text of one's own, with its URI. */
  readonly license: { readonly id: string; readonly name: string };
  /** Files from elsewhere, the extract of the ledger say (10-audit). */
  readonly more?: readonly PayloadFile[];
}

/**
 * What a study's evidence package is made of, but for the verifier (evidence.md 3.1): the same file gives the same bytes. Files are made as
 * they are read; what of the study cannot be told in one story fails here, before.
 * @throws StudyFileContradictory, TablesDisagree
 */
export function studyContents(file: StudyFile, options: ContentsOptions): Omit<PackageContents, 'verifier'> {
  const view = studyView(file);
  const endpoints = endpointViews(view);
  const flow = flowFigure(view);
  const told: Told = { view, endpoints, traces: tracesOf(view, endpoints), figures: studyFigures(view), flow };
  const blocks = reportBlocks(told);
  return {
    identifier: file.identifier,
    date: file.date,
    info: infoLines(file),
    facts: crateFacts(view, options.license),
    files: [
      streamed(PATHS.report, 'html', 'The report: to be read first', () => htmlReport(file.title, blocks)),
      pdfFile(file, blocks),
      ...protocolFiles(view),
      ...datasetFiles(view, flow),
      ...studyTableFiles(view),
      ...deviceFiles(view, endpoints, options.lockText),
      ...resultFiles(told),
      ...caseTableFiles(view),
      ...figureFiles(told.figures),
      ...matrixFiles(told),
      ...checklistFiles(view),
      ...fhirFiles(view, endpoints),
      ...tracePageFiles(view, told.traces),
      ...casePageFiles(view),
      ...(options.more ?? []),
    ],
  };
}

/** Made once, though a package reads each file twice: it is small, and a second's work. */
function pdfFile(file: StudyFile, blocks: readonly Block[]): PayloadFile {
  let made: Promise<Uint8Array[]> | undefined;
  return {
    path: PATHS.reportPdf,
    encodingFormat: MEDIA.pdf,
    description: 'The report as PDF',
    open: async function* () {
      yield* await (made ??= pdfReport(file, blocks));
    },
  };
}
