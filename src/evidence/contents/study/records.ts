import type { RecordReference } from '../../studies/protocol.js';
import type { RegulatoryRecordFile, SignatureFile, StudyFile } from '../study-file.js';

/** The card of the model that was run, by its hash: another text is another model's, or another version's. */
export const modelCardOf = ({ records, run }: StudyFile): RegulatoryRecordFile | undefined =>
  records.find(({ sha256 }) => sha256 === run.cardSha256);

/** The record that is referred to, by its content's hash: another text under the same id is another record. */
export const referredRecord = ({ records }: StudyFile, reference: RecordReference): RegulatoryRecordFile | undefined =>
  records.find(({ id, version, sha256 }) => id === reference.id && version === reference.version && sha256 === reference.sha256);

/** What a signature's hash is of, in words: by the hash, not by what it says. Undefined: of nothing in this package. */
export function signedContent(file: StudyFile, { recordSha256 }: SignatureFile): string | undefined {
  const protocol = file.protocols.find(({ sha256 }) => sha256 === recordSha256);
  if (protocol !== undefined) return `${protocol.kind}, version ${protocol.version}`;
  const record = file.records.find(({ sha256 }) => sha256 === recordSha256);
  if (record !== undefined) return `${record.type} ${record.id}, version ${record.version}`;
  if (file.analysis.sha256 === recordSha256) return `analysis ${file.analysis.number}`;
  if (file.dataset.manifestSha256 === recordSha256) return 'manifest of the dataset';
  if (file.reference.sha256 === recordSha256) return 'reference standard';
  return undefined;
}

/** A record's content as names and texts: what a form of it would show. */
export function contentFacts(content: object): (readonly [name: string, text: string])[] {
  return Object.entries(content).map(([name, value]) => [spoken(name), valueText(value)] as const);
}

/** `bodyPart` as `Body part`. */
export const spoken = (name: string): string => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not stated';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join('; ');
  return Object.entries(value)
    .map(([name, inner]) => `${spoken(name)}: ${valueText(inner)}`)
    .join('; ');
}
