import { StudyFileContradictory } from '../faults.js';
import type { StudyView } from '../study/study-view.js';

/** Cases that a number comes from. */
export interface TraceSection {
  /** Within the page: what a number's link leads to. */
  readonly id: string;
  readonly name: string;
  /** Of the cases, ascending. */
  readonly places: readonly number[];
}

/** A page of sections: a number's first click leads here, the second to a case. */
export interface TracePage {
  /** From the payload's root. */
  readonly path: string;
  readonly title: string;
  readonly about: string;
  readonly sections: readonly TraceSection[];
}

/** The address of a section, from the payload's root, on whichever of the pages it is. */
export function sectionAddress(pages: readonly TracePage[], name: string): string {
  for (const { path, sections } of pages) {
    const section = sections.find((one) => one.name === name);
    if (section !== undefined) return `${path}#${section.id}`;
  }
  throw new StudyFileContradictory(`No cases are known as ${name}.`);
}

/** Undefined where there is none. */
export const sectionNamed = (pages: readonly TracePage[], name: string): TraceSection | undefined =>
  pages.flatMap(({ sections }) => sections).find((one) => one.name === name);

/** Sections in their order, numbered. */
export const sectionsOf = (named: readonly (readonly [name: string, places: readonly number[]])[]): TraceSection[] =>
  named.map(([name, places], i) => ({ id: `s${i}`, name, places: places.toSorted((a, b) => a - b) }));

/** @throws StudyFileContradictory  a key is of no case */
export function placesOf({ placeOf }: StudyView, keys: readonly string[]): number[] {
  return keys.map((key) => {
    const place = placeOf.get(key);
    if (place === undefined) throw new StudyFileContradictory('A result names a case that the study does not have.', [key]);
    return place;
  });
}

/** A text as a part of a file's name. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
