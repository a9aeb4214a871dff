import { weakTag } from '../entity-tag.js';
import { RegulatoryRecordAbsent } from '../../evidence/regulatory/faults.js';
import { MOST_VERSIONS, RECORD_ID } from '../../evidence/regulatory/record-reference.js';
import type { RecordTypeName } from '../../evidence/regulatory/record-types.js';
import type { StoredRecord } from '../../evidence/regulatory/regulatory-records.sql.js';

/** A version of a record as REST gives it. */
export interface RecordForm extends Omit<StoredRecord, 'content'> {
  readonly content: unknown;
  /** The text that `sha256` is of, where one record was asked for. */
  readonly canonical?: string;
}

/** Of a version: it never changes, though what this server says of it may be worded otherwise some day. */
export const versionTag = ({ version }: Pick<StoredRecord, 'version'>): string => weakTag(String(version));

/** Among others in a list. */
export function listedRecord({ content, ...record }: StoredRecord): RecordForm {
  return { ...record, content: JSON.parse(content) as unknown };
}

export const recordForm = (record: StoredRecord): RecordForm => ({ ...listedRecord(record), canonical: record.content });

export const addressOf = ({ type, id, version }: Pick<StoredRecord, 'type' | 'id' | 'version'>): string =>
  `/evidence/records/${type}/${id}/versions/${version}`;

/** The id of an address. Throws RegulatoryRecordAbsent: no record has another. */
export function recordId(text: string): string {
  if (!RECORD_ID.test(text)) throw new RegulatoryRecordAbsent();
  return text;
}

/** The version of an address. Throws RegulatoryRecordAbsent. */
export function recordVersion(text: string): number {
  const version = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (version < 1 || version > MOST_VERSIONS) throw new RegulatoryRecordAbsent();
  return version;
}

/** Where a page of a type goes on. */
export const nextPage = (type: RecordTypeName, after: string, count: number): string =>
  `/evidence/records/${type}?count=${count}&after=${encodeURIComponent(after)}`;
