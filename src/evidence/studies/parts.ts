/** Parts of a study that people are given (evidence.md 2.5). */
export const PARTS = ['data-manager', 'reader', 'truther', 'statistician', 'investigator', 'regulatory', 'quality'] as const;
export type Part = (typeof PARTS)[number];

/** Who has a part, as the ledger names them; of a simulated reader a name will do. */
export const PERSON = /^(user|simulated):[^\s\0]{1,255}$/;
