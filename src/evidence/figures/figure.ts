/** A figure of the evidence package (evidence.md 3.1, data/08-figures): the drawing, and the numbers that it shows. */
export interface Figure {
  /** SVG 1.1, complete in itself; the same input gives the same bytes */
  readonly svg: string;
  /** RFC 4180 with a header row; exactly the plotted numbers, none of them rounded */
  readonly csv: string;
}

/** Lower and upper limit at the figure's level of confidence. */
export type Interval = readonly [lower: number, upper: number];

/** What every figure is told beside its numbers. */
export interface Captioned {
  readonly title: string;
}

/** A figure that has intervals: all of them of one level. */
export interface WithConfidence extends Captioned {
  /** 0 < conf < 1 */
  readonly conf: number;
}

/** Sensitivity and specificity of a threshold or a reader; an interval is null where the statistic has none. */
export interface OperatingPoint {
  readonly sensitivity: number;
  readonly specificity: number;
  readonly sensitivityInterval: Interval | null;
  readonly specificityInterval: Interval | null;
}

/** An empirical ROC curve: the rates from the highest threshold to the lowest; the point (0, 0) is implied. */
export interface CurveOfRates {
  readonly fpr: ArrayLike<number>;
  readonly tpr: ArrayLike<number>;
}

/** The area under a curve. */
export interface Area {
  readonly estimate: number;
  readonly interval: Interval | null;
}
