import { createHash } from 'node:crypto';
import { analyse } from '../../../src/evidence/analysis/analyse.js';
import type { AnalysisPlan } from '../../../src/evidence/analysis/plan.js';
import type { StudyTables } from '../../../src/evidence/analysis/study-tables.js';
import type { ManifestItem, Person, ProtocolVersion, SignatureFile, StudyFile } from '../../../src/evidence/contents/study-file.js';
import { manifestLines } from '../../../src/evidence/contents/study/manifest-text.js';
import type { EndpointPurpose, Protocol } from '../../../src/evidence/studies/protocol.js';
import { canonicalSha256 } from '../../../src/signing/canonical.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const INVESTIGATOR: Person = { id: 'user:1', printedName: 'Ada Müller' };
const STATISTICIAN: Person = { id: 'user:2', printedName: 'Żaneta Ковач' };

export const CARD = {
  name: 'chest',
  version: '3',
  intendedUse: 'To be looked at',
  limitations: ['Not for clinical use.', 'Knows one hospital only.'],
  licence: 'Apache-2.0',
  notForClinicalUse: true,
};
const INTENDED_USE = { population: 'Adults', user: 'Radiologists', bodyPart: 'CHEST', limits: ['Not for children'] };

interface Made {
  readonly plan: AnalysisPlan;
  readonly tables: StudyTables;
  readonly variables: Protocol['variables'];
  readonly purposes: readonly EndpointPurpose[];
  readonly title?: string;
}

/** A whole study file around a plan and tables: all else is made up, and the same each time. */
export function aStudyFile({ plan, tables, variables, purposes, title = 'AI and readers in mammography' }: Made): StudyFile {
  const items = tables.cases.map(({ caseId, patientId, category, number }, i): ManifestItem => ({
    caseKey: caseId,
    patientKey: patientId,
    instanceHash: sha256(`instance ${caseId}`),
    fileSha256: sha256(`file ${caseId}`),
    pixelSha256: sha256(`pixels ${caseId}`),
    perceptualHash: sha256(caseId).slice(0, 16),
    site: category['site'] ?? '',
    manufacturer: category['vendor'] ?? '',
    model: i % 9 === 0 ? '' : 'M1',
    ageYears: number['age'] ?? null,
    sex: 'F',
    stratum: category['site'] ?? '',
    timesUsedBefore: i % 5 === 0 ? 1 : 0,
  }));
  const manifestSha256 = sha256([...manifestLines(items)].join(''));
  const protocol: Protocol = {
    title,
    question: 'Does the model find cancer as well as the readers of the routine do?',
    hypotheses: ['Its sensitivity is not worse by 0.05 or more.'],
    intendedUse: { id: 'use-1', version: 2, sha256: canonicalSha256(INTENDED_USE) },
    model: { name: 'chest', version: '3', onnxSha256: sha256('onnx'), cardSha256: canonicalSha256(CARD), finding: 'Cancer' },
    population: {
      description: 'Screened women',
      inclusion: ['Two views'],
      exclusion: ['Implants'],
      dataset: { id: 'dataset-1', manifestSha256 },
    },
    referenceStandard: { procedure: 'Pathology or two years of follow-up', labelsPerCase: 1, adjudication: 'adjudicator' },
    reading: {
      design: tables.readings.length === 0 ? 'none' : 'unaided',
      readers: 6,
      washOutDays: 0,
      cases: null,
      ratingScale: [1, 5],
      instructions: 'As in the routine',
      qualification: 'Five years',
    },
    variables,
    plan,
    endpoints: purposes,
    multiplicity: 'Holm over the subgroup tests',
    missingRule: 'Worst case',
    equivocalRule: 'None are',
    sampleSize: { method: 'stated', inputs: { sensitivity: 0.8 }, result: { cases: tables.cases.length }, reason: 'What there is' },
    seed: 7,
  };
  const first: ProtocolVersion = {
    version: 1,
    kind: 'protocol',
    protocol: { ...protocol, missingRule: 'To be written' },
    sha256: canonicalSha256({ ...protocol, missingRule: 'To be written' }),
    reason: 'First draft',
    at: '2026-01-02T08:00:00.000Z',
    by: INVESTIGATOR,
  };
  const second: ProtocolVersion = {
    version: 2,
    kind: 'amendment',
    protocol,
    sha256: canonicalSha256(protocol),
    reason: '=cmd|calc: the rule of missing values is written',
    at: '2026-01-03T08:00:00.000Z',
    by: INVESTIGATOR,
  };
  const result = analyse(plan, tables);
  const analysisSha256 = canonicalSha256(result);
  const readers = [...new Set(tables.readings.map(({ readerId }) => readerId))].sort();
  return {
    id: '5',
    title,
    organisation: 'Spital Grün',
    identifier: 'study/5/1',
    date: '2026-02-01',
    steps: ['draft', 'locked', 'running', 'unblinded', 'closed'].map((state, number) => ({
      number,
      state,
      at: `2026-01-${String(10 + number)}T08:00:00.000Z`,
      by: INVESTIGATOR,
      reason: state === 'draft' ? '' : `It was time for ${state}`,
      checks: { everyReadingIn: true, cases: tables.cases.length },
    })),
    protocols: [first, second],
    signatures: [
      signature('s1', INVESTIGATOR, 'investigator', 'approval', 'protocol', second.sha256, 2),
      signature('s2', STATISTICIAN, 'statistician', 'approval', 'protocol', second.sha256, 2),
      signature('s3', STATISTICIAN, 'statistician', 'authorship', 'analysis', analysisSha256, 1),
    ],
    members: readers.map((key) => ({
      key,
      person: { id: `user:${key}`, printedName: `Reader ${key}` },
      role: 'reader',
      qualification: 'Radiologist',
      simulated: key === 'R2',
      grantedAt: '2026-01-09T08:00:00.000Z',
      grantedBy: INVESTIGATOR,
    })),
    dataset: {
      id: 'dataset-1',
      name: 'Screening <2024> & "more"',
      purpose: 'test',
      manifestSha256,
      frozenAt: '2026-01-04T08:00:00.000Z',
      frozenBy: INVESTIGATOR,
      useLimit: 3,
      items,
      selection: {
        query: 'Modality=MG',
        found: tables.cases.length + 12,
        excluded: [{ reason: '@implants', count: 12 }],
        sampling: null,
      },
      leakage: {
        against: [{ model: 'chest', version: '3', entries: 5000, sha256: sha256('training') }],
        checkedPatients: 400,
        checkedPixels: tables.cases.length,
        samePatients: 0,
        samePixels: 0,
        alike: [{ caseKey: items[3].caseKey, distance: 4 }],
      },
      duplicates: {
        exact: [[items[0].caseKey, items[1].caseKey]],
        alike: [{ a: items[2].caseKey, b: items[4].caseKey, distance: 2 }],
      },
      missingness: [
        { attribute: 'model', missing: items.filter(({ model }) => model === '').length, of: items.length },
        { attribute: 'KVP', missing: 3, of: items.length },
      ],
    },
    labels: tables.cases.map(({ caseId, truth }, i) => ({
      caseKey: caseId,
      by: i % 2 === 0 ? 'T1' : '-T2',
      method: 'pathology',
      label: truth,
      at: '2026-01-05T08:00:00.000Z',
      source: '+import',
      adjudicates: false,
    })),
    reference: { sha256: sha256('reference'), frozenAt: '2026-01-06T08:00:00.000Z', frozenBy: INVESTIGATOR },
    assignments: tables.readings.map(({ readerId, caseId, arm }, place) => ({ reader: readerId, arm, session: 1, place, caseKey: caseId })),
    readings: tables.readings.map(({ readerId, caseId, arm, rating, clinicalAction }) => ({
      reader: readerId,
      arm,
      caseKey: caseId,
      rating,
      clinicalAction,
      status: rating === null ? 'not-evaluable' : 'read',
      openedAt: '2026-01-12T09:00:00.000Z',
      submittedAt: '2026-01-12T09:01:00.000Z',
      seconds: 60,
      source: 'form',
    })),
    run: {
      id: 'run-1',
      modelName: 'chest',
      modelVersion: '3',
      onnxSha256: sha256('onnx'),
      cardSha256: canonicalSha256(CARD),
      software: 'wetread 0.1.0',
      provider: 'cpu',
      startedAt: '2026-01-12T08:00:00.000Z',
      finishedAt: '2026-01-12T08:30:00.000Z',
      cases: tables.cases.length,
      failures: result.counts.failures,
      medianMilliseconds: 41,
      predictions: tables.predictions.map((one, i) => ({
        caseKey: one.caseId,
        score: 'score' in one ? one.score : null,
        error: 'error' in one ? one.error : '',
        outputSha256: sha256(`output ${one.caseId}`),
        milliseconds: 40 + (i % 5),
        ledgerSeq: 1000 + i,
      })),
    },
    records: [
      {
        type: 'intended-use',
        id: 'use-1',
        version: 2,
        content: INTENDED_USE,
        sha256: canonicalSha256(INTENDED_USE),
        at: '2026-01-01T08:00:00.000Z',
        by: INVESTIGATOR,
      },
      {
        type: 'model-card',
        id: 'card-1',
        version: 1,
        content: CARD,
        sha256: canonicalSha256(CARD),
        at: '2026-01-01T08:00:00.000Z',
        by: INVESTIGATOR,
      },
    ],
    deviations: [
      { number: 1, at: '2026-01-12T08:00:00.000Z', by: INVESTIGATOR, kind: 'deviation', description: '=1+1 <script>alert(1)</script>' },
    ],
    accesses: [
      {
        at: '2026-01-12T08:00:00.000Z',
        actor: 'user:9',
        action: 'evidence.refused',
        what: 'results before unblinding',
        outcome: 'refused',
      },
    ],
    tables,
    analysis: { number: 1, at: '2026-01-13T09:00:00.000Z', by: STATISTICIAN, sha256: analysisSha256, result },
    software: 'wetread 0.1.0',
  };
}

const signature = (
  id: string,
  signer: Person,
  role: string,
  meaning: string,
  entityType: string,
  recordSha256: string,
  version: number,
): SignatureFile => ({
  id,
  signer,
  role,
  meaning,
  entityType,
  entityId: '5',
  version,
  recordSha256,
  signedAt: '2026-01-11T08:00:00.000Z',
  timeSource: 'ntp',
  authentication: ['pwd', 'otp'],
  reauthenticatedAt: '2026-01-11T07:59:00.000Z',
  jws: 'eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl',
});

export const aPurpose = (id: string, rank: EndpointPurpose['rank']): EndpointPurpose => ({
  id,
  rank,
  hypothesis: `Hypothesis of ${id}`,
  successCriterion: `Criterion of ${id}`,
});
