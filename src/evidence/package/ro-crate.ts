import { PackageFactRefused } from './faults.js';

/** Below the payload's folder, which is the crate's root (RO-Crate 1.2, "Attached RO-Crate Package"). */
export const CRATE_FILE = 'ro-crate-metadata.json';
const SPECIFICATION = 'https://w3id.org/ro/crate/1.2';

/** A thing that the crate tells of. `id`: a URI, or one of the crate's own that begins with `#`. */
export interface CrateEntity {
  readonly id: string;
  readonly name: string;
}

export interface CratePerson extends CrateEntity {
  /** What the person did in the study, in words. */
  readonly role: string;
}

export interface CrateSoftware extends CrateEntity {
  readonly version: string;
}

export interface CrateModel extends CrateSoftware {
  /** Of the model's file, hex. */
  readonly sha256: string;
}

/** What a package is about. */
export interface CrateFacts {
  readonly name: string;
  readonly description: string;
  /** ISO 8601 date. */
  readonly datePublished: string;
  /** URI of the terms of use. */
  readonly license: CrateEntity;
  readonly study: CrateEntity & { readonly description: string };
  readonly people: readonly CratePerson[];
  readonly software: readonly CrateSoftware[];
  readonly models: readonly CrateModel[];
}

/** A file of the crate. */
export interface CrateFile {
  /** From the crate's root. */
  readonly path: string;
  /** Media type. */
  readonly encodingFormat: string;
  readonly description: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

type Entity = Readonly<Record<string, unknown>>;

/**
 * The crate's metadata document (RO-Crate 1.2): flat JSON-LD, an entity a line, the same text for the same facts. The context is named,
 * and need not be fetched to read it. Throws PackageFactRefused where two entities have one id.
 */
export function* crateText(facts: CrateFacts, files: readonly CrateFile[]): Generator<Uint8Array, void> {
  yield Buffer.from(`{"@context":${JSON.stringify(`${SPECIFICATION}/context`)},"@graph":[`);
  let before = '\n';
  for (const entity of crateEntities(facts, files)) {
    yield Buffer.from(before + JSON.stringify(entity));
    before = ',\n';
  }
  yield Buffer.from('\n]}\n');
}

function* crateEntities(facts: CrateFacts, files: readonly CrateFile[]): Generator<Entity, void> {
  const told = [facts.license, facts.study, ...facts.people, ...facts.software, ...facts.models];
  const unfit = told.find(({ id }) => !/^(#.|[a-z][a-z0-9+.-]*:.)/i.test(id));
  if (unfit !== undefined) throw new PackageFactRefused(`the id ${unfit.id} would be a file's`);
  requireOneEach([CRATE_FILE, './', MADE, ...told.map(({ id }) => id)]);
  yield { '@id': CRATE_FILE, '@type': 'CreativeWork', conformsTo: { '@id': SPECIFICATION }, about: { '@id': './' } };
  yield {
    '@id': './',
    '@type': 'Dataset',
    name: facts.name,
    description: facts.description,
    datePublished: facts.datePublished,
    license: reference(facts.license),
    about: reference(facts.study),
    author: facts.people.map(reference),
    mentions: [{ '@id': MADE }],
    hasPart: files.map(({ path }) => ({ '@id': relativeUri(path) })),
  };
  for (const file of files)
    yield {
      '@id': relativeUri(file.path),
      '@type': 'File',
      name: file.path,
      description: file.description,
      encodingFormat: file.encodingFormat,
      contentSize: String(file.size),
      sha256: file.sha256,
    };
  yield { '@id': facts.license.id, '@type': 'CreativeWork', name: facts.license.name };
  yield {
    '@id': facts.study.id,
    '@type': ['MedicalStudy', 'ResearchProject'],
    name: facts.study.name,
    description: facts.study.description,
  };
  for (const { id, name, role } of facts.people) yield { '@id': id, '@type': 'Person', name, jobTitle: role };
  for (const { id, name, version } of facts.software) yield { '@id': id, '@type': 'SoftwareApplication', name, version };
  for (const { id, name, version, sha256 } of facts.models)
    yield { '@id': id, '@type': ['SoftwareApplication', 'MediaObject'], additionalType: 'machine learning model', name, version, sha256 };
  yield {
    '@id': MADE,
    '@type': 'CreateAction',
    name: 'The study was run, and this package made of it',
    object: reference(facts.study),
    instrument: [...facts.software, ...facts.models].map(reference),
    result: { '@id': './' },
  };
}

const MADE = '#made';

const reference = ({ id }: CrateEntity): Entity => ({ '@id': id });

/** RO-Crate 1.2, "Encoding file paths": a path as a relative URI. */
const relativeUri = (path: string): string =>
  path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');

function requireOneEach(ids: readonly string[]): void {
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new PackageFactRefused(`two things of the crate have the id ${twice}`);
}
