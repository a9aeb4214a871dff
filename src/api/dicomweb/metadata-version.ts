import { createHash } from 'node:crypto';
import type { ArchiveState } from '../../archive/retrieve.sql.js';
import type { Tagged } from '../conditional.js';
import { weakTag } from '../entity-tag.js';

/**
 * The validator of metadata: their bytes depend on the address asked, their meaning on the revision of the study.
 * @param studies  address of the studies resource
 */
export function metadataVersion(mediaType: string, studies: string, { studyRow, row, revision, changedAt }: ArchiveState): Tagged {
  const version = createHash('sha256').update(`${mediaType} ${studies} ${studyRow} ${row} ${revision}`).digest('hex').slice(0, 24);
  return { etag: weakTag(version), lastModified: changedAt };
}
