import { randomUUID } from 'node:crypto';
import { REGULATORY } from './regulatory-graph-asked.js';

const NONE = `study: "${randomUUID()}"`;
const SIGNED = `version: 1, recordSha256: "${'a'.repeat(64)}", meaning: APPROVAL`;

/** What the fields of evidence are asked with, of a study that is nobody's; nothing comes of it but for `createValidationStudy`. */
export const EVIDENCE: Readonly<Record<string, string>> = {
  ...REGULATORY,
  validationStudy: `(id: "${randomUUID()}")`,
  validationDataset: `(id: "${randomUUID()}")`,
  createValidationStudy: '(input: { title: "x" })',
  addStudyMember: `(input: { ${NONE}, person: "user:x", role: READER, qualification: "", simulated: false })`,
  writeProtocol: `(input: { ${NONE}, protocol: "{}", kind: PROTOCOL, reason: "" })`,
  takeStudyStep: `(input: { ${NONE}, state: LOCKED, reason: "" })`,
  signStudy: `(input: { ${NONE}, entityType: PROTOCOL, ${SIGNED} })`,
  signRegulatoryRecord: `(input: { type: DEVICE, id: "none", ${SIGNED} })`,
  beginDataset: '(input: { dataset: "{}" })',
  importLabels: `(input: { ${NONE}, csv: "case_id,label,method" })`,
  labelCase: `(input: { ${NONE}, caseKey: "C1", label: 1, method: "x", adjudicates: false })`,
  freezeReference: `(input: { ${NONE} })`,
  openCase: `(input: { ${NONE} })`,
  submitReading: `(input: { ${NONE}, caseKey: "C1", arm: UNAIDED, status: READ })`,
  startRun: `(input: { ${NONE} })`,
  freezeStudy: `(input: { ${NONE} })`,
  analyseStudy: `(input: { ${NONE} })`,
};
