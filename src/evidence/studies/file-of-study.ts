import type { Transaction } from '../../database/transaction.js';
import type { Analysis } from '../analysis/analyse.js';
import type { Person, RegulatoryRecordFile, RunFile, StudyFile } from '../contents/study-file.js';
import { recordsAbout } from '../regulatory/regulatory-records.sql.js';
import { quantile } from '../statistics/quantile.js';
import { datasetOfStudy, manifestItems, type DatasetDetails } from './datasets.sql.js';
import { NothingThere } from './faults.js';
import type { Protocol } from './protocol.js';
import { assignmentsOf, readingsOfStudy } from './reader-study.sql.js';
import { analysesOf, predictionsOf } from './results.sql.js';
import { runOf } from './runs.sql.js';
import { people, signaturesOf, signaturesOn } from './studies.sql.js';
import { viewOf } from './study-life.js';
import { signatureFile } from './held-signatures.js';
import { tablesOfStudy } from './tables-of-study.js';
import { labelsOf, referenceOf } from './truth.sql.js';

/** Signed beside a package, which cannot hold its own. */
const BESIDE = 'package';

/** What a package adds to what the study's own tables say. */
export interface PackageFacts {
  readonly organisation: string;
  /** 1 for the first package of the study. */
  readonly number: number;
  /** Of each case its record in the ledger. */
  readonly recordOf: ReadonlyMap<string, number>;
  readonly accesses: StudyFile['accesses'];
}

/** A study as its package tells it, in one view of the database. Throws StudyAbsent, NothingThere where it is not analysed. */
export async function fileOfStudy(tx: Transaction, study: string, facts: PackageFacts): Promise<StudyFile> {
  const view = await viewOf(tx, study);
  const named = new Map((await people(tx)).map(({ id, printedName }) => [id, printedName]));
  const person = (id: string): Person => ({ id, printedName: named.get(id) ?? id });
  const [analysis] = await analysesOf(tx, study);
  const [dataset, reference] = [await datasetOfStudy(tx, study), await referenceOf(tx, study)];
  if (analysis === undefined || dataset === undefined || reference === undefined) throw new NothingThere('analysis');
  const inForce = view.protocols.filter(({ version }) => version <= analysis.protocolVersion);
  const protocol = JSON.parse(inForce[inForce.length - 1].content) as Protocol; // as it was checked when it was written
  const details = JSON.parse(dataset.details) as DatasetDetails;
  const records = protocol.intendedUse === null ? [] : await recordsAbout(tx, { intendedUse: protocol.intendedUse, ...protocol.model });
  const ofRecords = await Promise.all(
    records.map(({ type, id, version }) => signaturesOn(tx, 'regulatory-record', `${type}/${id}`, version)),
  );
  const signatures = [...(await signaturesOf(tx, study)).filter(({ entityType }) => entityType !== BESIDE), ...ofRecords.flat()];
  const last = view.steps[view.steps.length - 1];
  return {
    id: study,
    title: view.title,
    organisation: facts.organisation,
    identifier: `study/${study}/${facts.number}`,
    date: last.at.toISOString().slice(0, 10),
    steps: view.steps.map(({ number, state, at, madeBy, reason, checks }) => ({
      number,
      state,
      at: at.toISOString(),
      by: person(madeBy),
      reason,
      checks: JSON.parse(checks) as Record<string, boolean | number>,
    })),
    protocols: inForce.map(({ version, kind, content, sha256, reason, at, madeBy }) => ({
      version,
      kind,
      protocol: JSON.parse(content) as Protocol,
      sha256,
      reason,
      at: at.toISOString(),
      by: person(madeBy),
    })),
    signatures: signatures.map(signatureFile),
    members: view.members.map((one) => ({
      key: one.key,
      person: person(one.person),
      role: one.role,
      qualification: one.qualification,
      simulated: one.simulated,
      grantedAt: one.at.toISOString(),
      grantedBy: person(one.madeBy),
    })),
    dataset: {
      id: dataset.id,
      name: dataset.name,
      purpose: dataset.purpose,
      manifestSha256: dataset.manifestSha256,
      frozenAt: dataset.at.toISOString(),
      frozenBy: person(dataset.madeBy),
      useLimit: dataset.useLimit,
      items: await manifestItems(tx, dataset.id),
      ...details,
    },
    labels: (await labelsOf(tx, study)).map(({ id: _id, member, at, ...one }) => ({ ...one, by: member, at: at.toISOString() })),
    reference: { sha256: reference.sha256, frozenAt: reference.at.toISOString(), frozenBy: person(reference.madeBy) },
    assignments: await assignmentsOf(tx, study),
    readings: (await readingsOfStudy(tx, study)).map(({ openedAt, submittedAt, marks: _marks, reason: _reason, ...one }) => ({
      ...one,
      openedAt: openedAt?.toISOString() ?? null,
      submittedAt: submittedAt.toISOString(),
    })),
    run: await runFile(tx, study, facts.recordOf),
    records: records.map(({ type, id, version, content, sha256, createdAt, createdBy }): RegulatoryRecordFile => ({
      type,
      id,
      version,
      content: JSON.parse(content) as object,
      sha256,
      at: createdAt.toISOString(),
      by: person(createdBy),
    })),
    deviations: view.deviations.map(({ at, madeBy, ...one }) => ({ ...one, at: at.toISOString(), by: person(madeBy) })),
    accesses: facts.accesses,
    tables: await tablesOfStudy(tx, study, protocol.variables),
    analysis: {
      number: analysis.number,
      at: analysis.at.toISOString(),
      by: person(analysis.madeBy),
      sha256: analysis.sha256,
      result: JSON.parse(analysis.content) as Analysis,
    },
    software: analysis.software,
  };
}

async function runFile(tx: Transaction, study: string, recordOf: ReadonlyMap<string, number>): Promise<RunFile> {
  const run = await runOf(tx, study);
  const predictions = await predictionsOf(tx, study);
  if (run === undefined || predictions.length === 0) throw new NothingThere('run');
  const { id, modelName, modelVersion, onnxSha256, cardSha256, software, at } = run;
  const milliseconds = predictions.map((one) => one.milliseconds).sort((a, b) => a - b);
  return {
    id,
    modelName,
    modelVersion,
    onnxSha256,
    cardSha256,
    software,
    provider: [...new Set(predictions.map(({ provider }) => provider).filter((one) => one !== ''))].sort().join(', '),
    startedAt: at.toISOString(),
    finishedAt: new Date(Math.max(...predictions.map((one) => one.at.getTime()))).toISOString(),
    cases: predictions.length,
    failures: predictions.filter(({ score }) => score === null).length,
    medianMilliseconds: quantile(milliseconds, 0.5),
    predictions: predictions.map(({ caseKey, score, error, outputSha256, milliseconds: ms }) => ({
      caseKey,
      score,
      error,
      outputSha256,
      milliseconds: ms,
      ledgerSeq: recordOf.get(caseKey) ?? 0,
    })),
  };
}
