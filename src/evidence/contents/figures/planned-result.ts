import type { EndpointResult } from '../../analysis/analyse.js';
import { type Refused, isRefused } from '../../analysis/refused.js';
import { StatisticsError } from '../../statistics/statistics-error.js';
import type { StudyView } from '../study/study-view.js';
import { FigureUnplanned } from './figure-unplanned.js';

type Of<Kind extends EndpointResult['kind']> = Extract<EndpointResult, { kind: Kind }>;

/** The first planned endpoint of a kind that is no repeat. @throws FigureUnplanned */
export function plannedEndpoint<Kind extends EndpointResult['kind']>({ file }: StudyView, kind: Kind): Of<Kind> {
  const found = file.analysis.result.endpoints.find((one): one is Of<Kind> => one.kind === kind && one.repeats === undefined);
  if (found === undefined) throw new FigureUnplanned(kind);
  return found;
}

/** Its numbers. @throws FigureUnplanned, StatisticsError the endpoint itself has none */
export function plannedResult<Kind extends EndpointResult['kind']>(view: StudyView, kind: Kind): Exclude<Of<Kind>['result'], Refused> {
  const { result } = plannedEndpoint(view, kind);
  if (isRefused(result)) throw new StatisticsError(result.error);
  return result as Exclude<Of<Kind>['result'], Refused>;
}
