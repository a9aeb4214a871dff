import type { Anatomy, Consolidation, Lung } from './phantom-anatomy.js';
import { rise } from './phantom-curve.js';
import { clouds, randomOf, type Field } from './phantom-random.js';
import { boneProfile, drawStrokes, vesselProfile } from './phantom-strokes.js';

export interface FilmOptions {
  readonly rows: number;
  readonly columns: number;
  readonly opacity: boolean;
  readonly seed: number;
}

/**
 * Attenuation of the whole path through a tissue, chosen by eye for the look of a chest at 120 kV; heart, abdomen and
 * consolidation within that look so that the bundled demonstration model tells the two films apart.
 */
const SOFT_TISSUE = 0.76;
const AIR = 0.47;
const LUNG_TEXTURE = 0.06;
const HEART = 0.46;
const SPINE = 0.42;
const TRACHEA = 0.16;
const ABDOMEN = 0.53;
const HILUM = 0.2;
const CONSOLIDATION = 0.54;
/** Quantum noise, in parts of full brightness. */
const GRAIN = 0.02;

/**
 * The chest as an X-ray shows it, noise included: 1 − e^(−attenuation), so 0 where nothing is in the beam. With and
 * without opacity the same random numbers are used: the two films differ nowhere but in it, and there it is brighter.
 * @returns [rows × columns], row by row; about 0..1, which noise may leave
 */
export function exposeFilm(anatomy: Anatomy, options: FilmOptions): Float32Array {
  const { rows, columns, seed } = options;
  const { midline, lungs, outline } = anatomy;
  const film = bonesOf(anatomy, rows, columns); // all else is added to it
  const vessels = new Float32Array(rows * columns);
  drawStrokes(vessels, columns, anatomy.vessels, vesselProfile);
  const texture = clouds(randomOf(seed, 'texture'), 14, 4);
  const opacity = options.opacity ? opacityOf(anatomy.consolidation, clouds(randomOf(seed, 'opacity'), 9, 3)) : NONE;
  const grain = randomOf(seed, 'grain');
  const domes = lungs.map(({ dome }) => overColumns(columns, (u) => dome(Math.abs(u - midline))));
  for (let row = 0; row < rows; row++) {
    const v = (row + 0.5) / rows;
    const halfBody = outline(v);
    const edges = lungs.map((lung) => edgesAt(lung, v));
    const centre = centreOf(v, anatomy.vertebraHeight);
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const u = (column + 0.5) / columns;
      const x = Math.abs(u - midline);
      const lung = u < midline ? 0 : 1;
      const { medial, lateral } = edges[lung];
      const blur = 0.006 + 0.04 * rise(medial - x, -0.02, 0.05); // the heart lies on the dome: no edge is seen there
      const aboveDome = rise(domes[lung][column] - v, -blur, blur);
      const air = rise(x, medial - 0.006, medial + 0.02) * rise(lateral - x, -0.008, 0.035) * aboveDome;
      const body = rise(halfBody - x, 0, 0.04) * (1 - 0.4 * (x / halfBody) ** 2);
      let attenuation = film[at] + body * SOFT_TISSUE + centre(x);
      if (air > 0) {
        const filled = opacity(lungs[lung].side, x, u, v);
        const marks = LUNG_TEXTURE * texture(u, v) + vessels[at] * (1 - filled); // vessels show against air only
        attenuation += air * (marks + hilumAt(x, v, medial) + CONSOLIDATION * filled - AIR);
      }
      if (aboveDome > 0) attenuation += HEART * aboveDome * heartAt(x, v, medial);
      if (aboveDome < 1) attenuation += ABDOMEN * (1 - aboveDome) * rise(lateral - x, -0.02, 0.08);
      film[at] = 1 - Math.exp(-attenuation) + GRAIN * (grain() + grain() - 1);
    }
  }
  return film;
}

function bonesOf({ ribs: [odd, even], clavicles }: Anatomy, rows: number, columns: number): Float32Array {
  const bones = new Float32Array(rows * columns);
  const behind = new Float32Array(rows * columns);
  drawStrokes(bones, columns, odd, boneProfile);
  drawStrokes(behind, columns, [...even, ...clavicles], boneProfile);
  for (let i = 0; i < bones.length; i++) bones[i] += behind[i];
  return bones;
}

const overColumns = (columns: number, height: (u: number) => number): Float32Array =>
  Float32Array.from({ length: columns }, (_, column) => height((column + 0.5) / columns));

const edgesAt = ({ medial, lateral }: Lung, v: number) => ({ medial: medial(v), lateral: lateral(v) });

/** Heart and great vessels: denser towards their middle, and below the neck only. */
const heartAt = (x: number, v: number, medial: number): number => rise(medial - x, -0.012, 0.07) * rise(v, 0.16, 0.42);

/** Roots of the vessels and lymph nodes beside the heart, a soft shade. */
const hilumAt = (x: number, v: number, medial: number): number =>
  HILUM * (1 - rise(x - medial, 0, 0.1)) * (1 - rise(Math.abs(v - 0.43), 0, 0.16));

/** Spine and trachea at one height, over x: vertebrae with a paler disc between each two; the trachea's air above its fork. */
function centreOf(v: number, vertebraHeight: number): (x: number) => number {
  const inVertebra = Math.abs(((v / vertebraHeight) % 1) - 0.5); // 0 its middle, 0.5 the disc
  const spine = SPINE * (1 - 0.3 * rise(inVertebra, 0.34, 0.46));
  const width = 0.04 + 0.012 * v - 0.004 * Math.cos(inVertebra * 2 * Math.PI);
  const trachea = TRACHEA * (1 - rise(v, 0.27, 0.33));
  return (x) => spine * (1 - rise(x, width - 0.014, width)) - trachea * (1 - rise(x, 0.014, 0.024));
}

/** How much of the air a consolidation has taken, 0..1. */
type Opacity = (side: number, x: number, u: number, v: number) => number;

const NONE: Opacity = () => 0;

/** A cloud with soft, ragged borders; nothing beyond 1.35 of its radii. */
function opacityOf(consolidation: Consolidation, ragged: Field): Opacity {
  return (side, x, u, v) => {
    const distance = Math.hypot((x - consolidation.x) / consolidation.radiusX, (v - consolidation.v) / consolidation.radiusV);
    if (side !== consolidation.side || distance > 1.35) return 0;
    return 1 - rise(distance + 0.35 * ragged(u, v), 0.6, 1);
  };
}
