import { readdirSync, readlinkSync } from 'node:fs';
import { eventually, type Wetread } from './wetread.js';

/** How many files of the spool the server has open. They have no name any more: their room on the disk is free when none is. */
function openSpoolFiles({ pid }: Wetread): number {
  const folder = `/proc/${pid}/fd`;
  const links = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`);
    } catch {
      return ''; // it was closed meanwhile
    }
  });
  return links.filter((path) => path.includes('/spool/')).length;
}

export const noSpoolFileIsOpen = (wetread: Wetread): Promise<true> =>
  eventually(() => Promise.resolve(openSpoolFiles(wetread) === 0 || undefined), 'end of the files in the spool');
export const aSpoolFileIsOpen = (wetread: Wetread): Promise<true> =>
  eventually(() => Promise.resolve(openSpoolFiles(wetread) > 0 || undefined), 'file in the spool');
