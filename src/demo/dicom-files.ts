import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Every file that the paths name or hold, in order; no file of the user's is judged by its name. Throws when a path is absent. */
export function filesBelow(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (statSync(path).isFile()) return [resolve(path)];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'DICOMDIR' && !entry.name.startsWith('.'))
      .map((entry) => resolve(entry.parentPath, entry.name))
      .sort();
  });
}
