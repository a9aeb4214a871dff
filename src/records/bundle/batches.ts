import { asFault, type Fault } from '../../faults.js';
import type { Database } from '../../database/database.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { refusedEntity } from '../../ledger/refused-entity.js';
import { fhirInteraction } from '../../ledger/refused-interaction.js';
import { tellsOfStored } from '../../ledger/tells-of-stored.js';
import { draftOfValue } from '../edit/draft.js';
import type { Edited } from '../edit/edit.js';
import { conditionOf, type Condition } from '../edit/condition.js';
import type { Edits } from '../edit/edits.js';
import { ResourceInvalid, TypeReadOnly } from '../edit/faults.js';
import { exactJson } from '../edit/exact-json.js';
import { ownReferences } from '../edit/own-references.js';
import type { RecordSearch } from '../search/record-search.js';
import { isObject } from '../validation/json-object.js';
import { validateResource } from '../validation/validate-resource.js';
import { readText } from '../validation/validate-text.js';
import { conditionsOf } from '../edit/conditions.js';
import { AnswerSize, sizeOf } from './answer-size.js';
import { askRoute } from './ask-route.js';
import { patchOf } from './edits-of.js';
import { entryOf, rawEntries, type BundleContext, type Entry } from './entry.js';
import { BundleRefused } from './faults.js';
import { isServed } from '../served-types.js';
import { readEntry } from './read-entry.js';
import { placesOfReferences } from './rewrite-references.js';
import type { EntryAnswer } from './transactions.js';

/** Entries that are done at once. */
const AT_ONCE = 16;

/** Batches: every entry by itself, whatever becomes of the others (R4 http.html#transaction). */
export class Batches {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
    private readonly edits: Edits,
    private readonly search: RecordSearch,
  ) {}

  /** @throws MalformedJson, ResourceInvalid where the Bundle itself is wrong, BundleRefused */
  async run(text: string, context: BundleContext): Promise<EntryAnswer[]> {
    // What is wrong with an entry's resource is found with the entry; the text, and the Bundle around them, here.
    const { value, issues } = readText(text);
    const own = [...issues, ...validateResource(withoutResources(value)).filter(({ severity }) => severity === 'error')];
    if (own.length > 0) throw new ResourceInvalid(own);
    const entries = rawEntries(value, exactJson(text, value));
    ownReferences(
      text,
      entries.flatMap((both) => both.map((entry) => (isObject(entry) ? entry['resource'] : undefined))),
      context.base,
    );
    const shared = { names: ownNames(entries), size: new AnswerSize() };
    const answers: EntryAnswer[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let i = next++; i < entries.length; i = next++) answers[i] = await this.answer(entries[i], i, shared, context);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, worker));
    return answers;
  }

  private async answer(
    [plain, exact]: readonly [unknown, unknown],
    index: number,
    { names, size }: { readonly names: ReadonlySet<string>; readonly size: AnswerSize },
    context: BundleContext,
  ): Promise<EntryAnswer> {
    try {
      const entry = entryOf(plain, exact, index, context.base);
      if (names.size > 0) refuseNeighbours(entry, names);
      const { request } = entry;
      if (request.route !== undefined) {
        const ran = await askRoute(entry, context);
        if (request.method !== 'POST') size.add(ran.content?.length ?? 0); // what has been done is told
        return { request, ran };
      }
      if (request.reading === undefined) return { request, edited: await this.edit(entry, context) };
      const { reading, query } = request;
      const read = await this.database.statement((tx) => readEntry(tx, reading, query, context));
      size.add(sizeOf(read));
      await this.accessLog.record({ caller: context.caller, ...read.look });
      return { request, read };
    } catch (error) {
      const fault = asFault(error);
      await this.refused(plain, fault, context);
      return { fault };
    }
  }

  /** Each entry is an access by itself, one that was refused too where that tells something of what is stored. */
  private async refused(plain: unknown, fault: Fault, { caller, base }: BundleContext): Promise<void> {
    const { status, code } = fault;
    const { url: asked, method } = isObject(plain) && isObject(plain['request']) ? plain['request'] : {};
    const query = typeof asked === 'string' ? asked.replace(`${base}/`, '') : '';
    const [type, id] = query.split(/[/?]/);
    const interaction = fhirInteraction(typeof method === 'string' ? method : 'GET', query);
    if (!tellsOfStored(fault, interaction) && !(fault instanceof TypeReadOnly)) return;
    await this.accessLog.refused({
      caller,
      ...refusedEntity(isServed(type) ? type : undefined, id),
      what: 'bundle',
      interaction,
      status,
      code,
      query,
    });
  }

  private async edit({ request, exact }: Entry, context: BundleContext): Promise<Edited> {
    const { method, type, id, query, ifMatch, ifNoneMatch, ifNoneExist } = request;
    const { caller } = context;
    const conditions = conditionsOf(ifMatch, ifNoneMatch);
    const where = (parameters: Condition['parameters']): Condition => conditionOf(type, parameters, context);
    const nothing: Edited = { outcome: 'absent', row: undefined, isShown: false };
    const unmet = (condition: Condition): Promise<Edited> => this.search.unmet(caller, type, condition).then(() => nothing);
    switch (method) {
      case 'GET':
      case 'HEAD':
        return nothing; // what they read, readEntry does
      case 'POST':
        return this.edits.create(caller, draftOfValue(exact, type), ifNoneExist ? where([...new URLSearchParams(ifNoneExist)]) : undefined);
      case 'PUT': {
        const draft = draftOfValue(exact, type);
        return id === undefined
          ? this.edits.putWhere(caller, draft, where(query ?? []), conditions)
          : this.edits.put(caller, draft, id, conditions);
      }
      case 'PATCH':
        if (id !== undefined) return this.edits.patch(caller, type, id, patchOf({ request, exact }, context.base), conditions);
        return (
          (await this.edits.patchWhere(caller, type, where(query ?? []), patchOf({ request, exact }, context.base), conditions)) ??
          unmet(where(query ?? []))
        );
      case 'DELETE':
        if (id !== undefined) return this.edits.remove(caller, type, id, conditions);
        return (await this.edits.removeWhere(caller, type, where(query ?? []), conditions)) ?? unmet(where(query ?? []));
    }
  }
}

/** The Bundle itself, for its own rules: what is wrong with a resource in it is that entry's alone. */
const withoutResources = (value: unknown): unknown =>
  isObject(value) && Array.isArray(value['entry'])
    ? { ...value, entry: (value['entry'] as unknown[]).map((entry) => (isObject(entry) ? { ...entry, resource: undefined } : entry)) }
    : value;

/** What the entries go by within their Bundle, and nowhere else. */
const ownNames = (entries: readonly (readonly [unknown, unknown])[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(([plain]) => {
      const fullUrl = isObject(plain) ? plain['fullUrl'] : undefined;
      return typeof fullUrl === 'string' && fullUrl.startsWith('urn:') ? [fullUrl] : [];
    }),
  );

/** The entries of a batch are each by itself: none can refer to what becomes of another (R4 http.html#brules). @throws BundleRefused */
function refuseNeighbours({ request, exact }: Entry, names: ReadonlySet<string>): void {
  const [place] = placesOfReferences(exact, `Bundle.entry[${request.index}].resource`, (reference) => names.has(reference));
  if (place !== undefined) throw new BundleRefused('refers to another of its entries, as only a transaction can', place);
}
