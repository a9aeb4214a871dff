import type { TrainedNetwork } from '../networks/served-graph.js';

/** Of early steps the average forgets faster: a network's first steps say little of its last. */
const EARLY_STEPS = 10;

/**
 * A running mean of a network over its steps (Polyak and Juditsky 1992; exponential as in Tarvainen and Valpola 2017): steadier than
 * any one of them, and what validation chooses from.
 */
export class WeightAverage {
  private average: TrainedNetwork | undefined;

  /** @param decay  share of the average that stays in a step, 0..1; 0: the network as it is */
  constructor(
    private readonly decay: number,
    from?: TrainedNetwork,
  ) {
    this.average = from && copyOf(from);
  }

  /** @param step  from 1 */
  add(network: TrainedNetwork, step: number): void {
    const stays = Math.min(this.decay, step / (step + EARLY_STEPS));
    if (this.average === undefined || stays === 0) this.average = copyOf(network);
    else
      for (const name of ['parameters', 'statistics'] as const) {
        const [mean, now] = [this.average[name], network[name]];
        for (let i = 0; i < mean.length; i++) mean[i] += (1 - stays) * (now[i] - mean[i]);
      }
  }

  /** A copy. @throws RangeError  nothing was added */
  get network(): TrainedNetwork {
    if (this.average === undefined) throw new RangeError('an average of nothing');
    return copyOf(this.average);
  }
}

const copyOf = ({ parameters, statistics }: TrainedNetwork): TrainedNetwork => ({
  parameters: parameters.slice(),
  statistics: statistics.slice(),
});
