import type { ModelCard, ModelEvaluation } from '../inference/model-card.js';
import { PREPARATION } from './chest-features.js';
import { OPSET } from './chest-graph.js';

export const NAME = 'chest-pneumonia';
export const VERSION = '1';
const CITATION =
  'D. Kermany, K. Zhang, M. Goldbaum: Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for ' +
  'Classification. Mendeley Data V2, doi:10.17632/rscbjbr9sj.2; Kermany et al., Cell 172 (2018) 1122–1131.';

/** What training found out; the rest of the card is known beforehand. */
export interface ChestFindings {
  readonly sha256: string;
  readonly cases: number;
  readonly penalty: number;
  readonly operatingThreshold: number;
  readonly referralThreshold: number;
  readonly fullAttention: number;
  readonly calibration: string;
  readonly evaluation: readonly ModelEvaluation[];
}

export function chestCard(findings: ChestFindings): ModelCard {
  const { operatingThreshold, referralThreshold } = findings;
  return {
    name: NAME,
    version: VERSION,
    title: 'Pneumonia in frontal chest X-rays (demonstration)',
    manufacturer: 'wetread project',
    licence: 'Model: Apache-2.0. Trained on pictures under CC BY 4.0; attribution to Kermany, Zhang and Goldbaum (see training.citation).',
    sha256: findings.sha256,
    opset: OPSET,
    intendedUse:
      'Shows the way of a study through wetread, from the stored image to the preliminary report. Two classes: pneumonia or no evidence of it, on one frontal chest X-ray.',
    limitations: [
      'A demonstration; not for clinical use, neither alone nor beside a physician.',
      'Trained on children of 1 to 5 years of one hospital (Guangzhou); nothing is known of adults, other hospitals or other machines.',
      'Knows nothing but pneumonia: "no evidence of pneumonia" is not "no abnormality".',
      'A linear classifier on 16 × 16 cells: it depends on the position of the chest in the picture and on its shape (pictures are stretched to a square).',
      'Lateral views are refused where View Position names them; a view that is not named is taken for a frontal one.',
      'On the harder official test set it is clearly worse than on held-back training pictures: see evaluation.',
      'The features and the rule for the operating threshold were settled with the test figures in view: these may be somewhat optimistic.',
      `attention_map (16 × 16): what a cell adds to the logit of pneumonia against the mean training picture, where positive, divided by ${findings.fullAttention.toPrecision(4)} (99.5th percentile of such parts in training) and cut at 1. It shows what moved the classifier, not where disease is.`,
      'clinical_insights (64): the same parts, signed, in units of the logit, summed over 8 × 8 regions, row by row from the top left of the picture; with a constant they add up to the logit.',
    ],
    notForClinicalUse: true,
    input: {
      modalities: ['CR', 'DX'],
      sopClassUIDs: [
        '1.2.840.10008.5.1.4.1.1.1', // Computed Radiography
        '1.2.840.10008.5.1.4.1.1.1.1', // Digital X-Ray, for presentation
        '1.2.840.10008.5.1.4.1.1.1.1.1', // Digital X-Ray, for processing
        '1.2.840.10008.5.1.4.1.1.7', // Secondary Capture: how archives of older X-rays come
      ],
      photometricInterpretations: ['MONOCHROME1', 'MONOCHROME2'],
      bodyParts: ['CHEST', 'THORAX', 'LUNG'],
      viewPositions: ['PA', 'AP'],
      maximumFrames: 1,
      required: ['Modality', 'BodyPartExamined'], // without it, a hand would be read for pneumonia
    },
    preparation: PREPARATION,
    activation: 'softmax',
    classes: [
      {
        label: 'No evidence of pneumonia',
        kind: 'absence',
        // No terminology has it: "no abnormality" would say more than the model knows.
        code: {
          system: 'urn:wetread:codesystem:class',
          scheme: '99WETREAD',
          code: 'no-pneumonia-found',
          display: 'No pneumonia found by the model',
        },
        operatingThreshold: round(1 - operatingThreshold),
        referralThreshold: round(1 - operatingThreshold),
      },
      {
        label: 'Pneumonia',
        kind: 'finding',
        code: { system: 'http://snomed.info/sct', scheme: 'SCT', code: '233604007', display: 'Pneumonia' },
        operatingThreshold,
        referralThreshold,
      },
    ],
    calibration: findings.calibration,
    training: {
      dataset: 'Chest X-ray pneumonia (Kermany 2018), 224 × 224',
      citation: CITATION,
      licence: 'CC BY 4.0',
      split: 'the train part of a split by patient; val and test share no patient with it',
      cases: findings.cases,
      method: `Logistic regression with L2 penalty ${findings.penalty} on mean grey and four mean edge strengths of 16 × 16 cells; penalty: the strongest whose AUC on val is within one standard error of the best. No chance is involved: npm run train -- ${NAME} gives the same bytes.`,
    },
    evaluation: findings.evaluation,
  };
}

/** Four digits are more than the test set can tell apart. */
export const round = (value: number): number => Math.round(value * 1e4) / 1e4;
