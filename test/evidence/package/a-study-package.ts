import { frozenDigest } from '../../../src/evidence/package/frozen-digest.js';
import { hash } from 'node:crypto';
import { analyse } from '../../../src/evidence/analysis/analyse.js';
import type { CaseColumns } from '../../../src/evidence/analysis/csv-tables.js';
import type { AnalysisPlan } from '../../../src/evidence/analysis/plan.js';
import type { StudyTables } from '../../../src/evidence/analysis/study-tables.js';
import type { SignatureFile } from '../../../src/evidence/contents/study-file.js';
import type { Protocol } from '../../../src/evidence/studies/protocol.js';
import type { LedgerEvent } from '../../../src/ledger/ledger-event.js';
import { canonicalText } from '../../../src/signing/canonical.js';
import { aPlan, aStudy } from '../analysis/a-study.js';

/** A study as its package tells it: what its files are written from. */
export interface Study {
  readonly protocol: Protocol;
  readonly tables: StudyTables;
  readonly variables: CaseColumns;
}

const VARIABLES: CaseColumns = { binary: ['routine'], category: ['site'], number: ['age'] };

/** A made-up study of readers, the same each time; of a plan and tables of its own where given. */
export function aStudyOf(
  tables: StudyTables = aStudy(60, 40),
  variables: CaseColumns = VARIABLES,
  plan: AnalysisPlan = aPlan([
    { id: 'P1', kind: 'auc' },
    { id: 'P2', kind: 'paired-accuracy', measure: 'sensitivity', comparator: 'routine', margin: 0.1 },
    { id: 'S1', kind: 'against-readers', measure: 'auc', margin: 0.1 },
  ]),
): Study {
  const protocol: Protocol = {
    title: 'Chest, readers',
    question: 'Is it as good as readers are?',
    hypotheses: ['It is not inferior'],
    intendedUse: { id: 'iu', version: 1, sha256: 'ab'.repeat(32) },
    model: { name: 'chest', version: '1', onnxSha256: 'cd'.repeat(32), cardSha256: hash('sha256', canonicalText(CARD)), finding: 'nodule' },
    population: {
      description: 'Made up',
      inclusion: ['all'],
      exclusion: [],
      dataset: { id: 'd1', manifestSha256: hash('sha256', manifestText(tables)) },
    },
    referenceStandard: { procedure: 'follow-up', labelsPerCase: 1, adjudication: 'majority' },
    reading: { design: 'unaided', readers: 6, washOutDays: 0, cases: 40, ratingScale: [1, 5], instructions: 'Ü', qualification: 'any' },
    variables,
    plan,
    endpoints: plan.endpoints.map(({ id }) => ({
      id,
      rank: id.startsWith('P') ? 'primary' : 'secondary',
      hypothesis: 'better',
      successCriterion: 'p < 0.025',
    })),
    multiplicity: 'none',
    missingRule: 'worst case',
    equivocalRule: 'none',
    sampleSize: { method: 'stated', inputs: {}, result: { cases: tables.cases.length }, reason: 'all there are' },
    seed: 7,
  };
  return { protocol, tables, variables };
}

/** Records of the ledger about a study in the order in which it is done; those of cases from `FIRST_CASE` on. */
export function eventsOf({ protocol, tables }: Study): Pick<LedgerEvent, 'action' | 'changes'>[] {
  const recordSha256 = hash('sha256', canonicalText(protocol));
  return [
    { action: 'evidence.recorded', changes: { state: 'draft' } },
    { action: 'evidence.signed', changes: { meaning: 'responsibility', recordSha256 } },
    { action: 'evidence.signed', changes: { meaning: 'approval', recordSha256 } },
    { action: 'evidence.recorded', changes: { state: 'locked' } },
    ...tables.predictions.map((one) => ({
      action: 'evidence.case-read' as const,
      changes: { case: one.caseId, ...('score' in one && { outputsSha256: hash('sha256', canonicalText(outputsOf(one.score))) }) },
    })),
    { action: 'evidence.case-shown', changes: { reader: 'R1' } },
    { action: 'evidence.recorded', changes: { state: 'unblinded' } },
  ];
}
export const FIRST_CASE = 4;

/** The card of the model under test. */
const CARD = { classes: [{ label: 'none' }, { label: 'nodule' }] };

/** What a model gives with a score. */
const outputsOf = (score: number) => ({ probabilities: [1 - score, score] });

const outputsText = ({ predictions }: StudyTables): string =>
  predictions
    .flatMap((one) => ('score' in one ? [`${JSON.stringify({ caseKey: one.caseId, outputs: outputsOf(one.score) })}\n`] : []))
    .join('');

interface Signed extends Pick<SignatureFile, 'role' | 'meaning' | 'recordSha256'> {
  readonly name: string;
  readonly version?: number;
  /** A protocol unless said. */
  readonly entityType?: string;
}

/** A signature of a protocol. @param sign  JWS of a value's canonical text */
export async function aSignature(
  sign: (value: object) => Promise<string>,
  { name, version = 1, entityType = 'protocol', ...of }: Signed,
): Promise<SignatureFile> {
  const said = {
    signer: { id: `user:${name}`, printedName: `Dr ${name}` },
    ...of,
    entityType,
    entityId: 'study-7',
    version,
    signedAt: '2026-11-28T12:00:00.000Z',
    timeSource: 'server clock',
    authentication: ['password', 'totp'],
    reauthenticatedAt: '2026-11-28T11:59:50.000Z',
  };
  return { id: `signature-${entityType}-${name}-${version}`, ...said, jws: await sign(said) };
}

const SALT = 'salt of the freeze';

/** What is frozen of a study before it is unblinded. */
function freezeOf({ protocol, tables }: Study) {
  const content = {
    protocolSha256: hash('sha256', canonicalText(protocol)),
    manifestSha256: hash('sha256', manifestText(tables)),
    casesSha256: frozenDigest(SALT, tables.cases),
    predictionsSha256: frozenDigest(SALT, tables.predictions),
    readingsSha256: frozenDigest(SALT, tables.readings),
  };
  return { content, salts: { freeze: SALT }, sha256: hash('sha256', canonicalText(content)) };
}

/** A study's files, by their paths below `data/`. @param sign  JWS of a value's canonical text @param seqOf  number of a prediction's record, by its place */
export async function studyTexts(
  { protocol, tables, variables }: Study,
  sign: (value: object) => Promise<string>,
  seqOf: (place: number) => number,
): Promise<Record<string, string>> {
  const text = canonicalText(protocol);
  const recordSha256 = hash('sha256', text);
  const freeze = freezeOf({ protocol, tables, variables });
  const unblind = { entityType: 'freeze', meaning: 'approval', recordSha256: freeze.sha256 };
  const signatures = [
    await aSignature(sign, { name: 'A', role: 'investigator', meaning: 'responsibility', recordSha256 }),
    await aSignature(sign, { name: 'B', role: 'statistician', meaning: 'approval', recordSha256 }),
    await aSignature(sign, { name: 'A', role: 'investigator', ...unblind }),
    await aSignature(sign, { name: 'B', role: 'statistician', ...unblind }),
  ];
  return {
    '01-protocol/protocol.json': text,
    '01-protocol/freeze.json': JSON.stringify(freeze),
    '01-protocol/sap.json': canonicalText(protocol.plan),
    '02-dataset/manifest.jsonl': manifestText(tables),
    '03-reference/cases.csv': casesText(tables, variables),
    ...(tables.readings.length > 0 && { '04-readers/readings.csv': readingsText(tables) }),
    '05-predictions/predictions.csv': predictionsText(tables, seqOf),
    '05-predictions/outputs.jsonl': outputsText(tables),
    '06-device/model-card.json': canonicalText(CARD),
    '07-statistics/results.json': canonicalText(analyse(protocol.plan, tables)),
    'signatures.json': JSON.stringify(signatures, undefined, 1),
  };
}

const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [head, ...rows].map((row) => `${row.map((one) => String(one ?? '')).join(',')}\n`).join('');

function manifestText({ cases }: StudyTables): string {
  return cases.map(({ caseId, patientId }) => `${JSON.stringify({ caseKey: caseId, patientKey: patientId })}\n`).join('');
}

const casesText = ({ cases }: StudyTables, { binary, category, number }: CaseColumns): string =>
  table(
    ['case_id', 'patient_id', 'truth', ...binary, ...category, ...number],
    cases.map((one) => [
      one.caseId,
      one.patientId,
      one.truth,
      ...binary.map((name) => one.binary[name]),
      ...category.map((name) => one.category[name]),
      ...number.map((name) => one.number[name]),
    ]),
  );

const predictionsText = ({ predictions }: StudyTables, seqOf: (place: number) => number): string =>
  table(
    ['case_id', 'score', 'error', 'ledger_seq'],
    predictions.map((one, i) => [one.caseId, 'score' in one ? one.score : '', 'error' in one ? one.error : '', seqOf(i)]),
  );

const readingsText = ({ readings }: StudyTables): string =>
  table(
    ['reader_id', 'case_id', 'arm', 'rating', 'clinical_action'],
    readings.map(({ readerId, caseId, arm, rating, clinicalAction }) => [readerId, caseId, arm, rating, clinicalAction]),
  );
