// Fetches into .cache what others read our server with, for the tests that open it in a browser: OHIF's prebuilt viewer
// (test/e2e/ohif.test.ts) and fhirclient's (test/e2e/fhirclient.test.ts); and HL7's own examples of R4 (CC0;
// test/e2e/fhir-examples.test.ts, test/records/search). 60 MB, so only when asked for (`npm run outside-clients`). They are no
// dependencies: nothing of ours uses them, OHIF cannot be installed as a package, and fhirclient brings hundreds that its bundle for
// browsers has within.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENTS = { ohif: '@ohif/app@3.13.2', fhirclient: 'fhirclient@2.6.3', 'r4-examples': 'hl7.fhir.r4.examples@4.0.1' };
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
