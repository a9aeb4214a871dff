import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOFTWARE_VERSION } from '../../version.js';

const SOURCES = fileURLToPath(new URL('../../', import.meta.url));
const VERIFIER = fileURLToPath(new URL('verify/main.js', import.meta.url));

/** A module that one file cannot be made with. */
export class NotForOneFile extends Error {}

let made: string | undefined;

/** The text of `verify.mjs`: what checks a package, of the same modules that the server makes and exports with, so that none is a second version. */
export function verifierText(): string {
  made ??= oneFile(
    VERIFIER,
    SOURCES,
    `Checks an evidence package of wetread ${SOFTWARE_VERSION}: node verify.mjs [PACKAGE.zip | FOLDER] [--keys JWKS] [--trust CHECKPOINT]\n` +
      ' * It stands alone: it imports nothing but Node (20.15 or later), asks no network, and writes nothing but what it prints.',
  );
  return made;
}

interface Module {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly exported: readonly string[];
}

/**
 * Compiled modules as one that imports nothing but Node's own: each is a function that is called once and gives what it exports, after those
 * that it imports. It takes what tsc writes of named imports and of exported declarations, and nothing else.
 * A module that can be run by itself looks whether it is (`import.meta.url`): within the file only the entry has the file's address.
 * @param entry  path of the compiled module that is run
 * @param root  of the sources: where the names of modules count from
 * @param words  what the file is
 * @throws NotForOneFile
 */
export function oneFile(entry: string, root: string, words: string): string {
  const builtins = new Set<string>();
  const modules = new Map<string, Module>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) throw new NotForOneFile(`${relative(root, path)} imports itself`);
    if (modules.has(path)) return;
    const source = readFileSync(path, 'utf8');
    for (const [, , , from] of source.matchAll(IMPORT))
      if (from.startsWith('node:')) builtins.add(from);
      else if (from.startsWith('.')) visit(resolve(dirname(path), from), [...trail, path]);
      else throw new NotForOneFile(`${relative(root, path)} imports ${from}`);
    modules.set(path, moduleOf(path, source, root));
  };
  visit(entry, []);
  const entryModule = modules.get(entry) as Module; // just visited
  modules.delete(entry);
  const imports = [...builtins].toSorted().map((name) => `import * as ${identifier(name)} from '${name}';\n`);
  const wrapped = [...modules.values()].map(
    ({ name, path, text, exported }) =>
      `\n// ${path}\nconst ${name} = (() => {\n${text.replaceAll('import.meta.url', `'${NOWHERE}${path}'`)}\nreturn { ${exported.join(', ')} };\n})();\n`,
  );
  return `#!/usr/bin/env node\n/**\n * ${words}\n */\n${imports.join('')}${wrapped.join('')}\n// ${entryModule.path}\n${entryModule.text}\n`;
}

/** Where no file is; with a drive, as Windows takes no address of a file without. */
const NOWHERE = 'file:///Z:/wetread/';

const IMPORT = /^import (?:\{([^}]*)\}|\* as (\w+)) from '([^']+)';$/gm;
const EXPORT = /^export ((?:async )?function\*?|class|const|let) (\w+)/gm;

function moduleOf(path: string, source: string, root: string): Module {
  const exported = [...source.matchAll(EXPORT)].map(([, , name]) => name);
  const text = source
    .replace(/^#!.*\n/, '')
    .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')
    .replace(IMPORT, (_, named: string | undefined, all: string | undefined, from: string) => {
      const imported = from.startsWith('node:') ? identifier(from) : identifier(relative(root, join(dirname(path), from)));
      return named === undefined ? `const ${all} = ${imported};` : `const {${named.replaceAll(' as ', ': ')}} = ${imported};`;
    })
    .replace(EXPORT, '$1 $2');
  const left = /^(import|export)\b.*$/m.exec(text);
  if (left !== null) throw new NotForOneFile(`${relative(root, path)} has “${left[0]}”`);
  return { name: identifier(relative(root, path)), path: relative(root, path), text, exported };
}

const identifier = (name: string): string => name.replace(/\.js$/, '').replaceAll(/[^A-Za-z0-9]+/g, '_');
