import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Retrieve } from '../../src/archive/retrieve.js';
import type { PixelInstanceRow } from '../../src/archive/retrieve.sql.js';
import type { DiskStorage } from '../../src/archive/storage/disk.js';
import type { Database } from '../../src/database/database.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import type { AccessLog } from '../../src/ledger/access-log.js';

let rows = 0;

/** A file in the store and its row, as an ingest leaves them. */
export async function aStoredFile(storage: DiskStorage, file: Buffer): Promise<PixelInstanceRow> {
  const reader = new Part10Reader();
  await reader.push(file);
  const { dataset, frameTable = null, bulkData, dataSetOffset, ...ids } = await reader.end();
  const sha256 = createHash('sha256').update(file).digest('hex');
  const path = join(storage.folder, 'objects', sha256.slice(0, 2), `${sha256}.dcm`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file);
  const { sopInstanceUID, sopClassUID, seriesInstanceUID, transferSyntaxUID } = ids;
  const row = { id: ++rows, studyRow: 1, sopInstanceUID, sopClassUID, seriesInstanceUID, transferSyntaxUID };
  return {
    ...row,
    sha256,
    revision: 0,
    changedAt: new Date(0),
    bytes: file.length,
    metadata: JSON.stringify(dataset),
    frameTable,
    bulkData,
    dataSetOffset,
  };
}

/** Reads stored files; of what tests of files ask, nothing lies in the database. */
export const retrieveOf = (storage: DiskStorage): Retrieve =>
  new Retrieve(undefined as unknown as Database, storage, undefined as unknown as AccessLog);
