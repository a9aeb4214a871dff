import { Work } from '../../migrations/0001-work.js';
import { Ledger } from '../../migrations/0002-ledger.js';
import { Archive } from '../../migrations/0003-archive.js';
import { Readings } from '../../migrations/0004-reading.js';
import { Records } from '../../migrations/0005-records.js';
import { Reports } from '../../migrations/0006-report.js';

/** Every migration, in the order they run. */
export const migrations = [Work, Ledger, Archive, Readings, Records, Reports];
