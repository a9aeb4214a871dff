/** A case of the locked manifest, by its de-identified key, with its truth and what it is grouped and compared by. */
export interface StudyCase {
  readonly caseId: string;
  readonly patientId: string;
  /** The frozen reference standard: 1 has the disease. */
  readonly truth: 0 | 1;
  /** What comparators called the case, say a routine recall. */
  readonly binary: Readonly<Record<string, 0 | 1>>;
  /** Site, scanner's vendor, … */
  readonly category: Readonly<Record<string, string>>;
  /** Age, …; null where it is not known. */
  readonly number: Readonly<Record<string, number | null>>;
}

/** What the model answered for a case: a score, or why it gave none. */
export type Prediction = { readonly caseId: string; readonly score: number } | { readonly caseId: string; readonly error: string };

/** With the model's answer before the reader's eyes, or without. */
export const ARMS = ['unaided', 'aided'] as const;
export type Arm = (typeof ARMS)[number];

/** What a reader said of a case in an arm of the study: how suspicious it is, and, apart from that, what they would do. Null where it could not be read. */
export interface Reading {
  readonly arm: Arm;
  readonly readerId: string;
  readonly caseId: string;
  readonly rating: number | null;
  readonly clinicalAction: 0 | 1 | null;
}

export interface StudyTables {
  readonly cases: readonly StudyCase[];
  readonly predictions: readonly Prediction[];
  readonly readings: readonly Reading[];
}
