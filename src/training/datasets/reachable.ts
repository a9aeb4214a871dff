import { basename } from 'node:path';
import { DatasetBroken } from '../faults.js';

/** What a reader gives. @throws DatasetBroken  a file is not there, a server can't be reached; and the reader's own faults */
export async function reachable<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, path, message } = error as Partial<NodeJS.ErrnoException>; // whatever it is, it may have these
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new DatasetBroken(`${basename(path ?? '')} of the data is not there.`);
    if (message === 'fetch failed') throw new DatasetBroken('The DICOMweb server can’t be reached.');
    throw error;
  }
}
