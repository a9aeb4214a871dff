import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../access/caller.js';
import { refuseBrokenGlass } from '../../access/one-look.js';
import { NotPermitted, requireAll } from '../../access/permits.js';
import { readsWhole, requireWhole, throughTypes } from '../search/permitted.js';
import { asServer } from '../../database/scope.js';
import type { Database } from '../../database/database.js';
import { Fault } from '../../faults.js';
import type { AccessLog, Look } from '../../ledger/access-log.js';
import { patientsOf } from '../search/compartment-patients.js';
import type { Condition } from '../search/condition.js';
import { indexRows } from '../search/extract.js';
import { parseSearch } from '../search/parse-search.js';
import { compartmentParameters, searchParameters } from '../search/search-parameters.js';
import { SERVED_TYPES } from '../served-types.js';
import { filteredBatch, meetingAsOf } from './as-of.sql.js';
import {
  deleteJob,
  exportBatch,
  insertJob,
  keepOutput,
  oneJob,
  settledTime,
  type ExportAsked,
  type ExportedRow,
  type ExportJob,
  type ExportOutput,
  type ExportPart,
} from './export.sql.js';
import { namedPieces, type Piece } from './named-pieces.js';

/** There is no such export, or it was cancelled, or a day is over. */
export class ExportAbsent extends Fault {
  readonly code = 'export-absent';
  readonly status = 404;

  constructor() {
    super('There is no such export, or no longer.');
  }
}

const BATCH = 1_000;
/** Ids that this server gives to exports: others are asked for nowhere. */
const OWN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** So long a status waits for the count. */
const PATIENCE_MS = 1_000;

/** An export whose resources are counted. */
export type CountedExport = ExportJob & { readonly output: ExportOutput };

/** What a kick-off request asked, as its record tells it: by which parameters in the open, the rest sealed. */
export interface ExportRequest {
  /** The whole address, which the manifest repeats. */
  readonly address: string;
  readonly names: readonly string[];
  /** Relative to the server's FHIR address, with what a body asked. */
  readonly query: string;
}

/** Looks that an export is: what each is called on record. */
type ExportLook = 'export' | 'export-asked' | 'export-manifest' | 'export-cancelled';

/** Resources of a type: those that were there, and what was deleted since. */
interface Batch {
  readonly given: readonly ExportedRow[];
  readonly deleted: readonly ExportedRow[];
}

/** A count under way. */
interface Count {
  soFar: number;
  readonly output: Promise<ExportOutput>;
}

/** What the file of deletions is called. */
export const DELETED = 'deleted';

/**
 * Bulk export (FHIR Bulk Data Access 2.0). An export is a note of what was asked and of when: its files are read from the versions
 * of that time while they are fetched, in batches. So nothing is ever half there, a server that dies leaves nothing behind, any
 * server answers, a file that broke off is fetched again, and memory does not grow with what is exported.
 */
export class Exports {
  /** Counts that this server has in hand. */
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {}

  /**
   * Notes an export, on record with what was asked; answers its id. Of the types that were not asked for by name those are given of which everything is open to the
   * caller. Throws BadSearchParameter where a filter is none, NotPermitted.
   */
  async begin(
    caller: Caller,
    { address, names, query }: ExportRequest,
    { areNamed, ...wanted }: ExportAsked & { readonly areNamed: boolean },
  ): Promise<string> {
    refuseBrokenGlass(caller, 'resources in bulk', 'r');
    const types = areNamed ? wanted.types : wanted.types.filter((type) => readsWhole(caller, type));
    requireWhole(caller, types);
    if (types.length === 0 && wanted.types.length > 0) throw new NotPermitted('resources', 'r');
    const asked = { ...wanted, types };
    for (const type of asked.types) requireAll(caller, throughTypes(conditionsOf(asked, type)), 's');
    const id = randomUUID();
    // Who writes for other tenants is looked at too: only the server sees when they began.
    const transactionTime = await asServer(() => this.database.statement(settledTime));
    await this.database.transaction(async (tx) => {
      await deleteJob(tx, id); // what is over
      await insertJob(tx, { id, request: address, asked, transactionTime, requestedBy: askerOf(caller) });
    });
    await this.look(caller, 'export-asked', id, { details: { parameters: names, types: asked.types }, query });
    return id;
  }

  /**
   * An export with what it gives: how many resources of each type. Where they are not counted in a moment, how far the count is: it
   * goes on here, and is kept for every server to tell; one that dies with its server is begun again by who asks next. That it is told
   * is on record before. Throws ExportAbsent.
   */
  async manifest(caller: Caller, id: string): Promise<CountedExport | { readonly counted: number }> {
    const job = await this.job(caller, id);
    const count = job.output === null ? (this.counts.get(id) ?? this.count(job)) : undefined;
    const output = job.output ?? (await Promise.race([count?.output, sleep(PATIENCE_MS, undefined, { ref: false })]));
    if (output === undefined) return { counted: count?.soFar ?? 0 };
    await this.look(caller, 'export-manifest', id);
    return { ...job, output };
  }

  private count(job: ExportJob): Count {
    const count: Count = { soFar: 0, output: this.outputOf(job, (more) => (count.soFar += more)) };
    this.counts.set(job.id, count);
    // Who waits for it hears why it failed, if anybody does; who asks next begins it again.
    const over = (): void => void this.counts.delete(job.id);
    count.output.then(over, over);
    return count;
  }

  private async outputOf(job: ExportJob, counted: (more: number) => void): Promise<ExportOutput> {
    const counts: Record<string, number> = {};
    let deleted = 0;
    for (const type of job.asked.types)
      for await (const batch of this.batches(job, type)) {
        counts[type] = (counts[type] ?? 0) + batch.given.length;
        deleted += batch.deleted.length;
        counted(batch.given.length + batch.deleted.length);
        if (!this.counts.has(job.id)) throw new ExportAbsent(); // it was cancelled
      }
    const output = { counts, deleted };
    await this.database.statement((tx) => keepOutput(tx, job.id, output));
    return output;
  }

  /** Forgets an export; on record. Throws ExportAbsent. */
  async cancel(caller: Caller, id: string): Promise<void> {
    await this.job(caller, id);
    await this.look(caller, 'export-cancelled', id);
    await this.database.statement((tx) => deleteJob(tx, id));
    this.counts.delete(id);
  }

  /** The resources of a type, a line each; on record, with those whom they are about, before they are given. Throws ExportAbsent. */
  async file(caller: Caller, id: string, type: string, base: string): Promise<AsyncIterable<string>> {
    const job = await this.job(caller, id);
    if (type !== DELETED && !job.asked.types.includes(type)) throw new ExportAbsent();
    const pieces = type === DELETED ? this.deletions(job, base) : this.lines(job, type);
    const about = type === DELETED ? 'Resource' : type;
    const texts = namedPieces(pieces, (patients) => this.look(caller, 'export', id, { patients }, about));
    const first = await texts.next();
    return first.done ? texts : beginningWith(first.value, texts);
  }

  private look(caller: Caller, what: ExportLook, id: string, { details, ...facts }: Partial<Look> = {}, type = 'Resource') {
    return this.accessLog.record({ caller, entity: { type, id: 'export' }, what, details: { export: id, ...details }, ...facts });
  }

  private async *lines(job: ExportJob, type: string): AsyncIterable<Piece> {
    for await (const { given } of this.batches(job, type))
      yield { text: given.map(({ content }) => `${content}\n`).join(''), patients: whoseAre(type, given) };
  }

  /** Bundles of what was deleted since (Bulk Data 2.0, `deleted`). */
  private async *deletions(job: ExportJob, base: string): AsyncIterable<Piece> {
    for (const type of job.asked.types)
      for await (const { deleted } of this.batches(job, type)) {
        const entry = deleted.map(({ id }) => ({ fullUrl: `${base}/${type}/${id}`, request: { method: 'DELETE', url: `${type}/${id}` } }));
        const text = entry.length > 0 ? `${JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })}\n` : '';
        yield { text, patients: whoseAre(type, deleted) };
      }
  }

  private async *batches({ asked, transactionTime }: ExportJob, type: string): AsyncIterable<Batch> {
    const since = asked.since === null ? undefined : new Date(asked.since);
    const part: ExportPart = { type, at: new Date(transactionTime), since, conditions: conditionsOf(asked, type) };
    for (let after = ''; ;) {
      const { last, isFull, found } = part.conditions.length === 0 ? await this.all(part, after) : await this.filtered(part, after);
      const there = found.filter(({ content, deleted }) => content !== null && deleted !== true);
      yield { given: there, deleted: since === undefined ? [] : found.filter(({ deleted }) => deleted === true) };
      if (last === undefined || !isFull) return;
      after = last;
    }
  }

  private async all(part: ExportPart, after: string) {
    const found = await this.database.statement((tx) => exportBatch(tx, part, after, BATCH));
    return { last: found.at(-1)?.id, isFull: found.length === BATCH, found };
  }

  /** The resources that meet conditions as they were then, whatever they have become. */
  private async filtered(part: ExportPart, after: string) {
    const rows = await this.database.statement((tx) => filteredBatch(tx, part, after, BATCH));
    const were = rows.flatMap((row) => (row.isChanged && row.content !== null ? [{ ...row, content: row.content }] : []));
    const met = await meetingAsOf(this.database, part.type, were, part.conditions);
    return { last: rows.at(-1)?.id, isFull: rows.length === BATCH, found: rows.filter(({ isChanged, no }) => !isChanged || met.has(no)) };
  }

  /** An export is its asker's alone. */
  private async job(caller: Caller, id: string): Promise<ExportJob> {
    const job = OWN_ID.test(id) ? await this.database.statement((tx) => oneJob(tx, id)) : undefined;
    if (job === undefined || (caller.rights !== undefined && job.requestedBy !== askerOf(caller))) throw new ExportAbsent();
    requireWhole(caller, job.asked.types);
    return job;
  }
}

async function* beginningWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** A person's app has no part in what another app of theirs asked for. */
const askerOf = ({ id, client }: Caller): string => (client === undefined ? id : `${id} ${client}`);

/** Whom resources are about: as they are, and as they were where that is another version. */
const whoseAre = (type: string, rows: readonly ExportedRow[]): string[] =>
  rows.flatMap(({ id, content, patients, isChanged }) => [
    ...(patients ?? []),
    ...(isChanged && content !== null ? patientsOf(type, id, indexRows(JSON.parse(content) as { resourceType: string })) : []),
  ]);

/** Types of the patients' compartments, which Patient/$export and Group/$export give. */
export const COMPARTMENT_TYPES: readonly string[] = SERVED_TYPES.filter(
  (type) => type === 'Patient' || compartmentParameters('Patient', type).length > 0,
);

/** What a resource of the type must meet: one of its filters, and to be in the patients' compartments. @throws BadSearchParameter */
function conditionsOf({ filters, patients }: ExportAsked, type: string): Condition[] {
  const own = filters.filter((filter) => filter.split('?')[0] === type);
  const any = own.map((filter) => {
    const parameters: [string, string][] = [...new URLSearchParams(filter.slice(filter.indexOf('?') + 1))];
    return parseSearch({ type, parameters, lenient: false }, { base: '', now: Date.now() }).search.conditions;
  });
  return [...(any.length === 0 ? [] : [{ kind: 'any', any } as const]), ...(patients === null ? [] : [within(type, patients)])];
}

function within(type: string, patients: readonly string[]): Condition {
  const parameters = compartmentParameters('Patient', type).flatMap((name) => searchParameters(type).get(name)?.numbers.own ?? []);
  const itself: Condition[][] = type === 'Patient' ? [[{ kind: 'ids', ids: patients, not: patients.length === 0 }]] : [];
  if (parameters.length === 0) return { kind: 'any', any: itself };
  const refers: Condition =
    patients.length === 0
      ? { kind: 'missing', parameters, table: 'search_reference', missing: false }
      : { kind: 'reference', parameters, any: patients.map((id) => ({ type: 'Patient', id })), not: false };
  return { kind: 'any', any: [...itself, [refers]] };
}
