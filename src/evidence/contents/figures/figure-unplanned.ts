/** The plan has no endpoint that the figure would show: nothing is computed for a picture alone. */
export class FigureUnplanned extends Error {
  override readonly name = 'FigureUnplanned';
  readonly code = 'E_NOT_PLANNED';

  constructor(what: string) {
    super(`The plan has no endpoint for it (${what}).`);
  }
}
