import type { PayloadFile } from '../../package/evidence-package.js';
import { PATHS } from '../study/paths.js';
import { ofJson, ofText } from '../written/payload.js';
import type { StudyFigure } from './study-figures.js';

/** 08-figures: each as SVG with the numbers that it shows as CSV, and a list that says of the others why they are not there. */
export const figureFiles = (figures: readonly StudyFigure[]): PayloadFile[] => [
  ...figures.flatMap((figure) => filesOf(figure, '08-figures')),
  ofJson(PATHS.figures, 'Which figures there are, and why others are not', () =>
    figures.map(({ name, title, ...rest }) =>
      'error' in rest ? { name, title, drawn: false, ...rest } : { name, title, drawn: true, svg: `${name}.svg`, csv: `${name}.csv` },
    ),
  ),
];

/** The files of a figure that was drawn. */
export function filesOf(figure: StudyFigure, folder: string): PayloadFile[] {
  if ('error' in figure) return [];
  const { name, title, svg, csv } = figure;
  return [
    ofText(`${folder}/${name}.svg`, 'svg', title, () => svg),
    ofText(`${folder}/${name}.csv`, 'csv', `${title}: the numbers that the figure shows`, () => csv),
  ];
}
