import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GENERATED = new Set(['src/inference/onnx/onnx_pb.ts']);
/** What later rooms stand on: these know only each other. */
const GROUND = ['access', 'database', 'dicom', 'issuer', 'ledger', 'pixels', 'records', 'signing', 'work', 'worklist'];
const ROOMS = [...GROUND, 'archive', 'inference', 'reporting', 'delivery', 'training', 'demo', 'evidence', 'api'];

interface Source {
  readonly path: string;
  readonly text: string;
  /** Imported files as paths from the root, and packages by name. */
  readonly imports: readonly string[];
}

function sources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const named = [...text.matchAll(/(?:^|\n)(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'/g), ...text.matchAll(/\bimport\('([^']+)'\)/g)];
      const imports = named.map(([, name]) =>
        name.startsWith('.') ? relative(ROOT, resolve(dirname(file), name)).replace(/\.js$/, '.ts') : name,
      );
      return { path: relative(ROOT, file), text, imports };
    });
}

const all = sources('src');
const roomOf = (path: string): string => /^src\/([^/]+)\//.exec(path)?.[1] ?? '';
const below = (folder: string): Source[] => all.filter(({ path }) => path.startsWith(`${folder}/`));
/** Imports that break a rule, as `file → import`. */
const breaking = (of: readonly Source[], forbidden: (imported: string, from: Source) => boolean): string[] =>
  of.flatMap((source) => source.imports.filter((one) => forbidden(one, source)).map((one) => `${source.path} → ${one}`));

describe('The house', () => {
  it('has rooms that this test knows', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual([...ROOMS].sort());
    expect(all.length).toBeGreaterThan(100);
  });

  it('resolves every import to a file, so that the other rules see all of them', () => {
    expect(breaking(all, (one) => (one.startsWith('src/') || one.startsWith('migrations/')) && !existsSync(join(ROOT, one)))).toEqual([]);
  });

  it('keeps dicom/, inference/preparation/ and faults.ts pure (rule 1)', () => {
    const pure = [...below('src/dicom'), ...below('src/inference/preparation'), ...all.filter(({ path }) => path === 'src/faults.ts')];
    expect(pure.length).toBeGreaterThan(20);
    expect(breaking(pure, (one) => /^(@nestjs\/|typeorm$|pg$|node:(fs|net|http|child_process|worker_threads))/.test(one))).toEqual([]);
    expect(
      breaking(
        all.filter(({ path }) => path === 'src/faults.ts'),
        () => true,
      ),
    ).toEqual([]);
  });

  it('keeps evidence/statistics/ pure: no I/O, no framework, no clock and no chance but the seeded one (rule 1)', () => {
    const pure = below('src/evidence/statistics');
    expect(pure.length).toBeGreaterThan(5);
    expect(breaking(pure, (one) => !one.startsWith('src/evidence/statistics/'))).toEqual([]);
    expect(pure.filter(({ text }) => /\b(Date\.now|new Date|Math\.random|performance\.now)\b/.test(text)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('keeps evidence/analysis/ and evidence/classification/ pure: tables and facts in, answers out (rule 1)', () => {
    const pure = [...below('src/evidence/analysis'), ...below('src/evidence/classification')];
    expect(pure.length).toBeGreaterThan(15);
    expect(breaking(pure, (one) => !one.startsWith('src/evidence/') && one !== 'src/faults.ts')).toEqual([]);
    expect(pure.filter(({ text }) => /\b(Date\.now|new Date|Math\.random|performance\.now)\b/.test(text)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('lets api/ import rooms and never the other way round; no api folder imports another (rule 2)', () => {
    const rooms = all.filter(({ path }) => roomOf(path) !== '' && roomOf(path) !== 'api');
    expect(breaking(rooms, (one) => one.startsWith('src/api/'))).toEqual([]);
    const apiFolder = (path: string): string | undefined => /^src\/api\/([^/]+)\//.exec(path)?.[1];
    expect(breaking(below('src/api'), (one, { path }) => apiFolder(one) !== undefined && apiFolder(one) !== apiFolder(path))).toEqual([]);
  });

  it('lets data flow one way: archive, inference, reporting, delivery (rule 3)', () => {
    const flow = ['archive', 'inference', 'reporting', 'delivery'];
    for (const [place, room] of flow.entries())
      expect(
        breaking(below(`src/${room}`), (one) => flow.slice(place + 1).includes(roomOf(one)) || ['demo', 'training'].includes(roomOf(one))),
      ).toEqual([]);
  });

  it('lets the ground rooms know no room of the flow (rule 4)', () => {
    for (const room of GROUND)
      expect(breaking(below(`src/${room}`), (one) => roomOf(one) !== '' && !GROUND.includes(roomOf(one)))).toEqual([]);
    for (const room of ['dicom', 'access'])
      expect(breaking(below(`src/${room}`), (one) => roomOf(one) !== '' && roomOf(one) !== room)).toEqual([]);
    expect(breaking(below('src/pixels'), (one) => !['', 'pixels', 'dicom'].includes(roomOf(one)))).toEqual([]);
  });

  it('keeps evidence/package/ to bytes and texts: what it packs and who signs are given to it, nothing is looked up (rule 1)', () => {
    const container = below('src/evidence/package');
    expect(container.length).toBeGreaterThan(10);
    const known =
      /^(src\/evidence\/package\/|src\/(faults|version)\.ts$|src\/ledger\/(checkpoint|link-hash|merkle|verify-export)\.ts$|src\/evidence\/(analysis\/|studies\/protocol\.ts$|contents\/study-file\.ts$)|node:(crypto|fs|path|timers\/promises|url|zlib)$)/;
    expect(breaking(container, (one) => !known.test(one))).toEqual([]);
    expect(container.filter(({ text }) => /\b(Date\.now|new Date|Math\.random)\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('makes a package’s contents of the study alone: no clock, no chance, no locale, and no file but the font and the lock file (rule 1)', () => {
    const contents = below('src/evidence/contents');
    expect(contents.length).toBeGreaterThan(40);
    const files = breaking(contents, (one) => /^(node:(fs|net|http|child_process|worker_threads)|@nestjs\/|typeorm$|pg$)/.test(one));
    expect(files.map((one) => one.split(' → ')[0])).toEqual([
      'src/evidence/contents/device/package-lock.ts',
      'src/evidence/contents/report/pdf-font.ts',
    ]);
    const chance = /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|randomUUID|Intl|toLocale\w*|localeCompare)/;
    expect(contents.filter(({ text }) => chance.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('has no barrel, no name that says nothing, no file over 300 lines (rule 5)', () => {
    const everything = [...all, ...sources('test'), ...sources('migrations'), ...sources('bench')];
    const named = everything
      .map(({ path }) => path)
      .filter((path) => /(^|\/)(index|utils?|helpers?|common|shared|misc)(\/|\.ts$)/.test(path));
    expect(named).toEqual([]);
    const reexports = all.filter(({ text }) => /\nexport \* from |^export \* from /.test(text)).map(({ path }) => path);
    expect(reexports).toEqual([]);
    const long = everything.filter(({ path, text }) => !GENERATED.has(path) && text.split('\n').length > 301).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it('hands no class more than five things (rule 5)', () => {
    const crowded = all.flatMap(({ path, text }) =>
      [...text.matchAll(/constructor\(([^)]*)\)/g)]
        .filter(([, parameters]) => [...parameters.matchAll(/(?:private|protected|public|readonly)\s/g)].length > 0)
        .filter(([, parameters]) => parameters.split(/,(?![^<{(]*[>})])/).filter((one) => one.trim() !== '').length > 5)
        .map(() => path),
    );
    expect(crowded).toEqual([]);
  });

  it('has no cycle of imports (rule 5)', () => {
    const graph = new Map(all.map(({ path, imports }) => [path, imports.filter((one) => one.startsWith('src/'))]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) return void cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it('draws evidence/figures/ from numbers alone: no room, no clock, no chance, no locale', () => {
    const pure = below('src/evidence/figures');
    expect(pure.length).toBeGreaterThan(15);
    expect(breaking(pure, (one) => !one.startsWith('src/evidence/figures/') && !/^d3-(array|format|scale|shape)$/.test(one))).toEqual([]);
    expect(pure.filter(({ text }) => /\b(Date|Math\.random|Intl|toLocale\w*|localeCompare)\b/.test(text)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('writes each table from one room only (rule 6)', () => {
    const writers = new Map<string, Set<string>>();
    for (const { path, text } of all)
      for (const [, table] of text.matchAll(/\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)\s/g))
        if (!['set', 'of'].includes(table)) writers.set(table, (writers.get(table) ?? new Set()).add(roomOf(path)));
    expect(writers.size).toBeGreaterThan(8);
    expect([...writers].filter(([, rooms]) => rooms.size > 1).map(([table, rooms]) => `${table}: ${[...rooms].join(', ')}`)).toEqual([]);
  });

  it('names no test file twice as something else: every test lies where its room is', () => {
    const tests = sources('test')
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.test.ts') && path.split('/').length > 2);
    const strays = tests.filter((path) => ![...ROOMS, 'e2e'].includes(path.split('/')[1]));
    expect(strays.map((path) => basename(path))).toEqual([]);
  });
});
