import DataLoader from 'dataloader';
import type { Caller } from '../../access/caller.js';
import { exactJson } from '../edit/exact-json.js';
import type { Records } from '../records.js';
import { sought } from '../search/sought.js';
import { parseSearch } from '../search/parse-search.js';
import type { FoundPage, RecordSearch } from '../search/record-search.js';
import type { Search } from '../search/search.js';
import { isServed } from '../served-types.js';
import type { VersionRow } from '../store/versions.sql.js';
import { isObject, objectsOf, type JsonObject } from '../validation/json-object.js';
import { Spending } from './spending.js';

/** The rooms that a graph is resolved from. */
export interface GraphSources {
  readonly records: Records;
  readonly search: RecordSearch;
}

/** A page of resources, with what was asked for it. */
export interface GraphPage {
  readonly search: Search;
  readonly found: FoundPage;
  readonly resources: readonly JsonObject[];
}

const REFERENCE = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([1-9]\d{0,8}))?$/;

/** What the resolvers of one query share: who asks, what was loaded, what it took. */
export class GraphContext {
  readonly spending = new Spending();
  /** What @slice said of the elements of a list, by its place in the answer. */
  readonly slices = new Map<string, readonly string[]>();
  /** The current resources that a level of the query refers to, in one statement. */
  private readonly current: DataLoader<string, JsonObject | undefined>;
  /** What holds a reference to something contained, and so what it is contained in. */
  private readonly containers = new WeakMap<JsonObject, JsonObject>();

  constructor(
    private readonly caller: Caller,
    private readonly sources: GraphSources,
    private readonly base: string,
  ) {
    this.current = new DataLoader(async (keys) => {
      this.spending.add('resources', keys.length);
      const asked = keys.map((key) => key.split('/')).map(([type, id]) => ({ type, id }));
      const rows = await sources.records.readAll(caller, asked);
      return rows.map((row) => (row === undefined || row.deleted ? undefined : this.parsed(row)));
    });
  }

  /** The current version; what it refers to by these parameters is loaded with it. Throws RecordAbsent, RecordGone. */
  async read(type: string, id: string, followed: readonly number[]): Promise<JsonObject> {
    this.spending.add('resources', 1);
    const { records } = this.sources;
    if (followed.length === 0) return this.parsed(await records.read(this.caller, type, id));
    const { row, referred } = await records.readWithReferred(this.caller, type, id, followed);
    this.spending.add('resources', referred.length);
    for (const one of referred) this.current.prime(`${one.type}/${one.id}`, this.parsed(one));
    return this.parsed(row);
  }

  /** What a reference leads to: here, contained, or undefined. */
  async referred(reference: JsonObject): Promise<JsonObject | undefined> {
    const text = reference['reference'];
    if (typeof text !== 'string') return undefined;
    if (text.startsWith('#')) return this.contained(reference, text.slice(1));
    const [, type, id, version] = REFERENCE.exec(text.startsWith(`${this.base}/`) ? text.slice(this.base.length + 1) : text) ?? [];
    if (type === undefined || !isServed(type)) return undefined;
    if (version === undefined) return this.current.load(`${type}/${id}`);
    this.spending.add('resources', 1);
    return this.parsed(await this.sources.records.readVersion(this.caller, type, id, Number(version)));
  }

  /** A page of what a search finds (R4 search.html). @throws BadSearchParameter, GraphTooLarge */
  async page(type: string, parameters: readonly (readonly [string, string])[], change: (search: Search) => Search): Promise<GraphPage> {
    this.spending.add('searches', 1);
    const parsed = parseSearch({ type, parameters, lenient: false }, { base: this.base, now: Date.now() });
    const search = change(parsed.search);
    const found = await this.sources.search.search(this.caller, search, sought({ type }, parsed.used));
    this.spending.add('resources', found.matches.length);
    const resources = found.matches.map((row) => {
      const resource = this.parsed(row);
      this.current.prime(`${row.type}/${row.id}`, resource);
      return resource;
    });
    return { search, found, resources };
  }

  private parsed({ content }: VersionRow): JsonObject {
    this.spending.add('text', content.length);
    const resource = exactJson(content, JSON.parse(content)) as JsonObject;
    if (/"reference"\s*:\s*"#/.test(content)) this.noteContainer(resource, resource);
    return resource;
  }

  private noteContainer(value: unknown, container: JsonObject): void {
    if (Array.isArray(value)) for (const one of value) this.noteContainer(one, container);
    else if (isObject(value)) {
      if (typeof value['reference'] === 'string' && value['reference'].startsWith('#')) this.containers.set(value, container);
      for (const one of Object.values(value)) this.noteContainer(one, container);
    }
  }

  /** R4 references.html#contained; `#` alone is what contains it. */
  private contained(reference: JsonObject, id: string): JsonObject | undefined {
    const container = this.containers.get(reference);
    return id === '' ? container : objectsOf(container?.['contained']).find((one) => one['id'] === id);
  }
}
