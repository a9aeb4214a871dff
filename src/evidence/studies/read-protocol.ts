import { JsonPlace } from '../../json-place.js';
import { checkPlan } from '../analysis/plan.js';
import { ProtocolMalformed } from './faults.js';
import {
  READER_DESIGNS,
  type CaseVariables,
  type EndpointPurpose,
  type Protocol,
  type ReaderTask,
  type RecordReference,
} from './protocol.js';
import { atMost, planAt } from './read-plan.js';
import { sampleSizeAt } from './sample-size.js';

const MOST_SEED = 2 ** 32 - 1;
const MOST_VARIABLES = 100;
const MOST_WORDS = 100;
/** Columns of the package's tables. */
const RESERVED: ReadonlySet<string> = new Set([
  'case_id',
  'patient_id',
  'truth',
  'score',
  'error',
  'called',
  'arm',
  'rating',
  'clinical_action',
]);

/**
 * A protocol, checked: every member there, of its type and in its range, and none beside them; each endpoint of the plan has its purpose,
 * and groups and compares by variables that are named; the size is computed anew.
 * @throws ProtocolMalformed, PlanContradictory
 */
export function readProtocol(value: unknown): Protocol {
  const protocol = protocolAt(new JsonPlace(value, (path, problem) => new ProtocolMalformed(path, problem)));
  checkPlan(protocol.plan);
  checkEndpoints(protocol);
  return protocol;
}

function protocolAt(place: JsonPlace): Protocol {
  return place.object<Protocol>({
    title: words,
    question: words,
    hypotheses: manyWords,
    intendedUse: (at) => (at.isNull() ? null : referenceAt(at)),
    model: (at) =>
      at.object({
        name: words,
        version: words,
        onnxSha256: digest,
        cardSha256: digest,
        finding: words,
      }),
    population: (at) =>
      at.object<Protocol['population']>({
        description: words,
        inclusion: manyWords,
        exclusion: manyWords,
        dataset: (one) => (one.isNull() ? null : one.object({ id: uuid, manifestSha256: digest })),
      }),
    referenceStandard: (at) =>
      at.object<Protocol['referenceStandard']>({
        procedure: words,
        labelsPerCase: (one) => one.whole(1, 100),
        adjudication: (one) => one.oneOf(['majority', 'adjudicator']),
      }),
    reading: readingAt,
    variables: (at) => at.object<CaseVariables>({ binary: names, category: names, number: names }),
    plan: planAt,
    endpoints: (at) =>
      at.list((one) =>
        one.object<EndpointPurpose>({
          id: words,
          rank: (rank) => rank.oneOf(['primary', 'secondary', 'exploratory']),
          hypothesis: words,
          successCriterion: words,
        }),
      ),
    multiplicity: words,
    missingRule: words,
    equivocalRule: words,
    sampleSize: sampleSizeAt,
    seed: (at) => at.whole(0, MOST_SEED),
  });
}

const words = (place: JsonPlace): string => place.text(/^(?=[^]*\S)[^\0]{1,20000}$/, 'text that is not empty, 20,000 characters at most');
const manyWords = (place: JsonPlace): string[] => atMost(place, place.list(words), MOST_WORDS);
const digest = (place: JsonPlace): string => place.text(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
const uuid = (place: JsonPlace): string => place.text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID');
/** A column's name: of tables, files and figures. */
const name = (place: JsonPlace): string => place.text(/^[a-z][a-z0-9_]{0,62}$/, 'small letters, digits and underscores, 63 at most');
const names = (place: JsonPlace): string[] => {
  const list = place.list(name);
  if (list.length > MOST_VARIABLES || new Set(list).size < list.length) place.refuse(`must name ${MOST_VARIABLES} at most, each once`);
  const taken = list.find((one) => RESERVED.has(one) || one in {});
  if (taken !== undefined) place.refuse(`must not have ${taken}, which tables have of their own`);
  return list;
};

const referenceAt = (place: JsonPlace): RecordReference =>
  place.object<RecordReference>({ id: words, version: (at) => at.whole(1, 1e6), sha256: digest });

function readingAt(place: JsonPlace): ReaderTask {
  const task = place.object<ReaderTask>({
    design: (at) => at.oneOf(READER_DESIGNS),
    readers: (at) => at.whole(0, 1_000),
    washOutDays: (at) => at.whole(0, 3_650),
    cases: (at) => (at.isNull() ? null : at.whole(1, 1e9)),
    ratingScale: (at) => {
      const [lowest, highest, ...more] = at.list((one) => one.whole(-1_000, 1_000));
      if (more.length > 0 || highest === undefined || lowest >= highest) at.refuse('must be two whole numbers, the lower first');
      return [lowest, highest] as const;
    },
    instructions: (at) => at.text(/^[^\0]{0,20000}$/, 'text'),
    qualification: (at) => at.text(/^[^\0]{0,20000}$/, 'text'),
  });
  if ((task.design === 'none') !== (task.readers === 0))
    place.refuse('must have readers where it has a design, and none where it is “none”');
  if (task.washOutDays > 0 && task.design !== 'crossover') place.refuse('must have no wash-out unless it is a crossover');
  return task;
}

function checkEndpoints({ plan, endpoints, variables, reading }: Protocol): void {
  const planned = plan.endpoints.map(({ id }) => id);
  const purposes = endpoints.map(({ id }) => id);
  const lacking =
    planned.find((id) => !purposes.includes(id)) ?? purposes.find((id, i) => !planned.includes(id) || purposes.indexOf(id) !== i);
  if (lacking !== undefined) throw new ProtocolMalformed('endpoints', `must have each endpoint of the plan once, and no other: ${lacking}`);
  if (!endpoints.some(({ rank }) => rank === 'primary')) throw new ProtocolMalformed('endpoints', 'must have a primary one');
  for (const one of plan.endpoints) {
    if ('comparator' in one && !variables.binary.includes(one.comparator))
      throw new ProtocolMalformed('variables.binary', `must have ${one.comparator}, which ${one.id} compares with`);
    const unknown =
      one.kind === 'subgroups'
        ? one.factors.find(({ column, bands }) => !(bands === undefined ? variables.category : variables.number).includes(column))
        : undefined;
    if (unknown !== undefined) throw new ProtocolMalformed('variables', `must have ${unknown.column}, by which ${one.id} groups`);
    const needed = one.kind === 'aided-readers' || (one.kind === 'reader-agreement' && one.arm === 'aided') ? 'aided' : undefined;
    const isRead = one.kind === 'against-readers' || one.kind === 'reader-agreement' || needed === 'aided';
    if (isRead && (reading.design === 'none' || (needed === 'aided' && reading.design === 'unaided')))
      throw new ProtocolMalformed('reading.design', `must have the readings that ${one.id} is computed from`);
  }
}
