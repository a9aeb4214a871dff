/** What the study's data can answer. */
export type AnswerKey =
  | 'title'
  | 'objectives'
  | 'intendedUse'
  | 'eligibility'
  | 'identified'
  | 'series'
  | 'indexTest'
  | 'reference'
  | 'threshold'
  | 'blinding'
  | 'methods'
  | 'indeterminate'
  | 'missing'
  | 'variability'
  | 'sampleSize'
  | 'flow'
  | 'baseline'
  | 'crossTabulation'
  | 'accuracy'
  | 'protocol'
  | 'version'
  | 'modelCard'
  | 'leakage'
  | 'failures'
  | 'humans'
  | 'subgroups'
  | 'hardware';

export interface StardTopic {
  /** Of STARD 2015; null: what STARD-AI adds. */
  readonly number: string | null;
  readonly topic: string;
  /** Null: only its authors can say it. */
  readonly answer: AnswerKey | null;
}

const topic = (number: string | null, text: string, answer: AnswerKey | null): StardTopic => ({ number, topic: text, answer });

/** Bossuyt et al., STARD 2015, and Sounderajah et al., STARD-AI 2025, in our words. */
export const STARD_TOPICS: readonly StardTopic[] = [
  topic('1', 'Named as a study of diagnostic accuracy', 'title'),
  topic('2', 'Structured summary', null),
  topic('3', 'Background, intended use and role of the index test', 'intendedUse'),
  topic('4', 'Objectives and hypotheses', 'objectives'),
  topic('5', 'Whether data were collected before or after the tests were done', null),
  topic('6', 'Who was eligible', 'eligibility'),
  topic('7', 'On what basis they were identified', 'identified'),
  topic('8', 'Where and when they were identified', null),
  topic('9', 'Consecutive, random or convenience series', 'series'),
  topic('10a', 'Index test, so that it can be done again', 'indexTest'),
  topic('10b', 'Reference standard, so that it can be done again', 'reference'),
  topic('11', 'Why this reference standard', null),
  topic('12a', 'Thresholds of the index test, and whether they were fixed before', 'threshold'),
  topic('12b', 'Thresholds of the reference standard', null),
  topic('13a', 'What those who did the index test knew of the reference', 'blinding'),
  topic('13b', 'What those who assessed the reference knew of the index test', null),
  topic('14', 'Methods of estimating and comparing accuracy', 'methods'),
  topic('15', 'How indeterminate results were handled', 'indeterminate'),
  topic('16', 'How missing data were handled', 'missing'),
  topic('17', 'Analyses of variability, planned or not', 'variability'),
  topic('18', 'Intended sample size and how it was found', 'sampleSize'),
  topic('19', 'Flow of participants', 'flow'),
  topic('20', 'Baseline characteristics', 'baseline'),
  topic('21a', 'Distribution of severity of the condition', null),
  topic('21b', 'Distribution of other diagnoses', null),
  topic('22', 'Time and treatment between index test and reference', null),
  topic('23', 'Index test against reference standard, as counts', 'crossTabulation'),
  topic('24', 'Estimates of accuracy with their precision', 'accuracy'),
  topic('25', 'Harm from either test', null),
  topic('26', 'Limits of the study', null),
  topic('27', 'What it means for practice', null),
  topic('28', 'Registration', null),
  topic('29', 'Where the protocol is', 'protocol'),
  topic('30', 'Funding', null),
  topic(null, 'Version of the model, by its bytes', 'version'),
  topic(null, 'How the model was trained and on what', 'modelCard'),
  topic(null, 'Overlap of test and training data', 'leakage'),
  topic(null, 'Cases that the model could not answer', 'failures'),
  topic(null, 'Who used the model’s output, and their expertise', 'humans'),
  topic(null, 'Accuracy by group, bias and fairness', 'subgroups'),
  topic(null, 'Hardware and software that the model ran on', 'hardware'),
  topic(null, 'Whether the code and the data can be had', null),
  topic(null, 'Commercial interests in the model', null),
];
