import type { JsonPlace } from '../../json-place.js';

/** What a reader marked: where, in pixels, and how suspicious. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly rating: number;
}

/** A place refuses by the fault that its reader chose. */
export const marksAt = (place: JsonPlace): Mark[] =>
  place.list((one) => one.object<Mark>({ x: (x) => x.number(0, 1e6), y: (y) => y.number(0, 1e6), rating: (r) => r.number(-1e3, 1e3) }));
