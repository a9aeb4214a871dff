import type { StudyFigure } from '../figures/study-figures.js';
import { link, type Block } from './block.js';

/** A figure, or in its place why there is none. */
export function figureBlock(figure: StudyFigure, folder: string): Block {
  if ('error' in figure) return { kind: 'absent-figure', title: figure.title, reason: `${figure.message} (${figure.error})` };
  const path = `${folder}/${figure.name}`;
  return {
    kind: 'figure',
    title: figure.title,
    svg: figure.svg,
    files: ['The figure and its numbers: ', link(`${figure.name}.svg`, `${path}.svg`), ', ', link(`${figure.name}.csv`, `${path}.csv`)],
  };
}
