import type { EndpointResult } from '../../analysis/analyse.js';
import type { SubgroupResult } from '../../analysis/endpoints/subgroups.js';
import type { SingleEndpoint } from '../../analysis/plan.js';
import { type Refused, isRefused } from '../../analysis/refused.js';
import type { EndpointPurpose } from '../../studies/protocol.js';
import { StudyFileContradictory } from '../faults.js';
import * as ofCases from './case-measures.js';
import { measure, type Measure } from './measure.js';
import { ofAgainstReaders, ofAidedReaders, ofReaderAgreement } from './reader-measures.js';
import { readerName, type StudyView } from './study-view.js';

/** An endpoint as it is told: what it was for, how it was planned, and its numbers, or the coded reason why it has none. */
export interface EndpointView {
  /** Among the results, 0 for the first. */
  readonly place: number;
  readonly result: EndpointResult;
  readonly planned: SingleEndpoint;
  /** Null where the protocol gives it no rank: it is told so, and is no evidence of anything that was asked before. */
  readonly purpose: EndpointPurpose | null;
  readonly refused: Refused | null;
  readonly measures: readonly Measure[];
}

/** @throws StudyFileContradictory  a result is of no planned endpoint */
export function endpointViews(view: StudyView): EndpointView[] {
  const { protocol } = view.protocol;
  const single = new Map(protocol.plan.endpoints.flatMap((one) => (one.kind === 'repeat' ? [] : [[one.id, one] as const])));
  const purposes = new Map(protocol.endpoints.map((one) => [one.id, one]));
  return view.file.analysis.result.endpoints.map((result, place) => {
    const planned = single.get(result.repeats ?? result.id);
    if (planned === undefined || planned.kind !== result.kind) throw new StudyFileContradictory('A result is of no planned endpoint.');
    const refused = isRefused(result.result) ? result.result : null;
    const purpose = purposes.get(result.id) ?? null;
    return { place, result, planned, purpose, refused, measures: refused === null ? measuresOf(result, planned, view) : [] };
  });
}

/** A result that is not refused, as what its kind's computation gives. */
type Given<Kind extends EndpointResult['kind']> = Exclude<Extract<EndpointResult, { kind: Kind }>['result'], Refused>;
type Planned<Kind extends SingleEndpoint['kind']> = Extract<SingleEndpoint, { kind: Kind }>;

/** How each kind's numbers are told: one place. */
const MEASURES: { [Kind in SingleEndpoint['kind']]: (given: Given<Kind>, planned: Planned<Kind>, view: StudyView) => Measure[] } = {
  auc: (given) => ofCases.ofAuc(given),
  'clustered-auc': (given) => ofCases.ofClusteredAuc(given),
  accuracy: (given) => ofCases.ofAccuracy(given),
  'paired-accuracy': (given, planned) => ofCases.ofPairedAccuracy(given, planned),
  'comparator-agreement': (given, planned) => ofCases.ofComparatorAgreement(given, planned.comparator),
  'against-readers': (given, planned, view) =>
    ofAgainstReaders(given, planned, readerNames(view), view.protocol.protocol.plan.alphaOneSided),
  'aided-readers': (given, planned, view) => ofAidedReaders(given, planned, readerNames(view)),
  'reader-agreement': (given, planned) => ofReaderAgreement(given, planned),
  subgroups: (given, planned, view) => ofSubgroups(given, planned, view),
  calibration: (given) => ofCases.ofCalibration(given),
};

type AnyMeasures = (given: object, planned: SingleEndpoint, view: StudyView) => Measure[];

const measuresOf = ({ kind, result }: EndpointResult, planned: SingleEndpoint, view: StudyView): Measure[] =>
  (MEASURES[kind] as AnyMeasures)(result, planned, view);

const readerNames = (view: StudyView): string[] => view.data.readers.map((key) => readerName(view, key));

function ofSubgroups({ factors, adjusted }: SubgroupResult, planned: Planned<'subgroups'>, view: StudyView): Measure[] {
  const { minSubgroupN, alphaOneSided } = view.protocol.protocol.plan;
  return Object.entries(factors).flatMap(([name, { levels, x, n, wilson, clopperPearson, heterogeneity }]) => {
    const refused = isRefused(heterogeneity) ? heterogeneity : null;
    const tested = isRefused(heterogeneity) ? null : heterogeneity.pearson;
    const p = adjusted[name];
    const notes = [
      ...(refused === null ? [] : [`no test: ${refused.message} (${refused.error})`]),
      ...(!isRefused(heterogeneity) && heterogeneity.expectedBelow5 ? ['an expected count is below 5: the test is rough'] : []),
      ...(refused === null && tested === null ? ['no test: every case has the same outcome'] : []),
    ];
    return [
      measure(`${name}: differences of ${planned.measure}, chi-square`, tested?.chi2 ?? null, {
        test: {
          name: `no difference between levels, adjusted (${planned.adjustment})`,
          p,
          decision: p === null ? 'no test' : p < 2 * alphaOneSided ? 'levels differ' : 'no difference shown',
        },
        parts: levels.map((level) => `${name}: ${level}`),
        note: notes.join('; '),
      }),
      ...levels.map((level, i) =>
        measure(`${name}: ${level}: ${planned.measure}`, n[i] === 0 ? null : x[i] / n[i], {
          limits: [
            { method: 'Wilson', interval: wilson[i] },
            { method: 'Clopper–Pearson', interval: clopperPearson[i] },
          ],
          parts: [`${name}: ${level}`],
          note: n[i] === 0 ? 'no case' : n[i] < minSubgroupN ? `fewer than ${minSubgroupN} cases: not tested` : '',
        }),
      ),
    ];
  });
}
