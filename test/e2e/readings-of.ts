import { graph } from './phantoms.js';
import type { Wetread } from './wetread.js';

/** What a model made of an instance, as the graph says it. */
export interface Reading {
  readonly state: string;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly model: { readonly name: string } | null;
}
/** The readings of each instance that a study received, by SOP Instance UID. */
export const readingsOf = async (wetread: Wetread, study: string): Promise<Record<string, Reading[]>> => {
  const { data } = await graph<{ study: { series: { instances: { sopInstanceUID: string; derived: boolean; readings: Reading[] }[] }[] } }>(
    wetread,
    'query($uid: String!) { study(studyInstanceUID: $uid) { series { instances { sopInstanceUID derived readings { state reasonCode reason model { name } } } } } }',
    { uid: study },
  );
  return Object.fromEntries(
    data.study.series
      .flatMap(({ instances }) => instances)
      .filter(({ derived }) => !derived)
      .map((one) => [one.sopInstanceUID, one.readings]),
  );
};
