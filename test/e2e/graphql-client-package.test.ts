import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { aPhantom } from './phantoms.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let wetread: Wetread;
let folder: string;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on', EXECUTION_PROVIDERS: 'cpu', QUIET_PERIOD_SECONDS: '0' });
  folder = mkdtempSync(join(tmpdir(), 'wetread-client-package-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await wetread.remove();
});

/** Puts the package there as npm would, with the packages that it depends on from this repository: no registry is asked. */
async function installPackage(): Promise<string[]> {
  await run('npm', ['pack', '--offline', '--pack-destination', folder], { cwd: join(ROOT, 'client') });
  const { name, version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'client/package.json'), 'utf8')) as {
    name: string;
    version: string;
    dependencies: Record<string, string>;
  };
  const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  const modules = join(folder, 'node_modules');
  for (const scope of [name, ...Object.keys(dependencies)]) mkdirSync(join(modules, scope, '..'), { recursive: true });
  const { stdout } = await run('tar', ['-xzvf', tarball, '-C', folder]);
  renameSync(join(folder, 'package'), join(modules, name));
  for (const one of Object.keys(dependencies)) symlinkSync(join(ROOT, 'node_modules', one), join(modules, one));
  return stdout.trim().split('\n').sort();
}

describe('The package of the client', () => {
  it('holds what its entries name, the documents and the licence', async () => {
    expect(await installPackage()).toEqual([
      'package/LICENSE',
      ...['client', 'documents', 'errors', 'schema'].flatMap((name) => [`package/dist/${name}.d.ts`, `package/dist/${name}.js`]),
      'package/documents/reports.graphql',
      'package/documents/studies.graphql',
      'package/package.json',
    ]);
  });

  it('runs the docs’ first example in a folder of its own, with plain Node and a token', async () => {
    const tokens = await TokenMaker.of(wetread);
    await wetread.storeAs(await tokens.headers(), aPhantom({ rows: 128, columns: 128 }).bytes);
    const [, example] = /### The latest reports\n\n```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/graphql.md'), 'utf8')) ?? [];
    writeFileSync(join(folder, 'latest-reports.ts'), example);
    writeFileSync(
      join(folder, 'main.mjs'),
      `import { latestReports } from './latest-reports.ts';
       const [url, token] = process.argv.slice(2);
       console.log(JSON.stringify(await latestReports(url, () => token)));`,
    );
    const lines = await eventually(async () => {
      const { stdout } = await run(process.execPath, ['main.mjs', wetread.url, await tokens.token()], { cwd: folder });
      const shown = JSON.parse(stdout) as string[];
      return shown.length > 0 ? shown : undefined;
    }, 'report');
    expect(lines).toEqual([expect.stringMatching(/^\d{4}-.*Phantom.*: (PRESENT|SECOND_LOOK|ABSENT)$/)]);
  });
});
