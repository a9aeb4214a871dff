import type { JsonPlace } from '../../json-place.js';
import { aucSampleSize, pairedAucSampleSize } from '../statistics/design/auc-sample-size.js';
import { mrmcPower } from '../statistics/design/mrmc-power.js';
import { pairedNoninferiorityPairs } from '../statistics/design/paired-noninferiority.js';
import { mcnemarPairs, proportionAgainstGoal, proportionPrecision } from '../statistics/design/proportion-sample-size.js';
import { StatisticsError } from '../statistics/statistics-error.js';
import type { SampleSize } from './protocol.js';

type Method = Exclude<SampleSize['method'], 'stated'>;
type Inputs = Readonly<Record<string, number>>;

/** Each method's inputs by name, and how its answer comes. */
const METHODS: { readonly [M in Method]: { readonly inputs: readonly string[]; readonly compute: (inputs: never) => object } } = {
  'proportion-precision': { inputs: ['p', 'halfWidth', 'prevalence', 'conf'], compute: proportionPrecision },
  'proportion-goal': { inputs: ['p0', 'p1', 'alpha', 'beta'], compute: proportionAgainstGoal },
  mcnemar: { inputs: ['p10', 'p01', 'alpha', 'beta'], compute: mcnemarPairs },
  'paired-noninferiority': { inputs: ['p10', 'p01', 'margin', 'alpha', 'beta'], compute: pairedNoninferiorityPairs },
  auc: { inputs: ['auc', 'kappa', 'alpha', 'beta'], compute: aucSampleSize },
  'paired-auc': { inputs: ['auc1', 'auc2', 'r', 'ratio', 'alpha', 'beta'], compute: pairedAucSampleSize },
  'mrmc-power': {
    inputs: ['readers', 'cases', 'pilotCases', 'effect', 'varTr', 'varError', 'cov1', 'cov2', 'cov3', 'alpha'],
    compute: mrmcPower,
  },
};

/** A size of a study; its numbers are the server's own: a result that is given must be the one that its inputs give. */
export function sampleSizeAt(place: JsonPlace): SampleSize {
  const size = place.object<SampleSize>({
    method: (at) => at.oneOf([...(Object.keys(METHODS) as Method[]), 'stated']),
    inputs: numbers,
    result: numbers,
    reason: (at) => at.text(),
  });
  if (size.method === 'stated') return size;
  const { inputs } = METHODS[size.method];
  if (Object.keys(size.inputs).toSorted().join() !== inputs.toSorted().join())
    place.member('inputs').refuse(`must be ${inputs.join(', ')} for ${size.method}`);
  const result = computed(place, size.method, size.inputs);
  const wrong = Object.entries(size.result).find(([name, value]) => result[name] !== value);
  if (wrong !== undefined) place.member('result').refuse(`has ${wrong[0]} ${wrong[1]}, and its inputs give ${JSON.stringify(result)}`);
  return { ...size, result };
}

const numbers = (place: JsonPlace): Inputs => place.map((at) => at.number(-1e12, 1e12));

function computed(place: JsonPlace, method: Method, inputs: Inputs): Inputs {
  try {
    return METHODS[method].compute(inputs as never) as Inputs; // numbers of those names
  } catch (error) {
    if (error instanceof StatisticsError) place.member('inputs').refuse(`has no answer: ${error.message}`);
    throw error;
  }
}
