import { asFault } from '../../faults.js';
import type { Database } from '../../database/database.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { draftOfValue } from '../edit/draft.js';
import type { Edited } from '../edit/edit.js';
import { conditionOf, type Condition } from '../edit/condition.js';
import type { Edits } from '../edit/edits.js';
import { ResourceInvalid } from '../edit/faults.js';
import { exactJson } from '../edit/exact-json.js';
import { ownReferences } from '../edit/own-references.js';
import { isObject } from '../validation/json-object.js';
import { validateResource } from '../validation/validate-resource.js';
import { readText } from '../validation/validate-text.js';
import { conditionsOf } from '../edit/conditions.js';
import { patchOf } from './edits-of.js';
import { entryOf, rawEntries, type BundleContext, type Entry, type EntryRequest } from './entry.js';
import { readEntry } from './read-entry.js';
import type { EntryAnswer } from './transactions.js';

/** Entries that are done at once. */
const AT_ONCE = 16;

/** Batches: every entry by itself, whatever becomes of the others (R4 http.html#transaction). */
export class Batches {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
    private readonly edits: Edits,
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
    const answers: EntryAnswer[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let i = next++; i < entries.length; i = next++) answers[i] = await this.answer(entries[i], i, context);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, worker));
    return answers;
  }

  private async answer([plain, exact]: readonly [unknown, unknown], index: number, context: BundleContext): Promise<EntryAnswer> {
    try {
      const entry = entryOf(plain, exact, index, context.base);
      const { request } = entry;
      const { method } = request;
      if (method !== 'GET' && method !== 'HEAD') return { request, edited: await this.edit(method, entry, context) };
      const read = await this.database.statement((tx) => readEntry(tx, request, context));
      await this.accessLog.record({ caller: context.caller, what: 'bundle', ...read.look });
      return { request, read };
    } catch (error) {
      return { fault: asFault(error) };
    }
  }

  private async edit(
    method: Exclude<EntryRequest['method'], 'GET' | 'HEAD'>,
    { request, exact }: Entry,
    context: BundleContext,
  ): Promise<Edited> {
    const { type, id, query, ifMatch, ifNoneMatch, ifNoneExist } = request;
    const { caller } = context;
    const conditions = conditionsOf(ifMatch, ifNoneMatch);
    const where = (parameters: Condition['parameters']): Condition => conditionOf(type, parameters, context);
    const nothing: Edited = { outcome: 'absent', row: undefined };
    switch (method) {
      case 'POST':
        return this.edits.create(caller, draftOfValue(exact, type), ifNoneExist ? where([...new URLSearchParams(ifNoneExist)]) : undefined);
      case 'PUT': {
        const draft = draftOfValue(exact, type);
        return id === undefined
          ? this.edits.putWhere(caller, draft, where(query ?? []), conditions)
          : this.edits.put(caller, draft, id, conditions);
      }
      case 'PATCH':
        if (id !== undefined) return this.edits.patch(caller, type, id, patchOf({ request, exact }), conditions);
        return (await this.edits.patchWhere(caller, type, where(query ?? []), patchOf({ request, exact }), conditions)) ?? nothing;
      case 'DELETE':
        if (id !== undefined) return this.edits.remove(caller, type, id, conditions);
        return (await this.edits.removeWhere(caller, type, where(query ?? []), conditions)) ?? nothing;
    }
  }
}

/** The Bundle itself, for its own rules: what is wrong with a resource in it is that entry's alone. */
const withoutResources = (value: unknown): unknown =>
  isObject(value) && Array.isArray(value['entry'])
    ? { ...value, entry: (value['entry'] as unknown[]).map((entry) => (isObject(entry) ? { ...entry, resource: undefined } : entry)) }
    : value;
