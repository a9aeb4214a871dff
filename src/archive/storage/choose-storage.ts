import type { Settings } from '../../settings.js';
import { StoreUnusable } from '../faults.js';
import { DiskStorage } from './disk.js';
import type { ObjectStorage } from './object-storage.js';

const MIB = 2 ** 20;

/** The store that the settings name; `folder` holds the objects, or for S3 what is on its way there. Who keeps them on disk loads no S3 client. */
export async function chooseStorage(settings: Settings, folder: string): Promise<ObjectStorage> {
  const floor = settings.FREE_SPACE_FLOOR_MIB * MIB;
  if (settings.ARCHIVE_STORAGE === 'disk') return new DiskStorage(folder, floor);
  if (settings.S3_BUCKET === undefined) throw new StoreUnusable('S3_BUCKET: ARCHIVE_STORAGE=s3 needs the name of a bucket.');
  const { S3Storage } = await import('./s3.js');
  return new S3Storage(folder, floor, {
    endpoint: settings.S3_ENDPOINT,
    region: settings.S3_REGION,
    bucket: settings.S3_BUCKET,
    prefix: settings.S3_PREFIX === '' || settings.S3_PREFIX.endsWith('/') ? settings.S3_PREFIX : `${settings.S3_PREFIX}/`,
  });
}
