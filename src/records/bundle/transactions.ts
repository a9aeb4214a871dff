import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import type { Fault } from '../../faults.js';
import { eventOf } from '../../ledger/access-log.js';
import { appendRecords } from '../../ledger/append-records.sql.js';
import { applyAll, lookAt } from '../edit/edits.js';
import type { Edit, Edited } from '../edit/edit.js';
import { exactJson } from '../edit/exact-json.js';
import { ResourceInvalid } from '../edit/faults.js';
import { shownTo } from '../edit/open-to-edit.js';
import { hasErrors } from '../validation/issue.js';
import { validateText } from '../validation/validate-text.js';
import type { Numbers } from '../store/numbers.js';
import { AnswerSize, sizeOf } from './answer-size.js';
import { askRoute } from './ask-route.js';
import { editsOf } from './edits-of.js';
import { entriesOf, type BundleContext, type Entry, type EntryRequest, type RouteAnswer } from './entry.js';
import { BundleRefused, EntryFailed } from './faults.js';
import { failAt } from './places.js';
import { readEntry, type EntryRead } from './read-entry.js';

/** What became of an entry. */
export type EntryAnswer =
  | { readonly request: EntryRequest; readonly edited: Edited }
  | { readonly request: EntryRequest; readonly read: EntryRead }
  | { readonly request: EntryRequest; readonly ran: RouteAnswer }
  | { readonly fault: Fault };

/** Transactions: all of a Bundle or nothing of it (R4 http.html#transaction). */
export class Transactions {
  constructor(
    private readonly database: Database,
    private readonly numbers: Numbers,
  ) {}

  /**
   * Does what a transaction's entries ask: deletions first, then creations, updates, reads (R4 http.html#trules), in one commit.
   * @throws MalformedJson, ResourceInvalid, BundleRefused; EntryFailed with what one entry met
   */
  async run(text: string, context: BundleContext): Promise<EntryAnswer[]> {
    const { value, issues } = validateText(text);
    if (hasErrors(issues)) throw new ResourceInvalid(issues);
    const entries = entriesOf(value, exactJson(text, value), context.base);
    const routed = await askAll(entries, context);
    return this.database.transaction((tx) => this.apply(tx, text, entries, routed, context));
  }

  private async apply(
    tx: Transaction,
    text: string,
    entries: readonly Entry[],
    routed: ReadonlyMap<number, RouteAnswer>,
    context: BundleContext,
  ): Promise<EntryAnswer[]> {
    const { caller } = context;
    const planned = await editsOf(tx, text, entries, context);
    const order = planned.flatMap((edit, i) => (edit === undefined || 'found' in edit ? [] : [i]));
    const edits = order.map((i) => ({ caller, edit: planned[i] as Edit, index: i }));
    const edited = new Map(
      (await applyAll(tx, this.numbers, edits, (i, fault) => new EntryFailed(edits[i].index, fault))).map((one, i) => [order[i], one]),
    );
    const answers: EntryAnswer[] = [];
    const size = new AnswerSize();
    for (const [i, { request }] of entries.entries()) {
      const plan = planned[i];
      const own = edited.get(i) ?? (plan !== undefined && 'found' in plan ? await shownTo(tx, caller, plan.found) : undefined);
      const ran = routed.get(i);
      if (own !== undefined) answers.push({ request, edited: own });
      else if (ran !== undefined) answers.push({ request, ran });
      else if (request.reading !== undefined) {
        const { reading, query } = request;
        const read = readEntry(tx, reading, query, context).then((one) => (size.add(sizeOf(one)), one));
        answers.push({ request, read: await read.catch(failAt(i)) });
      }
    }
    const looks = answers.flatMap((answer) => {
      if ('read' in answer) return [eventOf({ caller, ...answer.read.look })];
      if (!('edited' in answer)) return [];
      const { edited: own, request } = answer;
      return request.method === 'POST' && own.outcome === 'unchanged' && own.row ? [lookAt(caller, own.row)] : [];
    });
    tx.alongCommit(appendRecords(tx, looks));
    return answers;
  }
}

/**
 * What the capabilities' entries get. An operation is done by itself, outside of any transaction: all of the Bundle or nothing of it
 * could not be said of one. @throws BundleRefused
 */
async function askAll(entries: readonly Entry[], context: BundleContext): Promise<ReadonlyMap<number, RouteAnswer>> {
  const answers = new Map<number, RouteAnswer>();
  for (const [i, entry] of entries.entries()) {
    const { route } = entry.request;
    if (route === undefined) continue;
    const at = `Bundle.entry[${i}].request`;
    if (route.isOperation) throw new BundleRefused('asks for an operation, which is no part of a transaction: a batch may', at);
    const answer = await askRoute(entry, context);
    if (answer.status >= 400) throw new BundleRefused('asks for the capabilities in a way that they are not given', at);
    answers.set(i, answer);
  }
  return answers;
}
