// All the set-up that `npm run demo`, `npm start` and `npm test` need, done only when needed: packages from the lock
// file, then the build. Runs on Node 20; everything after it runs on the Node 24 that the packages bring.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamps = join(root, 'node_modules', '.wetread'); // gone with node_modules, as it must be
const bin = join(root, 'node_modules', '.bin');

function run(what, command, args) {
  process.stderr.write(`wetread set-up: ${what} …\n`);
  const began = Date.now();
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  if (status !== 0) {
    process.stderr.write(`wetread set-up: ${what} failed${error ? `: ${error.message}` : ` (exit ${status})`}\n`);
    process.exit(1);
  }
  process.stderr.write(`wetread set-up: ${what} took ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

function unlessDone(stamp, value, work) {
  const file = join(stamps, stamp);
  if (existsSync(file) && readFileSync(file, 'utf8') === value) return;
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(file, value);
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const packages = hashOf(readFileSync(join(root, 'package-lock.json')) + process.platform + process.arch);
unlessDone('packages', packages, () => {
  // npm sits beside the Node that runs this, or is the one that called us. No package of ours needs an install script.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm && /\.[cm]?js$/.test(npm)) run('installing packages', process.execPath, [npm, ...args]);
  else run('installing packages', 'npm', args);
});

const files = ['src', 'migrations', 'test', 'bench', 'client/src', 'client/examples']
  .flatMap(sources)
  .concat(join(root, 'tsconfig.json'), join(root, 'package-lock.json'));
const state = (file) => {
  const { mtimeMs, size } = statSync(file);
  return `${file} ${mtimeMs} ${size}`;
};
const names = hashOf(files.join('\n'));
if (!existsSync(join(root, 'dist', 'src', 'main.js'))) rmSync(join(stamps, 'build'), { force: true });
unlessDone('build', hashOf(files.map(state).join('\n')), () => {
  // What a source that is gone had built must not live on.
  unlessDone('file-names', names, () => rmSync(join(root, 'dist'), { recursive: true, force: true }));
  run('building', join(bin, 'node'), [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
});
