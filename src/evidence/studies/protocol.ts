import type { AnalysisPlan } from '../analysis/plan.js';

/** A record of the regulatory file, by its version and its content's SHA-256 (evidence/regulatory). */
export interface RecordReference {
  readonly id: string;
  readonly version: number;
  /** Of the record's canonical text, hex. */
  readonly sha256: string;
}

/** The model under test, by its bytes: another file under the same name is another model. */
export interface ModelUnderTest {
  readonly name: string;
  readonly version: string;
  /** Of model.onnx, hex. */
  readonly onnxSha256: string;
  /** Of card.json's canonical text (RFC 8785), hex. */
  readonly cardSha256: string;
  /** Label of the class of the card whose probability is a case's score. */
  readonly finding: string;
}

/** How readers read: not at all; without the model; every case in both arms, with a wash-out between; first without, then with, at one sitting. */
export const READER_DESIGNS = ['none', 'unaided', 'crossover', 'sequential'] as const;
export type ReaderDesign = (typeof READER_DESIGNS)[number];

/** What readers do, fixed before the first reads (FDA, Clinical performance assessment of CADe, 2022). */
export interface ReaderTask {
  readonly design: ReaderDesign;
  /** Least number of readers. */
  readonly readers: number;
  /** Days between a reader's two readings of a case; 0 unless the design is crossover. */
  readonly washOutDays: number;
  /** Cases that readers read: a sample of the dataset, drawn by the seed; null where they read all. */
  readonly cases: number | null;
  /** The suspicion that a reader gives a case: whole numbers, both ends in it. */
  readonly ratingScale: readonly [lowest: number, highest: number];
  /** What the rating's ends mean, and what the clinical action is (recall, say). */
  readonly instructions: string;
  readonly qualification: string;
}

/** How the truth of a case comes to be. */
export interface ReferenceStandard {
  readonly procedure: string;
  /** Labels that a case needs of different people; 1 where the truth comes from pathology, follow-up or a record. */
  readonly labelsPerCase: number;
  /** `majority` of the labels, an adjudicator where there is none; `adjudicator`: wherever labels differ. */
  readonly adjudication: 'majority' | 'adjudicator';
}

/** What an endpoint of the plan is for: one entry for each. */
export interface EndpointPurpose {
  readonly id: string;
  readonly rank: 'primary' | 'secondary' | 'exploratory';
  readonly hypothesis: string;
  readonly successCriterion: string;
}

/** A size of the study, by one of the methods of statistics/design, computed again by the server when the protocol is written. */
export interface SampleSize {
  /** `stated`: by nothing that the server could compute; `reason` says by what. */
  readonly method:
    'proportion-precision' | 'proportion-goal' | 'mcnemar' | 'paired-noninferiority' | 'auc' | 'paired-auc' | 'mrmc-power' | 'stated';
  /** What went into it, by the method's own names. */
  readonly inputs: Readonly<Record<string, number>>;
  /** What came out, by the method's own names: `nDiseased`, `nTotal`, `nPairs`, … */
  readonly result: Readonly<Record<string, number>>;
  readonly reason: string;
}

/** Columns of the cases beside truth: what endpoints group and compare by. */
export interface CaseVariables {
  readonly binary: readonly string[];
  readonly category: readonly string[];
  readonly number: readonly string[];
}

/**
 * A validation study's protocol (CONSORT-AI and SPIRIT-AI 2020; STARD-AI 2025; FDA CADe guidance 2022): everything that is fixed before
 * a result can be seen. Its canonical text is what is signed.
 */
export interface Protocol {
  readonly title: string;
  readonly question: string;
  readonly hypotheses: readonly string[];
  /** null only while it is a draft. */
  readonly intendedUse: RecordReference | null;
  readonly model: ModelUnderTest;
  readonly population: {
    readonly description: string;
    readonly inclusion: readonly string[];
    readonly exclusion: readonly string[];
    /** The frozen dataset, by its manifest: no case can be dropped or added unseen. null only while it is a draft. */
    readonly dataset: { readonly id: string; readonly manifestSha256: string } | null;
  };
  readonly referenceStandard: ReferenceStandard;
  readonly reading: ReaderTask;
  readonly variables: CaseVariables;
  readonly plan: AnalysisPlan;
  readonly endpoints: readonly EndpointPurpose[];
  readonly multiplicity: string;
  readonly missingRule: string;
  readonly equivocalRule: string;
  readonly sampleSize: SampleSize;
  /** Whole number below 2^32: of the order of readings, samples and resampling. */
  readonly seed: number;
}
