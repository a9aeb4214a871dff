import type { EndpointView } from '../study/endpoint-view.js';
import type { CaseView, StudyView } from '../study/study-view.js';
import { readerName } from '../study/study-view.js';
import { placesOf, sectionAddress, sectionsOf, slug, type TracePage } from './trace-page.js';

/** Where the cases behind each number stand. */
export interface Traces {
  readonly study: readonly TracePage[];
  /** A page of each attribute, and one of the rest: so that none is too long to be opened. */
  readonly dataset: readonly TracePage[];
  /** One for each result, in their order. */
  readonly endpoints: readonly TracePage[];
}

export const ALL = 'All cases';
export const FAILED = 'Cases that the model gave no answer for';

export function tracesOf(view: StudyView, endpoints: readonly EndpointView[]): Traces {
  return {
    study: [studyTrace(view)],
    dataset: [datasetTrace(view), ...groupTraces(view)],
    endpoints: endpoints.map((one) => endpointTrace(view, one)),
  };
}

export const pagesOf = ({ study, dataset, endpoints }: Traces): TracePage[] => [...study, ...dataset, ...endpoints];

function endpointTrace(view: StudyView, { place, result, purpose }: EndpointView): TracePage {
  const { cases, parts, failures } = result.trace;
  const number = String(place + 1).padStart(2, '0');
  const of = result.repeats === undefined ? '' : `, repeats ${result.repeats}`;
  return {
    path: `trace/e${number}-${slug(result.id)}.html`,
    title: `Cases behind ${result.id} (${result.kind}${of})`,
    about: [
      purpose?.hypothesis ?? '',
      result.failures === 'worst-case'
        ? 'Cases that the model gave no answer for count as the worst case.'
        : 'Cases that the model gave no answer for are left out.',
    ]
      .filter(Boolean)
      .join(' '),
    sections: sectionsOf([
      [ALL, placesOf(view, cases)],
      ...Object.entries(parts).map(([name, keys]) => [partName(name), placesOf(view, keys)] as const),
      [FAILED, placesOf(view, failures)],
    ]),
  };
}

/** A part of an endpoint's trace, as its section is called. */
const partName = (part: string): string => `Part: ${part}`;

/** Where the cases of an endpoint stand. @param part  of its trace; undefined: all */
export const endpointAddress = ({ endpoints }: Traces, place: number, part?: string): string =>
  sectionAddress([endpoints[place]], part === undefined ? ALL : partName(part));

/** The names of the sections of study-wide counts. */
export const COUNTED = {
  positives: 'Positive by the reference standard',
  negatives: 'Negative by the reference standard',
  read: 'Cases that a reader read',
  calledPositive: 'Called positive by the model',
  calledNegative: 'Called negative by the model',
  adjudicated: 'Cases with an adjudicated label',
  differing: 'Cases whose labels differ',
} as const;

export const readBy = (view: StudyView, reader: string, arm: string): string => `Read by ${readerName(view, reader)}, ${arm}`;
export const notEvaluableFor = (view: StudyView, reader: string): string => `Not evaluable for ${readerName(view, reader)}`;
export const withLabels = (labels: number): string => `Cases with ${labels} labels`;

function studyTrace(view: StudyView): TracePage {
  const { cases, data } = view;
  const where = (is: (one: CaseView) => boolean): number[] => cases.filter(is).map(({ place }) => place);
  const labelCounts = [...new Set(cases.map(({ labels }) => labels.length))].sort((a, b) => a - b);
  const arms = data.readers.flatMap((reader) => (['unaided', 'aided'] as const).map((arm) => [reader, arm] as const));
  return {
    path: 'trace/study.html',
    title: 'Cases behind the counts of the study',
    about: 'What was analysed, by the reference standard, by the model and by readers.',
    sections: sectionsOf([
      [ALL, where(() => true)],
      [COUNTED.positives, where(({ row }) => row.truth === 1)],
      [COUNTED.negatives, where(({ row }) => row.truth === 0)],
      [FAILED, where(({ called }) => called === null)],
      [COUNTED.calledPositive, where(({ called }) => called === 1)],
      [COUNTED.calledNegative, where(({ called }) => called === 0)],
      [COUNTED.read, where(({ readings }) => readings.length > 0)],
      ...arms.map(
        ([reader, arm]) => [readBy(view, reader, arm), where(({ key }) => data.readings[arm].get(key)?.has(reader) === true)] as const,
      ),
      ...data.readers.map(
        (reader) =>
          [
            notEvaluableFor(view, reader),
            where(({ readings }) => readings.some((one) => one.reader === reader && one.status === 'not-evaluable')),
          ] as const,
      ),
      [COUNTED.adjudicated, where(({ labels }) => labels.some(({ adjudicates }) => adjudicates))],
      [COUNTED.differing, where(({ labels }) => new Set(labels.map(({ label }) => label)).size > 1)],
      ...labelCounts.map((count) => [withLabels(count), where(({ labels }) => labels.length === count)] as const),
    ]),
  };
}

/** How the missing values of an attribute are looked for again, so that their cases can be named. */
const MISSING: Readonly<Record<string, (one: CaseView) => boolean>> = {
  site: ({ item }) => item.site === '',
  manufacturer: ({ item }) => item.manufacturer === '',
  model: ({ item }) => item.model === '',
  age: ({ item }) => item.ageYears === null,
  sex: ({ item }) => item.sex === '',
  stratum: ({ item }) => item.stratum === '',
};
const ATTRIBUTES: Readonly<Record<string, string>> = { ageyears: 'age', patientage: 'age', patientsex: 'sex', scanner: 'model' };

export const lacking = (attribute: string): string => `Without ${attribute}`;
export const usedBefore = (times: number): string => `Used by ${times} studies before`;
export const groupName = (attribute: string, level: string): string => `${attribute}: ${level}`;
export const positiveGroup = (attribute: string, level: string): string => `${attribute}: ${level}, positive`;
export const DUPLICATES = {
  exact: 'Same pixels as another case',
  alike: 'Alike another case',
  training: 'Alike a training picture',
} as const;

/** The cases' groups: by each attribute of the manifest, and each level of it. */
export function groupsOf({ cases }: StudyView): (readonly [attribute: string, level: string, places: readonly number[]])[] {
  const attributes: (readonly [string, (one: CaseView) => string])[] = [
    ['site', ({ item }) => item.site],
    ['manufacturer', ({ item }) => item.manufacturer],
    ['model', ({ item }) => item.model],
    ['sex', ({ item }) => item.sex],
    ['age', ({ item }) => decade(item.ageYears)],
    ['stratum', ({ item }) => item.stratum],
  ];
  return attributes.flatMap(([attribute, levelOf]) =>
    [...Map.groupBy(cases, (one) => levelOf(one) || 'unknown')]
      .sort(([a], [b]) => inOrder(a, b))
      .map(([level, members]) => [attribute, level, members.map(({ place }) => place)] as const),
  );
}

/** By the number that a level begins with, where both do; else by code points. */
function inOrder(a: string, b: string): number {
  const byNumber = Number.parseInt(a, 10) - Number.parseInt(b, 10);
  return Number.isNaN(byNumber) || byNumber === 0 ? (a < b ? -1 : 1) : byNumber;
}

function decade(age: number | null): string {
  if (age === null) return '';
  const from = Math.floor(age / 10) * 10;
  return `${from}–${from + 9} years`;
}

function datasetTrace(view: StudyView): TracePage {
  const { file, cases } = view;
  const { duplicates, leakage, missingness } = file.dataset;
  const times = [...new Set(cases.map(({ item }) => item.timesUsedBefore))].sort((a, b) => a - b);
  const attributes = [...new Set(missingness.map(({ attribute }) => attribute))];
  return {
    path: 'trace/dataset.html',
    title: 'Cases behind the numbers of the dataset',
    about: 'What is missing in the frozen dataset, how often its cases were used before, and what was found alike.',
    sections: sectionsOf([
      [ALL, cases.map(({ place }) => place)],
      ...attributes.flatMap((attribute) => {
        const is = missingTest(attribute, view);
        return is === undefined ? [] : [[lacking(attribute), cases.filter(is).map(({ place }) => place)] as const];
      }),
      ...times.map(
        (count) => [usedBefore(count), cases.filter(({ item }) => item.timesUsedBefore === count).map(({ place }) => place)] as const,
      ),
      [DUPLICATES.exact, once(placesOf(view, duplicates.exact.flat()))],
      [
        DUPLICATES.alike,
        once(
          placesOf(
            view,
            duplicates.alike.flatMap(({ a, b }) => [a, b]),
          ),
        ),
      ],
      [
        DUPLICATES.training,
        once(
          placesOf(
            view,
            leakage.alike.map(({ caseKey }) => caseKey),
          ),
        ),
      ],
    ]),
  };
}

/** The cases of each level of an attribute, a page an attribute. */
const groupTraces = (view: StudyView): TracePage[] =>
  [...Map.groupBy(groupsOf(view), ([attribute]) => attribute)].map(([attribute, groups]) => ({
    path: `trace/dataset-${attribute}.html`,
    title: `Cases by ${attribute}`,
    about: 'How the frozen dataset is made up.',
    sections: sectionsOf(
      groups.flatMap(([, level, places]) => [
        [groupName(attribute, level), places] as const,
        [positiveGroup(attribute, level), places.filter((place) => view.cases[place].row.truth === 1)] as const,
      ]),
    ),
  }));

const once = (places: readonly number[]): number[] => [...new Set(places)];

/** How the cases without a value are found again: of the manifest, or of a variable of the cases; undefined where it is neither. */
function missingTest(attribute: string, { protocol }: StudyView): ((one: CaseView) => boolean) | undefined {
  const name = attribute.toLowerCase().replace(/[^a-z]/g, '');
  const { category, number } = protocol.protocol.variables;
  if (category.includes(attribute)) return ({ row }) => row.category[attribute] === '';
  if (number.includes(attribute)) return ({ row }) => row.number[attribute] === null;
  return MISSING[ATTRIBUTES[name] ?? name];
}
