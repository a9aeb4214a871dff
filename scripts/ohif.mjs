// Fetches OHIF's prebuilt viewer, which test/e2e/ohif.test.ts opens in a browser, into .cache/ohif: 50 MB, so only when
// asked for (`npm run ohif`). It is no dependency: nothing of ours uses it, and its own package cannot be installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '3.13.2';
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));
const place = join(cache, `ohif-${VERSION}`);

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${command} failed${error ? `: ${error.message}` : ` (exit ${status})`}\n`);
  process.exit(1);
}

if (!existsSync(place)) {
  const half = `${place}.half`; // a run that is cut off leaves nothing that looks whole
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  run('npm', ['pack', '--silent', `@ohif/app@${VERSION}`], half);
  const archive = readdirSync(half).find((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', archive, '--strip-components=1'], half);
  rmSync(join(half, archive));
  renameSync(half, place);
}
