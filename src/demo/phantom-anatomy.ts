import { curveThrough, type Curve, type Point } from './phantom-curve.js';
import { vesselsOf } from './phantom-vessels.js';
import { between, randomOf, type Random } from './phantom-random.js';
import type { Stroke } from './phantom-strokes.js';

/** −1: the patient's right, on the picture's left (a PA view is looked at face to face); 1: the left. */
export type Side = -1 | 1;

/** Lengths are parts of the picture; `x` is the distance from the midline towards a side, v runs from the top. */
export interface Lung {
  readonly side: Side;
  /** x over v: mediastinum and heart */
  readonly medial: Curve;
  /** x over v: the inside of the chest wall */
  readonly lateral: Curve;
  /** v over x: the dome of the diaphragm */
  readonly dome: Curve;
}

/** A chest as a PA view shows it. */
export interface Anatomy {
  /** u of the midline */
  readonly midline: number;
  readonly lungs: readonly [right: Lung, left: Lung];
  /** half the body's width over v */
  readonly outline: Curve;
  readonly vertebraHeight: number;
  /** ribs of odd and of even number apart: drawn in two layers, each is seen through its neighbours */
  readonly ribs: readonly [odd: readonly Stroke[], even: readonly Stroke[]];
  readonly clavicles: readonly Stroke[];
  readonly vessels: readonly Stroke[];
  readonly consolidation: Consolidation;
}

/** Where the opacity lies, if there is one: an ellipse in the lower zone of one lung. */
export interface Consolidation {
  readonly side: Side;
  readonly x: number;
  readonly v: number;
  readonly radiusX: number;
  readonly radiusV: number;
}

const APEX = 0.135;
const RIBS = 10;

/** The anatomy that belongs to a seed: always the same chest, varied a little in place, size and breath. */
export function anatomyOf(seed: number): Anatomy {
  const random = randomOf(seed, 'anatomy');
  const midline = between(random, 0.495, 0.505);
  const width = between(random, 0.985, 1.015);
  const heart = between(random, 0.96, 1.04);
  const breath = between(random, -0.008, 0.008);
  const lateral = scaled(LATERAL, width);
  const right = lungOf(-1, scaled(RIGHT_MEDIAL, heart), lateral, RIGHT_DOME, breath);
  const left = lungOf(1, scaled(LEFT_MEDIAL, heart), lateral, LEFT_DOME, breath);
  const ribs = ([right, left] as const).flatMap((lung) => ribsOf(lung, midline, random));
  return {
    midline,
    lungs: [right, left],
    outline: curveThrough(scaled(OUTLINE, width)),
    vertebraHeight: between(random, 0.05, 0.054),
    ribs: [ribs.filter((_, rib) => rib % 2 === 0).flat(), ribs.filter((_, rib) => rib % 2 === 1).flat()],
    clavicles: [clavicle(-1, midline, random), clavicle(1, midline, random)],
    vessels: vesselsOf(midline, randomOf(seed, 'vessels')),
    consolidation: consolidationOf(random),
  };
}

/** x over v (LATERAL, …MEDIAL, OUTLINE) and v over x (…DOME). */
const LATERAL: readonly Point[] = [
  [APEX, 0.05],
  [0.143, 0.1],
  [0.158, 0.15],
  [0.18, 0.19],
  [0.22, 0.236],
  [0.3, 0.285],
  [0.45, 0.34],
  [0.6, 0.375],
  [0.75, 0.395],
  [0.9, 0.4],
];
const RIGHT_MEDIAL: readonly Point[] = [
  [0.14, 0.05],
  [0.22, 0.058],
  [0.34, 0.062],
  [0.43, 0.07],
  [0.52, 0.092],
  [0.6, 0.108],
  [0.67, 0.104],
  [0.76, 0.075],
];
const LEFT_MEDIAL: readonly Point[] = [
  [0.14, 0.05],
  [0.21, 0.058],
  [0.26, 0.086],
  [0.3, 0.084],
  [0.35, 0.082],
  [0.42, 0.105],
  [0.5, 0.145],
  [0.58, 0.19],
  [0.66, 0.222],
  [0.72, 0.23],
  [0.8, 0.2],
];
const RIGHT_DOME: readonly Point[] = [
  [0, 0.75],
  [0.1, 0.727],
  [0.19, 0.715],
  [0.28, 0.735],
  [0.35, 0.785],
  [0.395, 0.86],
  [0.43, 0.93],
];
const LEFT_DOME: readonly Point[] = [
  [0, 0.75],
  [0.1, 0.748],
  [0.2, 0.74],
  [0.28, 0.755],
  [0.35, 0.8],
  [0.395, 0.87],
  [0.43, 0.94],
];
const OUTLINE: readonly Point[] = [
  [0, 0.155],
  [0.05, 0.165],
  [0.09, 0.235],
  [0.14, 0.37],
  [0.2, 0.435],
  [0.3, 0.44],
  [0.5, 0.443],
  [0.8, 0.452],
  [1, 0.457],
];

const scaled = (points: readonly Point[], factor: number): Point[] => points.map(([v, x]) => [v, x * factor]);

function lungOf(side: Side, medial: Point[], lateral: Point[], dome: readonly Point[], breath: number): Lung {
  const lowered = dome.map(([x, v]): Point => [x, v + breath]);
  return { side, medial: curveThrough(medial), lateral: curveThrough(lateral), dome: curveThrough(lowered) };
}

/** Each rib is a loop: from the spine, arched, to the chest wall, and back in front, lower and fainter. */
function ribsOf(lung: Lung, midline: number, random: Random): [posterior: Stroke, anterior: Stroke][] {
  return Array.from({ length: RIBS }, (_, rib) => {
    const start = 0.13 + rib * between(random, 0.063, 0.0645);
    const depth = 0.06 + 0.0065 * rib;
    const wall = lung.lateral(Math.max(start + depth, 0.17)) + 0.004;
    const at = (angle: number): Point => [
      midline + lung.side * (0.03 + (wall - 0.03) * Math.sin(angle)),
      start + depth * (1 - Math.cos(angle)) - 0.018 * Math.sin(1.6 * angle),
    ];
    const posterior = steps(20).map((t) => at((t * Math.PI) / 2));
    const anterior = steps(16).map((t) => at(Math.PI / 2 + t * (1.12 - 0.02 * rib)));
    return [
      { path: posterior, radius: [0.0125, 0.0105], density: [0.15, 0.27] },
      { path: anterior, radius: [0.0105, 0.0145], density: [0.27, 0.03] },
    ];
  });
}

const steps = (count: number): number[] => Array.from({ length: count + 1 }, (_, i) => i / count);

/** From beside the breastbone up to the shoulder: a flat S. */
function clavicle(side: Side, midline: number, random: Random): Stroke {
  const tilt = between(random, 0.05, 0.07);
  const path = steps(14).map((t): Point => [midline + side * (0.045 + 0.31 * t), 0.205 - tilt * t - 0.014 * Math.sin(2 * Math.PI * t)]);
  return { path, radius: [0.0165, 0.0115], density: [0.2, 0.26] };
}

function consolidationOf(random: Random): Consolidation {
  return {
    side: random() < 0.5 ? -1 : 1,
    x: between(random, 0.245, 0.265),
    v: between(random, 0.66, 0.68),
    radiusX: between(random, 0.195, 0.205),
    radiusV: between(random, 0.185, 0.195),
  };
}
