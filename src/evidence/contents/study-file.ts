import type { Analysis } from '../analysis/analyse.js';
import type { StudyTables } from '../analysis/study-tables.js';
import type { Protocol } from '../studies/protocol.js';

/** Who did something in a study: never more than this of a person leaves in a package. */
export interface Person {
  /** What the ledger names: `user:ID`. */
  readonly id: string;
  readonly printedName: string;
}

export interface ProtocolVersion {
  readonly version: number;
  /** The first ones are drafts of the protocol; after the lock only amendments. */
  readonly kind: 'protocol' | 'amendment';
  readonly protocol: Protocol;
  /** Of the canonical text (RFC 8785), hex: what was signed. */
  readonly sha256: string;
  readonly reason: string;
  readonly at: string;
  readonly by: Person;
}

/** An electronic signature (21 CFR 11.50, 11.70, 11.200): who, when, why, and of which content. */
export interface SignatureFile {
  readonly id: string;
  readonly signer: Person;
  readonly role: string;
  readonly meaning: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly version: number;
  /** Of the signed entity's canonical text, hex. */
  readonly recordSha256: string;
  /** ISO 8601, by `timeSource`. */
  readonly signedAt: string;
  readonly timeSource: string;
  readonly authentication: readonly string[];
  readonly reauthenticatedAt: string;
  /** The server's JWS (compact, EdDSA) over the canonical text of all the above but the id. */
  readonly jws: string;
}

/** A step of the study's life: draft → locked → running → unblinded → closed, or terminated. */
export interface StepFile {
  readonly number: number;
  readonly state: string;
  readonly at: string;
  readonly by: Person;
  readonly reason: string;
  /** What was checked before it, by name: true for each, as the database would not take it otherwise. */
  readonly checks: Readonly<Record<string, boolean | number | string>>;
}

export interface MemberFile {
  /** In the package readers are known by it: `R1`. */
  readonly key: string;
  readonly person: Person;
  readonly role: string;
  readonly qualification: string;
  /** No person: its readings are made by a program, and said to be. */
  readonly simulated: boolean;
  readonly grantedAt: string;
  readonly grantedBy: Person;
}

export interface ManifestItem {
  /** `C0001`, in an order that tells nothing. */
  readonly caseKey: string;
  readonly patientKey: string;
  /** SHA-256 of the SOP Instance UID, hex. */
  readonly instanceHash: string;
  /** SHA-256 of the stored file, hex. */
  readonly fileSha256: string;
  /** SHA-256 of the decoded pixels, hex. */
  readonly pixelSha256: string;
  /** 16 hex digits: alike images have hashes that differ in few bits. */
  readonly perceptualHash: string;
  readonly site: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly ageYears: number | null;
  readonly sex: string;
  readonly stratum: string;
  /** How many locked studies had used it before this one. */
  readonly timesUsedBefore: number;
}

export interface DatasetFile {
  readonly id: string;
  readonly name: string;
  readonly purpose: 'train' | 'tune' | 'test' | 'monitor';
  readonly manifestSha256: string;
  readonly frozenAt: string;
  readonly frozenBy: Person;
  readonly useLimit: number;
  readonly items: readonly ManifestItem[];
  /** The query over the archive, how many it found, and why others were left out: a flow diagram's boxes (STARD). */
  readonly selection: {
    readonly query: string;
    readonly found: number;
    readonly excluded: readonly { readonly reason: string; readonly count: number }[];
    readonly sampling: { readonly seed: number; readonly by: readonly string[]; readonly size: number } | null;
  };
  readonly leakage: {
    readonly against: readonly { readonly model: string; readonly version: string; readonly entries: number; readonly sha256: string }[];
    readonly checkedPatients: number;
    readonly checkedPixels: number;
    readonly samePatients: number;
    readonly samePixels: number;
    readonly alike: readonly { readonly caseKey: string; readonly distance: number }[];
  };
  readonly duplicates: {
    readonly exact: readonly (readonly string[])[];
    readonly alike: readonly { readonly a: string; readonly b: string; readonly distance: number }[];
  };
  readonly missingness: readonly { readonly attribute: string; readonly missing: number; readonly of: number }[];
}

export interface TruthLabelFile {
  readonly caseKey: string;
  readonly by: string;
  readonly method: string;
  readonly label: 0 | 1 | null;
  readonly at: string;
  readonly source: string;
  /** It decided between these. */
  readonly adjudicates: boolean;
}

export interface AssignmentFile {
  readonly reader: string;
  readonly arm: 'unaided' | 'aided';
  readonly session: number;
  readonly place: number;
  readonly caseKey: string;
}

export interface ReadingFile {
  readonly reader: string;
  readonly arm: 'unaided' | 'aided';
  readonly caseKey: string;
  readonly rating: number | null;
  readonly clinicalAction: 0 | 1 | null;
  readonly status: 'read' | 'not-evaluable';
  readonly openedAt: string | null;
  readonly submittedAt: string;
  readonly seconds: number | null;
  readonly source: string;
}

export interface RunFile {
  readonly id: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly onnxSha256: string;
  readonly cardSha256: string;
  readonly software: string;
  readonly provider: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly cases: number;
  readonly failures: number;
  readonly medianMilliseconds: number;
  readonly predictions: readonly {
    readonly caseKey: string;
    readonly score: number | null;
    readonly error: string;
    readonly outputSha256: string;
    readonly milliseconds: number;
    /** Its record in the ledger. */
    readonly ledgerSeq: number;
  }[];
}

/** A record of the regulatory file (evidence/regulatory), as it is in the database. */
export interface RegulatoryRecordFile {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly content: object;
  readonly sha256: string;
  readonly at: string;
  readonly by: Person;
}

export interface DeviationFile {
  readonly number: number;
  readonly at: string;
  readonly by: Person;
  readonly kind: 'deviation' | 'post-hoc';
  readonly description: string;
}

/** What went out of the study's data, or was refused: from the ledger. */
export interface AccessFile {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly what: string;
  readonly outcome: string;
}

/** All of a study that its package tells, taken from the database in one view of it; the same study gives the same file. */
export interface StudyFile {
  readonly id: string;
  readonly title: string;
  readonly organisation: string;
  /** `study/ID/N`. */
  readonly identifier: string;
  /** ISO 8601 date: of the last step. */
  readonly date: string;
  readonly steps: readonly StepFile[];
  /** In order; the last is in force. */
  readonly protocols: readonly ProtocolVersion[];
  readonly signatures: readonly SignatureFile[];
  readonly members: readonly MemberFile[];
  readonly dataset: DatasetFile;
  readonly labels: readonly TruthLabelFile[];
  readonly reference: { readonly sha256: string; readonly frozenAt: string; readonly frozenBy: Person };
  readonly assignments: readonly AssignmentFile[];
  readonly readings: readonly ReadingFile[];
  readonly run: RunFile;
  readonly records: readonly RegulatoryRecordFile[];
  readonly deviations: readonly DeviationFile[];
  readonly accesses: readonly AccessFile[];
  /** What was analysed, by `analyse(plan, tables)`, and what came of it. */
  readonly tables: StudyTables;
  readonly analysis: {
    readonly number: number;
    readonly at: string;
    readonly by: Person;
    readonly sha256: string;
    readonly result: Analysis;
  };
  readonly software: string;
}
