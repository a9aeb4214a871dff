import type { PayloadFile } from '../../package/evidence-package.js';
import { PATHS } from '../study/paths.js';
import { modelCardOf } from '../study/records.js';
import type { StudyView } from '../study/study-view.js';
import { ofJson } from '../written/payload.js';
import { STARD_TOPICS, type AnswerKey } from './stard-topics.js';

interface Answer {
  readonly where: string;
  readonly text: string;
}

/** 11-checklists: what the study's data answer of STARD-AI; the rest says that it is not answered. */
export const checklistFiles = (view: StudyView): PayloadFile[] => [
  ofJson(PATHS.stardAi, 'STARD-AI: items that the data answer, and those that they do not', () => {
    const answers = answersOf(view);
    return {
      basis:
        'Topics in our words, by the numbers of STARD 2015; those without a number are of what STARD-AI (2025) adds for artificial intelligence. Nothing here was written by the authors of a report: it says what the study’s records hold.',
      items: STARD_TOPICS.map(({ number, topic, answer }) => {
        const given = answer === null ? undefined : answers[answer];
        return { number, topic, answered: given !== undefined, ...(given ?? { text: 'Not answered from the study’s data.' }) };
      }),
    };
  }),
];

function answersOf({ file, protocol }: StudyView): Partial<Record<AnswerKey, Answer>> {
  const { population, referenceStandard, reading, plan, sampleSize, variables, hypotheses, question } = protocol.protocol;
  const { counts } = file.analysis.result;
  const { dataset } = file;
  const readersSaid = `${counts.readers} readers, of whom ${file.members.filter(({ simulated }) => simulated).length} simulated; design ${reading.design}`;
  return {
    title: { where: PATHS.report, text: file.title },
    objectives: { where: PATHS.protocol, text: [question, ...hypotheses].join(' ') },
    ...(protocol.protocol.intendedUse === null
      ? {}
      : { intendedUse: { where: PATHS.records, text: 'The intended use is a record, referred to by its hash.' } }),
    eligibility: {
      where: PATHS.protocol,
      text: [...population.inclusion, ...population.exclusion.map((one) => `not: ${one}`)].join('; ') || population.description,
    },
    identified: { where: '02-dataset/dataset.json', text: dataset.selection.query },
    series: {
      where: '02-dataset/dataset.json',
      text:
        dataset.selection.sampling === null
          ? 'All that were found and not excluded'
          : `Seeded sample of ${dataset.selection.sampling.size}`,
    },
    indexTest: { where: PATHS.release, text: `${file.run.modelName}, version ${file.run.modelVersion}, ${file.run.onnxSha256}` },
    reference: { where: PATHS.procedure, text: referenceStandard.procedure },
    threshold: { where: PATHS.plan, text: `Positive from ${plan.threshold} on, fixed in the protocol` },
    blinding: {
      where: '01-protocol/steps.csv',
      text: 'The server gives no result before unblinding; steps and their checks are on record.',
    },
    methods: { where: PATHS.plan, text: `${plan.endpoints.length} planned endpoints` },
    indeterminate: { where: PATHS.protocol, text: protocol.protocol.equivocalRule },
    missing: { where: PATHS.protocol, text: protocol.protocol.missingRule },
    variability: {
      where: PATHS.plan,
      text: `Variables: ${[...variables.binary, ...variables.category, ...variables.number].join(', ') || 'none'}`,
    },
    sampleSize: { where: PATHS.sampleSize, text: `${sampleSize.method}: ${sampleSize.reason}` },
    flow: { where: PATHS.flow, text: `${dataset.selection.found} found, ${counts.cases} analysed` },
    baseline: { where: PATHS.subgroups, text: 'Cases by site, manufacturer, model, sex, age and stratum' },
    crossTabulation: { where: PATHS.results, text: `${counts.cases} cases, ${counts.positives} positive` },
    accuracy: { where: PATHS.resultsTable, text: 'Estimates with their intervals' },
    protocol: { where: PATHS.protocol, text: `Version ${protocol.version}, SHA-256 ${protocol.sha256}` },
    version: { where: PATHS.modelHash, text: file.run.onnxSha256 },
    ...(modelCardOf(file) === undefined ? {} : { modelCard: { where: PATHS.modelCard, text: 'The model card is a record.' } }),
    leakage: {
      where: PATHS.leakage,
      text: `${dataset.leakage.samePatients} patients and ${dataset.leakage.samePixels} pictures shared with ${dataset.leakage.against.length} training manifests`,
    },
    failures: { where: PATHS.errors, text: `${counts.failures} cases without an answer: ${plan.failures}` },
    humans: { where: PATHS.readers, text: readersSaid },
    subgroups: {
      where: PATHS.resultsTable,
      text: plan.endpoints.some(({ kind }) => kind === 'subgroups') ? 'Planned subgroups' : 'None are planned',
    },
    hardware: { where: PATHS.run, text: file.run.provider },
  };
}
