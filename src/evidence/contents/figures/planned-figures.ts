import { answersUnder } from '../../analysis/study-data.js';
import type { CalibrationInput } from '../../figures/calibration.js';
import type { SubgroupForestInput } from '../../figures/subgroup-forest.js';
import { proportion } from '../../statistics/proportions/proportion.js';
import { StudyFileContradictory } from '../faults.js';
import type { StudyView } from '../study/study-view.js';
import { words } from '../written/csv.js';
import { tableOf } from './call-figures.js';
import { plannedEndpoint, plannedResult } from './planned-result.js';

/** The calibration endpoint's bins, with the scores that they hold. @throws FigureUnplanned, StatisticsError */
export function calibrationInput(view: StudyView): Omit<CalibrationInput, 'title'> {
  const { bins, ece } = plannedResult(view, 'calibration');
  const { plan } = view.protocol.protocol;
  const { scores } = answersUnder(plannedEndpoint(view, 'calibration').failures, view.data, plan);
  return { conf: plan.conf, ece, scores, bins: bins.map(({ wilson, ...bin }) => ({ ...bin, interval: wilson })) };
}

/** The first subgroup endpoint's levels beside all cases. @throws FigureUnplanned, StatisticsError */
export function forestInput(view: StudyView): Omit<SubgroupForestInput, 'title'> {
  const { plan } = view.protocol.protocol;
  const endpoint = plannedEndpoint(view, 'subgroups');
  const planned = plan.endpoints.find((one) => one.id === endpoint.id);
  if (planned?.kind !== 'subgroups') throw new StudyFileContradictory('A result is of no planned endpoint.');
  const { factors } = plannedResult(view, 'subgroups');
  const { tp, fn, tn, fp } = tableOf(view);
  const pooled = planned.measure === 'sensitivity' ? proportion(tp, tp + fn, plan.conf) : proportion(tn, tn + fp, plan.conf);
  return {
    conf: plan.conf,
    metric: planned.measure === 'sensitivity' ? 'Sensitivity' : 'Specificity',
    pooled: { n: pooled.den, estimate: pooled.value, interval: pooled.wilson },
    subgroups: Object.entries(factors).flatMap(([variable, { levels, x, n, wilson }]) =>
      levels.map((level, i) => ({
        variable: words(variable),
        level: words(level),
        n: n[i],
        estimate: n[i] === 0 ? null : x[i] / n[i],
        interval: wilson[i],
      })),
    ),
  };
}
