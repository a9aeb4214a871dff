import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InvalidSettings } from '../../settings.js';

const MOST_DOCUMENTS = 1_000;
const MOST_CHARACTERS = 65_536;

/** Documents by their SHA-256. Apollo asks with a prefix of its own before the hash. */
interface Documents {
  get(key: string): Promise<string | undefined>;
  set(key: string, document: string): Promise<void>;
  delete(key: string): Promise<boolean>;
}

const hashIn = (key: string): string => key.slice(key.lastIndexOf(':') + 1);
export const sha256Of = (document: string): string => createHash('sha256').update(document).digest('hex');

/** What clients register as they go (Automatic Persisted Queries): the thousand used last, none of them long. */
export class RegisteredQueries implements Documents {
  private readonly documents = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    const document = this.documents.get(key);
    if (document !== undefined) this.keep(key, document);
    return document;
  }

  async set(key: string, document: string): Promise<void> {
    if (document.length <= MOST_CHARACTERS) this.keep(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.documents.delete(key);
  }

  /** As the one used last; the one unused for longest makes room. */
  private keep(key: string, document: string): void {
    this.documents.delete(key);
    this.documents.set(key, document);
    const [oldest] = this.documents.keys();
    if (this.documents.size > MOST_DOCUMENTS) this.documents.delete(oldest);
  }
}

/** The documents that an operator allows, and no others. */
export class Manifest implements Documents {
  private constructor(private readonly documents: ReadonlyMap<string, string>) {}

  /**
   * Reads a manifest as Apollo's and other tools write it: `{"format": "apollo-persisted-query-manifest", "version": 1,
   * "operations": [{"id": SHA-256, "body": document, …}]}`. @throws InvalidSettings
   */
  static read(path: string): Manifest {
    const refuse = (why: string): never => {
      throw new InvalidSettings(`GRAPHQL_PERSISTED_ONLY: the manifest ${why}`);
    };
    const { operations } = parsed(path, refuse) as { operations?: unknown };
    if (!Array.isArray(operations)) return refuse('has no list of operations');
    const documents = (operations as readonly { id?: unknown; body?: unknown }[]).map(({ id, body }, i): [string, string] => {
      if (typeof body !== 'string') return refuse(`has no body in operation ${i}`);
      if (id !== sha256Of(body)) return refuse(`has an id in operation ${i} that is not its body’s SHA-256`);
      return [id, body];
    });
    return new Manifest(new Map(documents));
  }

  has(document: string): boolean {
    return this.documents.has(sha256Of(document));
  }

  async get(key: string): Promise<string | undefined> {
    return this.documents.get(hashIn(key));
  }

  /** Nothing is registered: what is not in the manifest is refused. */
  async set(): Promise<void> {}

  async delete(): Promise<boolean> {
    return false;
  }
}

function parsed(path: string, refuse: (why: string) => never): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : refuse('is no object');
  } catch (error) {
    return error instanceof SyntaxError
      ? refuse('is not JSON')
      : error instanceof InvalidSettings
        ? refuse('is no object')
        : refuse('cannot be read');
  }
}
