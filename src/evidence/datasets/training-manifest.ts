import { createHash } from 'node:crypto';
import { TrainingManifestMalformed } from './faults.js';

/** A picture that a model was made from: never the picture, nor whose it is. */
export interface TrainingEntry {
  /** `train`: its weights are of it; `tune`: epochs, thresholds and calibration were chosen by it. */
  readonly part: 'train' | 'tune';
  /** `pixelSha256` of the picture as training decoded it */
  readonly pixelSha256: string;
  readonly perceptualHash: string;
  /** `patientHash` of its Patient ID without an issuer; empty where the data do not tell patients. */
  readonly patientHash: string;
}

/** What a manifest says of itself. */
export interface TrainingManifestHead {
  readonly format: typeof FORMAT;
  readonly model: string;
  readonly version: string;
  /** Of model.onnx, hex: which model was made from these. */
  readonly modelSha256: string;
  readonly dataset: string;
  readonly citation: string;
  readonly licence: string;
  /** What stands for the Patient ID, in words. */
  readonly patientIdentity: string;
  readonly entries: number;
}

export interface TrainingManifest {
  readonly head: TrainingManifestHead;
  /** Of the file, hex. */
  readonly sha256: string;
  readonly entries: readonly TrainingEntry[];
}

const FORMAT = 'wetread-training-manifest-v1';
/** Name of the file beside model.onnx. */
export const TRAINING_MANIFEST_FILE = 'training-manifest.ndjson';
const HEX_64 = /^[0-9a-f]{64}$/;
const HEX_16 = /^[0-9a-f]{16}$/;

/**
 * The file: its head, then a line `[part, pixelSha256, perceptualHash, patientHash]` for each picture, in the order of their hashes, which
 * is no order of the data; lines end with a line feed. The same pictures give the same bytes.
 */
export function trainingManifestText(head: Omit<TrainingManifestHead, 'format' | 'entries'>, entries: readonly TrainingEntry[]): string {
  const { model, version, modelSha256, dataset, citation, licence, patientIdentity } = head;
  const facts = { format: FORMAT, model, version, modelSha256, dataset, citation, licence, patientIdentity, entries: entries.length };
  const lines = entries.map((one) => JSON.stringify([one.part, one.pixelSha256, one.perceptualHash, one.patientHash]));
  return `${[JSON.stringify(facts), ...lines.sort(byHash)].join('\n')}\n`;
}

/** By what stands after the part. */
function byHash(a: string, b: string): number {
  const [one, other] = [a, b].map((line) => line.slice(line.indexOf(',')) + line);
  return one < other ? -1 : one > other ? 1 : 0;
}

/** @param bytes  of the file @throws TrainingManifestMalformed */
export function readTrainingManifest(bytes: Uint8Array): TrainingManifest {
  const [first, ...lines] = Buffer.from(bytes).toString('utf8').split('\n');
  const head = headOf(first);
  if (lines.pop() !== '') throw new TrainingManifestMalformed(lines.length + 2, 'does not end');
  if (lines.length !== head.entries) throw new TrainingManifestMalformed(1, 'counts other entries than there are');
  return { head, sha256: createHash('sha256').update(bytes).digest('hex'), entries: lines.map((line, i) => entryOf(line, i + 2)) };
}

function headOf(text: string): TrainingManifestHead {
  const head = parsed(text, 1) as Partial<Record<keyof TrainingManifestHead, unknown>> | null;
  const { format, model, version, modelSha256, dataset, citation, licence, patientIdentity, entries } = head ?? {};
  if (format !== FORMAT) throw new TrainingManifestMalformed(1, `is no head of ${FORMAT}`);
  const words = [model, version, modelSha256, dataset, citation, licence, patientIdentity];
  if (!words.every((one) => typeof one === 'string') || !HEX_64.test(String(modelSha256)) || !Number.isSafeInteger(entries))
    throw new TrainingManifestMalformed(1, 'lacks a member, or has one of another type');
  return head as TrainingManifestHead; // each member was looked at
}

function entryOf(text: string, line: number): TrainingEntry {
  const row = parsed(text, line);
  if (!Array.isArray(row) || row.length !== 4) throw new TrainingManifestMalformed(line, 'is no list of four');
  const [part, pixelSha256, perceptualHash, patientHash] = row.map(String);
  if (part !== 'train' && part !== 'tune') throw new TrainingManifestMalformed(line, 'names no part of a training');
  if (!HEX_64.test(pixelSha256) || !HEX_16.test(perceptualHash) || (patientHash !== '' && !HEX_64.test(patientHash)))
    throw new TrainingManifestMalformed(line, 'holds what is no hash');
  return { part, pixelSha256, perceptualHash, patientHash };
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TrainingManifestMalformed(line, 'is no JSON');
  }
}
