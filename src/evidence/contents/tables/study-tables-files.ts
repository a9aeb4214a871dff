import type { PayloadFile } from '../../package/evidence-package.js';
import { PATHS } from '../study/paths.js';
import type { CaseView, StudyView } from '../study/study-view.js';
import { csvRecords, words, type Cell } from '../written/csv.js';
import { ofJson, streamed } from '../written/payload.js';

/**
 * 03-reference, 04-readers and 05-predictions: the three tables that the analysis is computed from again (analysis/csv-tables), with what
 * belongs to each row behind the columns that are read. Keys and values in those columns stand as they are, since they are computed with.
 */
export const studyTableFiles = (view: StudyView): PayloadFile[] => [
  ...referenceFiles(view),
  ...readerFiles(view),
  ...predictionFiles(view),
];

function referenceFiles({ file, cases, protocol }: StudyView): PayloadFile[] {
  const { binary, category, number } = protocol.protocol.variables;
  return [
    streamed(PATHS.cases, 'csv', 'The cases with their frozen truth and the variables of the protocol', () =>
      csvRecords(
        ['case_id', 'patient_id', 'truth', ...binary, ...category, ...number],
        file.tables.cases.map((row): Cell[] => [
          row.caseId,
          row.patientId,
          row.truth,
          ...binary.map((name) => row.binary[name] ?? null),
          ...category.map((name) => row.category[name] ?? null),
          ...number.map((name) => row.number[name] ?? null),
        ]),
      ),
    ),
    streamed(PATHS.labels, 'csv', 'Every label that was given of a case’s truth', () =>
      csvRecords(
        ['case_id', 'by', 'method', 'label', 'at', 'adjudicates', 'source'],
        cases
          .flatMap(({ labels }) => labels)
          .map((one) => [one.caseKey, words(one.by), words(one.method), one.label, one.at, one.adjudicates ? 1 : 0, words(one.source)]),
      ),
    ),
    ofJson(PATHS.procedure, 'How the truth of a case came to be, and when it was frozen', () => ({
      ...protocol.protocol.referenceStandard,
      frozen: file.reference,
    })),
  ];
}

function readerFiles({ file, memberByKey }: StudyView): PayloadFile[] {
  const simulated = (key: string): Cell => (memberByKey.get(key)?.simulated === true ? 'yes' : 'no');
  const told = new Map(file.readings.map((one) => [keyOf(one.arm, one.reader, one.caseKey), one]));
  return [
    streamed(PATHS.readers, 'csv', 'Who takes part: role, qualification, and whether it is a person', () =>
      csvRecords(
        ['reader_id', 'simulated', 'role', 'qualification', 'granted_at', 'granted_by'],
        file.members.map((one) => [
          one.key,
          one.simulated ? 'yes' : 'no',
          words(one.role),
          words(one.qualification),
          one.grantedAt,
          one.grantedBy.id,
        ]),
      ),
    ),
    streamed(PATHS.assignments, 'csv', 'Who was to read which case, in which arm, session and place of the order', () =>
      csvRecords(
        ['reader_id', 'simulated', 'arm', 'session', 'place', 'case_id'],
        (function* () {
          for (const one of file.assignments) yield [one.reader, simulated(one.reader), one.arm, one.session, one.place, one.caseKey];
        })(),
      ),
    ),
    streamed(PATHS.readings, 'csv', 'Every reading: rating, clinical action, times, and whether it is of a simulated reader', () =>
      csvRecords(
        [
          'reader_id',
          'case_id',
          'arm',
          'rating',
          'clinical_action',
          'status',
          'opened_at',
          'submitted_at',
          'seconds',
          'simulated',
          'source',
        ],
        (function* () {
          for (const { arm, readerId, caseId } of file.tables.readings) {
            const one = told.get(keyOf(arm, readerId, caseId))!;
            yield [
              readerId,
              caseId,
              arm,
              one.rating,
              one.clinicalAction,
              one.status,
              one.openedAt,
              one.submittedAt,
              one.seconds,
              simulated(readerId),
              words(one.source),
            ];
          }
        })(),
      ),
    ),
  ];
}

const keyOf = (arm: string, reader: string, caseKey: string): string => JSON.stringify([arm, reader, caseKey]);

function predictionFiles({ file, cases }: StudyView): PayloadFile[] {
  const { predictions: _, ...run } = file.run;
  const failed = cases.filter(({ called }) => called === null);
  return [
    ofJson(PATHS.run, 'The run: model, software, provider, times, and how many cases it could not answer', () => run),
    streamed(PATHS.predictions, 'csv', 'The model’s answer to every case, or why there is none', () =>
      csvRecords(
        ['case_id', 'score', 'error', 'called', 'output_sha256', 'milliseconds', 'ledger_seq'],
        (function* () {
          for (const one of cases) yield predictionRow(one);
        })(),
      ),
    ),
    streamed(PATHS.errors, 'csv', 'The cases that the model gave no answer for', () =>
      csvRecords(
        ['case_id', 'error', 'ledger_seq'],
        failed.map(({ key, prediction }) => [key, words(prediction.error), prediction.ledgerSeq]),
      ),
    ),
  ];
}

const predictionRow = ({ key, prediction, called }: CaseView): Cell[] => [
  key,
  prediction.score,
  prediction.score === null ? words(prediction.error) : '',
  called,
  prediction.outputSha256,
  prediction.milliseconds,
  prediction.ledgerSeq,
];
