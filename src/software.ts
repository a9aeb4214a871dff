import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOFTWARE_VERSION } from './version.js';

/** Which software decided: its version alone does not tell a changed build. */
export interface SoftwareIdentity {
  readonly version: string;
  /** Of the code that runs (softwareDigest), hex. */
  readonly sha256: string;
  readonly node: string;
  readonly onnxruntime: string;
}

const ROOT = fileURLToPath(new URL('.', import.meta.url));

let known: SoftwareIdentity | undefined;

/** Computed once, of the files as they were when it was first asked for: some 50 ms. */
export const softwareIdentity = (): SoftwareIdentity =>
  (known ??= {
    version: SOFTWARE_VERSION,
    sha256: softwareDigest(ROOT),
    node: process.versions.node,
    // Its package.json, not the package: native code is for engine processes only.
    onnxruntime: (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version,
  });

/**
 * SHA-256 over every compiled file of a folder, in the order of their names: a line each, its SHA-256, two blanks, its path (as
 * `sha256sum` writes it), so that anybody can compute it. The same source built by the same compiler gives the same.
 */
export function softwareDigest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|json)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
  const lines = files.map((file) => `${hashOf(readFileSync(join(folder, file)))}  ${file}\n`);
  return hashOf(lines.join(''));
}

const hashOf = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
