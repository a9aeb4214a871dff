import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import { decisionRecord, rawOutputs } from '../../inference/decision-record.js';
import type { ImageRead } from '../../inference/read-image.js';
import type { LedgerEvent } from '../../ledger/ledger-event.js';
import { canonicalSha256 } from '../../signing/canonical.js';
import type { ModelUnderTest } from '../studies/protocol.js';
import type { FoundModel } from './model-under-test.js';

/** A case of a frozen dataset that has no prediction yet. */
export interface CaseToRead {
  readonly caseId: number;
  /** As the manifest calls it: `C0001`. */
  readonly caseKey: string;
  /** Its instance in the archive. */
  readonly instanceRow: number;
  /** SHA-256 of the stored file when the dataset was frozen, hex. */
  readonly fileSha256: string;
}

/** What a run is of. */
export interface RunOf {
  readonly study: string;
  readonly run: string;
  readonly model: ModelUnderTest;
}

/** What the model made of a case; or why there is no score, which counts as a failure of the model under test, never as no case. */
export interface CaseResult {
  readonly caseId: number;
  readonly caseKey: string;
  /** Probability of the protocol's finding, 0..1; null where there is none. */
  readonly score: number | null;
  /** Stable code; '' where there is a score. */
  readonly error: string;
  /** Of the tensor that the model was given, hex; '' where it was given none. */
  readonly inputSha256: string;
  /** Of the canonical text of `outputs`, hex; '' where there are none. */
  readonly outputSha256: string;
  /** All that the model gave; kept with the prediction, as its ledger record has the digest alone. */
  readonly outputs: object | null;
  /** From beginning to end, waiting for the engine included. */
  readonly milliseconds: number;
  /** '' where nothing ran. */
  readonly provider: string;
  /** Row of the study in the archive that it is of; null where the archive no longer has it. */
  readonly studyRow: number | null;
  /** `evidence.case-read`; the Patient whom it is of is added as it is recorded (case-events.ts). */
  readonly event: LedgerEvent;
}

/** The instance is no longer in the archive. */
export const INSTANCE_ABSENT = 'instance-absent';
/** The instance's file is another than it was when the dataset was frozen. */
export const INSTANCE_CHANGED = 'instance-changed';
/** The model gave no probability. */
const NO_PROBABILITY = 'no-probability';

/** What is known of a case before a model has read it. */
interface Found {
  readonly of: RunOf;
  readonly one: CaseToRead;
  readonly model: FoundModel;
  /** Undefined where the archive no longer has it. */
  readonly instance: PixelInstanceRow | undefined;
  readonly milliseconds: number;
}

/** A case without a score. */
export const caseFailed = (found: Found, error: string): CaseResult => ({
  ...nothingOf(found),
  error,
  event: eventOf(found, error),
});

/**
 * The result of a case. Its record in the ledger names what went in and by what it was read, and of the outputs the digest alone: before
 * the study is unblinded nobody learns from the ledger what the model said, and afterwards it vouches for what is shown.
 */
export function caseRead(found: Found, read: ImageRead): CaseResult {
  if (read.state !== 'read') return caseFailed(found, read.why.code);
  const { reading } = read;
  const score = reading.probabilities?.[found.model.finding];
  const outputs = rawOutputs(reading);
  return {
    ...nothingOf(found),
    score: score ?? null,
    error: score === undefined ? NO_PROBABILITY : '',
    inputSha256: reading.inputSha256 ?? '',
    outputSha256: canonicalSha256(outputs),
    outputs,
    provider: reading.provider,
    event: eventOf(found, score === undefined ? NO_PROBABILITY : '', read),
  };
}

const nothingOf = ({ one: { caseId, caseKey }, instance, milliseconds }: Found) => ({
  caseId,
  caseKey,
  score: null,
  inputSha256: '',
  outputSha256: '',
  outputs: null,
  milliseconds,
  provider: '',
  studyRow: instance?.studyRow ?? null,
});

function eventOf({ of, one, model: { model }, instance }: Found, error: string, read?: Extract<ImageRead, { state: 'read' }>): LedgerEvent {
  const decision = decisionRecord({ model, files: instance ? [instance.sha256] : [], reading: read?.reading }, 'digest');
  return {
    actor: 'wetread',
    action: 'evidence.case-read',
    entity: { type: 'instance', id: String(one.instanceRow) },
    changes: { study: of.study, run: of.run, case: one.caseKey, finding: of.model.finding, ...decision },
    reason: error,
  };
}
