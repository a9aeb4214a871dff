import type { ConfusionMetrics } from '../../statistics/proportions/confusion-metrics.js';
import type { Proportion } from '../../statistics/proportions/proportion.js';
import type { Calibration } from '../../statistics/calibration/calibration.js';
import type { CohenKappa } from '../../statistics/agreement/cohen-kappa.js';
import type { ClusteredAuc } from '../../statistics/roc/clustered-auc.js';
import type { RocAuc } from '../../statistics/roc/roc-auc.js';
import type { PairedAccuracy } from '../../analysis/endpoints/accuracy.js';
import type { PairedAccuracyEndpoint } from '../../analysis/plan.js';
import { flagged, measure, type Limits, type Measure } from './measure.js';

/** Numbers of the model alone, and of it beside a comparator, as measures (analysis/endpoints/accuracy, discrimination). */

export const ofAuc = (auc: RocAuc): Measure[] => [
  measure('AUC', auc.auc, {
    limits: [
      { method: 'DeLong', interval: auc.ciDelong },
      { method: 'DeLong, logit', interval: auc.ciDelongLogit },
    ],
    parts: ['positive', 'negative'],
    note: flagged(auc.flags),
  }),
  measure('Standard error of the AUC (DeLong)', auc.se, {
    parts: ['positive', 'negative'],
    note: auc.se === null ? flagged(auc.flags) : '',
  }),
];

export const ofClusteredAuc = (auc: ClusteredAuc): Measure[] => [
  measure('AUC, patients as clusters', auc.auc, {
    limits: [{ method: 'Obuchowski', interval: auc.ci }],
    parts: ['positive', 'negative'],
    note: flagged(auc.flags),
  }),
  measure('Patients', auc.clusters),
];

const share = (name: string, proportion: Proportion, parts: readonly string[], note = ''): Measure =>
  measure(name, proportion.value, {
    limits: bothLimits(proportion),
    parts,
    note: [note, ...(proportion.undefined === undefined ? [] : [flagged([proportion.undefined])])].filter(Boolean).join('; '),
  });

const bothLimits = ({ wilson, clopperPearson }: Proportion): Limits[] => [
  { method: 'Wilson', interval: wilson },
  { method: 'Clopper–Pearson', interval: clopperPearson },
];

const OWN_MIX = "of the study's own mix of cases: not that of another prevalence";

export const ofAccuracy = (all: ConfusionMetrics): Measure[] => [
  share('Sensitivity', all.sensitivity, ['tp', 'fn']),
  share('Specificity', all.specificity, ['tn', 'fp']),
  share('Positive predictive value', all.ppv, ['tp', 'fp'], OWN_MIX),
  share('Negative predictive value', all.npv, ['tn', 'fn'], OWN_MIX),
  share('Accuracy', all.accuracy, ['tp', 'tn', 'fp', 'fn'], OWN_MIX),
  share('Share of positives', all.prevalence, ['tp', 'fn', 'fp', 'tn']),
  share('False positive rate', all.falsePositiveRate, ['fp', 'tn']),
  share('False negative rate', all.falseNegativeRate, ['fn', 'tp']),
  ...(
    [
      ['Positive likelihood ratio', all.lrPositive],
      ['Negative likelihood ratio', all.lrNegative],
      ['Diagnostic odds ratio', all.diagnosticOddsRatio],
    ] as const
  ).map(([name, ratio]) =>
    measure(name, ratio.value, {
      limits: [{ method: 'log', interval: ratio.ci }],
      parts: ['tp', 'fp', 'fn', 'tn'],
      note: ratio.undefined === undefined ? '' : flagged([ratio.undefined]),
    }),
  ),
  ...(
    [
      ['F1', all.f1],
      ["Youden's J", all.youdenJ],
      ['Balanced accuracy', all.balancedAccuracy],
      ["Matthews' correlation", all.mcc],
    ] as const
  ).map(([name, value]) =>
    measure(name, value, { parts: ['tp', 'fp', 'fn', 'tn'], note: value === null ? flagged(['ZERO_DENOMINATOR']) : '' }),
  ),
];

export function ofPairedAccuracy(pair: PairedAccuracy, { measure: of, comparator }: PairedAccuracyEndpoint): Measure[] {
  const { noninferiority, superiority } = pair;
  const all = ['bothRight', 'modelAlone', 'comparatorAlone', 'neither'];
  const note = pair.undefined === undefined ? '' : flagged([pair.undefined]);
  return [
    measure(`Difference of ${of}, model less ${comparator}`, pair.difference, {
      limits: [
        { method: 'Tango', interval: pair.tango },
        { method: 'Newcombe 10', interval: pair.newcombe10 },
        { method: 'Wald', interval: pair.undefined === undefined ? pair.wald : null },
      ],
      test: {
        name: `not worse by ${noninferiority.margin} or more, one-sided`,
        p: noninferiority.pOneSided,
        decision: noninferiority.noninferior ? 'non-inferior' : 'non-inferiority not shown',
      },
      parts: all,
      note,
    }),
    measure(`Superiority in ${of}, z`, superiority.z, {
      test: { name: 'superior, one-sided, after non-inferiority', p: superiority.pOneSided, decision: superiorityWords(superiority) },
      parts: ['modelAlone', 'comparatorAlone'],
      note,
    }),
    measure(`${capital(of)} of the model`, pair.pTest, { parts: ['bothRight', 'modelAlone'] }),
    measure(`${capital(of)} of ${comparator}`, pair.pComparator, { parts: ['bothRight', 'comparatorAlone'] }),
  ];
}

function superiorityWords({ tested, superior }: PairedAccuracy['superiority']): string {
  if (!tested) return 'not tested, since non-inferiority is not shown or no pair is discordant';
  return superior ? 'superior' : 'superiority not shown';
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export const ofComparatorAgreement = (kappa: CohenKappa, comparator: string): Measure[] => [
  measure(`Cohen's kappa, model and ${comparator}`, kappa.kappa, {
    limits: [{ method: 'Fleiss, Cohen and Everitt', interval: kappa.ci }],
    test: { name: 'no agreement beyond chance, two-sided', p: kappa.p, decision: '' },
    parts: ['bothPositive', 'modelPositive', 'comparatorPositive', 'bothNegative'],
    note: flagged(kappa.flags),
  }),
  measure('Observed agreement', kappa.po, { parts: ['bothPositive', 'bothNegative'] }),
];

export function ofCalibration(all: Calibration): Measure[] {
  const gap = (field: keyof Calibration['undefined']): string =>
    all.undefined[field] === undefined ? '' : `no value: ${all.undefined[field]}`;
  return [
    measure('Expected calibration error', all.ece),
    measure('Maximum calibration error', all.mce),
    measure('Calibration error, bins of equal mass', all.aceEqualMass),
    measure('Brier score', all.brier),
    measure('Brier skill score', all.brierSkill),
    measure('Logarithmic loss', all.logLoss),
    measure('Observed over expected', all.observedExpected),
    measure('Calibration slope', all.calibrationSlope, { note: gap('calibrationSlope') }),
    measure('Calibration in the large', all.calibrationInTheLarge),
    measure('Hosmer–Lemeshow chi-square', all.hosmerLemeshow?.chi2 ?? null, {
      test: { name: 'calibrated', p: all.hosmerLemeshow?.p ?? null, decision: '' },
      note: gap('hosmerLemeshow'),
    }),
    measure("Spiegelhalter's z", all.spiegelhalterZ, {
      test: { name: 'calibrated, two-sided', p: all.spiegelhalterP, decision: '' },
      note: gap('spiegelhalterZ'),
    }),
    ...all.bins.map((bin) =>
      measure(`Observed share, predicted from ${bin.lower} to ${bin.upper}`, bin.observed, {
        limits: [{ method: 'Wilson', interval: bin.wilson }],
        parts: bin.n === 0 ? [] : [`from ${bin.lower}`],
        note: bin.n === 0 ? 'no case is there' : '',
      }),
    ),
  ];
}
