/** Parts of a study that people are given (evidence.md 2.5). */
export const PARTS = ['data-manager', 'reader', 'truther', 'statistician', 'investigator', 'regulatory', 'quality'] as const;
export type Part = (typeof PARTS)[number];
