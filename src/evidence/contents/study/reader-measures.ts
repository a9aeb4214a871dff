import type { AgainstReadersEndpoint, AidedReadersEndpoint, ReaderAgreementEndpoint } from '../../analysis/plan.js';
import type { FleissKappa } from '../../statistics/agreement/fleiss-kappa.js';
import type { AiAgainstReaders } from '../../statistics/readers/ai-against-readers.js';
import type { MultiReaderAnalysis } from '../../statistics/readers/obuchowski-rockette.js';
import type { Interval } from '../../statistics/results.js';
import { flagged, measure, type Measure } from './measure.js';

/** Numbers of readers as measures (analysis/endpoints/readers). */

const BY_TRUTH = ['positive', 'negative'];

/** @param readers  their names, in the analysis's order; `alpha` one-sided */
export function ofAgainstReaders(
  all: AiAgainstReaders,
  { measure: of, margin }: AgainstReadersEndpoint,
  readers: readonly string[],
  alpha: number,
): Measure[] {
  const name = named(of);
  const p = all.noninferiority?.pOneSided ?? null;
  const decision = p === null ? 'no test' : p < alpha ? 'non-inferior' : 'non-inferiority not shown';
  return [
    measure(`Difference of ${name}, model less mean reader`, all.difference, {
      limits: [{ method: 'Hillis, readers and cases random', interval: all.ci }],
      test: { name: `not worse by ${margin} or more, one-sided`, p, decision },
      parts: BY_TRUTH,
      note: flagged(all.flags),
    }),
    measure(`Difference of ${name} is none, t`, all.t, {
      test: { name: 'no difference, two-sided', p: all.p, decision: '' },
      parts: BY_TRUTH,
    }),
    measure(`${name} of the model on the cases read`, all.ai, { parts: BY_TRUTH }),
    measure(`Mean ${name} of the readers`, all.readerMean, { parts: BY_TRUTH }),
    ...all.readers.map((value, i) => measure(`${name} of ${readers[i]}`, value, { parts: BY_TRUTH })),
    measure('Readers below the model', all.readersBelowAi, { parts: BY_TRUTH }),
  ];
}

export function ofAidedReaders(all: MultiReaderAnalysis, { measure: of }: AidedReadersEndpoint, readers: readonly string[]): Measure[] {
  const name = named(of);
  const [difference] = all.rrrc.differences;
  const [fixed] = all.frrc.differences;
  return [
    measure(`Difference of ${name}, aided less unaided`, -difference.estimate, {
      limits: [
        { method: 'Obuchowski–Rockette, readers and cases random', interval: turned(difference.ci) },
        { method: 'readers fixed, cases random', interval: turned(fixed.ci) },
      ],
      test: { name: 'no difference, readers and cases random, two-sided', p: all.rrrc.p, decision: '' },
      parts: BY_TRUTH,
      note: all.rrrc.p === null ? 'no test: nothing varies' : '',
    }),
    ...all.means.map(({ estimate, rrrc }, test) =>
      measure(`Mean ${name}, ${ARM[test]}`, estimate, {
        limits: [{ method: 'readers and cases random', interval: rrrc.ci }],
        parts: BY_TRUTH,
      }),
    ),
    ...all.theta.flatMap((row, test) =>
      row.map((value, i) => measure(`${name} of ${readers[i]}, ${ARM[test]}`, value, { parts: BY_TRUTH })),
    ),
  ];
}

const ARM = ['unaided', 'aided'];

const named = (of: 'auc' | 'sensitivity' | 'specificity'): string => (of === 'auc' ? 'AUC' : of);

const turned = (interval: Interval | null): Interval | null => (interval === null ? null : [-interval[1], -interval[0]]);

export const ofReaderAgreement = (kappa: FleissKappa, { arm }: ReaderAgreementEndpoint): Measure[] => [
  measure(`Fleiss' kappa of clinical actions, ${arm}`, kappa.kappa, {
    test: { name: 'no agreement beyond chance, two-sided', p: kappa.p, decision: '' },
    parts: ['unanimous', 'divided'],
    note: flagged(kappa.flags),
  }),
  measure('Observed agreement of pairs', kappa.pObserved, { parts: ['unanimous', 'divided'] }),
];
