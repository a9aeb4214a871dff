// Fetches what others read our server with, for the tests that open it in a browser, into .cache: OHIF's prebuilt viewer
// (test/e2e/ohif.test.ts) and fhirclient's (test/e2e/fhirclient.test.ts). 50 MB, so only when asked for (`npm run
// outside-clients`). They are no dependencies: nothing of ours uses them, the one cannot be installed as a package, and the other
// brings hundreds that its bundle for browsers has within.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENTS = { ohif: '@ohif/app@3.13.2', fhirclient: 'fhirclient@2.6.3' };
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${command} failed${error ? `: ${error.message}` : ` (exit ${status})`}\n`);
  process.exit(1);
}

for (const [name, client] of Object.entries(CLIENTS)) {
  const place = join(cache, `${name}-${client.split('@').at(-1)}`);
  if (existsSync(place)) continue;
  const half = `${place}.half`; // a run that is cut off leaves nothing that looks whole
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  run('npm', ['pack', '--silent', client], half);
  const archive = readdirSync(half).find((file) => file.endsWith('.tgz'));
  run('tar', ['-xzf', archive, '--strip-components=1'], half);
  rmSync(join(half, archive));
  renameSync(half, place);
}
