import { requireSome, requireThat } from '../input-checks.js';
import { sortedOrder } from '../ranking/dense-ranks.js';

/** One case's marks; a case without lesions is normal. */
export interface LocalisedCase {
  /** rating of each lesion's mark; null where it was not marked */
  readonly lesions: readonly (number | null)[];
  /** ratings of marks that hit no lesion */
  readonly falseMarks: readonly number[];
}

export interface Froc {
  readonly lesions: number;
  readonly images: number;
  /** lesions against the highest false mark of normal cases (JAFROC) */
  readonly afrocAuc: number;
  /** lesions against the highest false mark of every case */
  readonly afroc1Auc: number;
  /** AFROC with the lesions of a case weighing one together */
  readonly wafrocAuc: number;
  /** cases by their highest mark, the ROC that the marks imply */
  readonly hrAuc: number;
  /** lesions found and false marks per image at each rating, highest first */
  readonly froc: { readonly threshold: Float64Array; readonly llf: Float64Array; readonly nlf: Float64Array };
  /** share of lesions found at 1/8 to 8 false marks per image, by the step rule: the most with no more than these */
  readonly sensitivityAtFpPerImage: Readonly<Record<string, number>>;
  /** their mean: the competition performance metric */
  readonly cpm: number;
}

const FALSE_MARKS_PER_IMAGE = [0.125, 0.25, 0.5, 1, 2, 4, 8];

/**
 * Localisation: free-response curve and its figures of merit (Chakraborty 2004, 2017; CPM of LUNA16). What is not marked rates
 * below all marks, and equal to what is not marked either.
 * @throws E_EMPTY no case, E_NON_FINITE a mark's rating, E_ONE_CLASS no normal case or none with a lesion
 */
export function froc(cases: readonly LocalisedCase[]): Froc {
  requireSome(cases);
  for (const { lesions, falseMarks } of cases) {
    requireThat(
      lesions.every((rating) => rating === null || Number.isFinite(rating)),
      'E_NON_FINITE',
    );
    requireThat(falseMarks.every(Number.isFinite), 'E_NON_FINITE');
  }
  const normal = cases.filter(({ lesions }) => lesions.length === 0);
  const abnormal = cases.filter(({ lesions }) => lesions.length > 0);
  requireThat(normal.length > 0 && abnormal.length > 0, 'E_ONE_CLASS');
  const lesions = abnormal.flatMap((one) => one.lesions.map((rating) => ({ rating: rating ?? -Infinity, weight: 1 / one.lesions.length })));
  const found = lesions.map(({ rating }) => rating);
  const falseOfNormal = normal.map(highestFalse);
  const curve = frocCurve(
    found,
    cases.flatMap(({ falseMarks }) => falseMarks),
    cases.length,
  );
  const sensitivities = FALSE_MARKS_PER_IMAGE.map((most) => {
    const point = curve.nlf.findLastIndex((falseMarks) => falseMarks <= most);
    return point < 0 ? 0 : curve.llf[point];
  });
  return {
    lesions: lesions.length,
    images: cases.length,
    afrocAuc: shareAbove(found, falseOfNormal),
    afroc1Auc: shareAbove(found, cases.map(highestFalse)),
    wafrocAuc: shareAbove(
      found,
      falseOfNormal,
      lesions.map(({ weight }) => weight),
    ),
    hrAuc: shareAbove(abnormal.map(highestMark), falseOfNormal),
    froc: curve,
    sensitivityAtFpPerImage: Object.fromEntries(FALSE_MARKS_PER_IMAGE.map((most, k) => [String(most), sensitivities[k]])),
    cpm: sensitivities.reduce((sum, value) => sum + value, 0) / sensitivities.length,
  };
}

/** −Infinity of a case without false marks. */
const highestFalse = ({ falseMarks }: LocalisedCase): number => falseMarks.reduce((most, rating) => Math.max(most, rating), -Infinity);

const highestMark = (one: LocalisedCase): number =>
  one.lesions.reduce<number>((most, rating) => Math.max(most, rating ?? -Infinity), highestFalse(one));

/** Mean share of `below` that lies under each of `above`, equal ones half. */
function shareAbove(above: readonly number[], below: readonly number[], weights: readonly number[] = above.map(() => 1)): number {
  const sorted = Float64Array.from(below).sort();
  let sum = 0;
  let total = 0;
  for (const [i, rating] of above.entries()) {
    sum += weights[i] * (placeOf(sorted, rating, false) + placeOf(sorted, rating, true));
    total += weights[i];
  }
  return sum / (2 * total * sorted.length);
}

/** How many values are less than `value`, or not more where `equal` counts too. */
function placeOf(sorted: Float64Array, value: number, equal: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (equal && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function frocCurve(lesions: readonly number[], falseMarks: readonly number[], images: number): Froc['froc'] {
  const marked = lesions.filter((rating) => rating !== -Infinity);
  const ratings = [...marked, ...falseMarks];
  const order = sortedOrder(ratings);
  const threshold: number[] = [];
  const llf: number[] = [];
  const nlf: number[] = [];
  let found = 0;
  let wrong = 0;
  for (let k = order.length - 1; k >= 0; k--) {
    if (order[k] < marked.length) found++;
    else wrong++;
    if (k > 0 && ratings[order[k - 1]] === ratings[order[k]]) continue;
    threshold.push(ratings[order[k]]);
    llf.push(found / lesions.length);
    nlf.push(wrong / images);
  }
  return { threshold: Float64Array.from(threshold), llf: Float64Array.from(llf), nlf: Float64Array.from(nlf) };
}
