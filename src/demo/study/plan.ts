import type { Protocol, RecordReference } from '../../evidence/studies/protocol.js';

/** What the demonstration's protocol is made with. */
export interface Planned {
  readonly intendedUse: RecordReference;
  readonly model: Protocol['model'];
  readonly dataset: { readonly id: string; readonly manifestSha256: string };
  /** The card's own operating point. */
  readonly threshold: number;
  readonly cases: number;
  /** Cases that readers read. */
  readonly read: number;
  readonly words: string;
}

/** What the bundled chest model is for, for the regulatory file. */
export const INTENDED_USE = {
  purpose:
    'Says whether a frontal chest radiograph of a child shows pneumonia, beside a physician who looks at it. For demonstration; not for clinical use.',
  population: 'Children of 1 to 5 years',
  user: 'Physicians who read chest radiographs of children',
  environment: 'Hospital, beside the ordinary reading',
  modality: ['CR', 'DX'],
  bodyPart: ['CHEST'],
  indications: ['Suspected pneumonia'],
  contraindications: ['Adults'],
  limits: ['Not for clinical use, neither alone nor beside a physician.', 'Trained on pictures of one hospital.'],
};

/** The protocol of the demonstration. */
export const demoProtocol = ({ intendedUse, model, dataset, threshold, cases, read, words }: Planned): Protocol => ({
  title: 'Demonstration: pneumonia in chest radiographs of children',
  question: 'How well does the bundled model tell pneumonia from none, and do readers gain by it?',
  hypotheses: ['The AUC of the model is above 0.80.', 'Readers with the model have a higher AUC than without.'],
  intendedUse,
  model,
  population: {
    description: words,
    inclusion: ['every image of the modality in the archive of the demonstration'],
    exclusion: ['what the model does not read'],
    dataset,
  },
  referenceStandard: { procedure: 'The label of the collection, brought as a table', labelsPerCase: 1, adjudication: 'majority' },
  reading: {
    design: 'sequential',
    readers: 3,
    washOutDays: 0,
    cases: read,
    ratingScale: [1, 10],
    instructions: '1: surely no pneumonia, 10: surely pneumonia. Clinical action: would treat.',
    qualification: 'None: the readers are programs, and said to be.',
  },
  variables: { binary: [], category: ['origin'], number: [] },
  plan: {
    threshold,
    scoreRange: [0, 1],
    conf: 0.95,
    alphaOneSided: 0.025,
    failures: 'worst-case',
    minSubgroupN: 10,
    endpoints: [
      { id: 'P1', kind: 'auc' },
      { id: 'P2', kind: 'aided-readers', measure: 'auc', covariance: 'delong' },
      { id: 'S1', kind: 'accuracy' },
      { id: 'S2', kind: 'clustered-auc' },
      { id: 'S3', kind: 'against-readers', measure: 'auc', margin: 0.05 },
      { id: 'S4', kind: 'subgroups', measure: 'sensitivity', factors: [{ name: 'origin', column: 'origin' }], adjustment: 'holm' },
      { id: 'S5', kind: 'calibration', bins: 10, hlGroups: 10 },
      { id: 'S6', kind: 'reader-agreement', arm: 'unaided' },
      { id: 'X1', kind: 'repeat', of: ['P1'], failures: 'excluded' },
    ],
  },
  endpoints: [
    { id: 'P1', rank: 'primary', hypothesis: 'The AUC of the model is above 0.80.', successCriterion: 'lower limit above 0.80' },
    { id: 'P2', rank: 'primary', hypothesis: 'Readers gain by the model.', successCriterion: 'p below 0.05, difference above 0' },
    ...['S1', 'S2', 'S3', 'S4', 'S5', 'S6'].map((id) => ({
      id,
      rank: 'secondary' as const,
      hypothesis: 'none',
      successCriterion: 'none: it is reported',
    })),
    { id: 'X1', rank: 'exploratory', hypothesis: 'none', successCriterion: 'none: it is reported' },
  ],
  multiplicity: 'Both primary endpoints must be met: no adjustment is needed for both.',
  missingRule: 'A case that the model fails on counts as the worst case; once more without it as X1.',
  equivocalRule: 'There are no equivocal labels.',
  sampleSize: { method: 'stated', inputs: {}, result: { cases }, reason: 'All cases that the demonstration has.' },
  seed: 20_261_128,
});
