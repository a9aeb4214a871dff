import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import { numberedEvent } from './chain.js';
import { signedCheckpoint } from './checkpoint.js';
import { linkHashes } from './checkpoint.sql.js';
import { LedgerNotWhole } from './export-lines.js';
import { firstCheckpointsWith, isStillToLink, linksWithTexts, numbersAsked, type RecordsAsked } from './extract.sql.js';
import { CHAIN_START, linkHash } from './link-hash.js';
import { Linker } from './linker.js';
import { provesConsistency } from './merkle.js';
import { MakeCheckpoints, type CheckpointSigner } from './make-checkpoints.js';
import { TreeProofs } from './tree-proofs.js';

const STRETCH = 2_000;
/** Proofs that are one piece of their file. */
const TOGETHER = 200;
/** How long a record may wait for its link. */
const LINKED_WITHIN_MS = 20_000;

/** Which records an extract has: of one organisation, and no others. */
export interface ExtractOf {
  readonly tenant: number;
  /** All records about these things. */
  readonly about?: readonly (readonly [type: string, id: string])[];
  /** These too, by their numbers. Each must be the organisation's. */
  readonly numbers?: readonly number[];
  /** No record about the things after this number: looks at a study, which come after it was closed, say. */
  readonly last?: number;
}

/** Some records of the ledger, each with the proof that a signed checkpoint has it. The same records give the same texts, however long the ledger has become. */
export interface LedgerExtract {
  readonly records: number;
  /** Of the checkpoint that all proofs lead to. */
  readonly size: number;
  /** A line for each record: its canonical text (RFC 8785) with its number, the hash of the link before it, and its own. */
  events(): AsyncIterable<Uint8Array>;
  /** A line for each checkpoint that was the first to have one of the records, with the proof that the last of them begins with it. */
  checkpoints(): AsyncIterable<Uint8Array>;
  /** A line for each record: the proof that the last of the checkpoints has it (RFC 9162 2.1.3). */
  proofs(): AsyncIterable<Uint8Array>;
}

/**
 * Takes records out of the ledger, with what proves them to who has nothing but a public key. The checkpoint is the first one that has all
 * of them: where there is none yet, it is made now. No record of another organisation leaves with them; hashes of links do, which say nothing
 * of what was linked. Memory: the records' numbers, and 64 KiB for a million records of the ledger.
 * @param signer  of this server, for a checkpoint that must be made
 * Throws LedgerNotWhole; so do the texts.
 */
export async function extractLedger(database: Database, signer: CheckpointSigner, of: ExtractOf): Promise<LedgerExtract> {
  const ledger = database.forServer(); // links and checkpoints are of all organisations together
  const asked = { tenant: of.tenant, about: of.about ?? [], numbers: of.numbers ?? [], last: of.last ?? null };
  await linkAll(ledger, asked);
  const numbers = await ledger.statement((tx) => numbersAsked(tx, asked));
  const there = new Set(numbers);
  const lost = asked.numbers.find((number) => !there.has(number));
  if (lost !== undefined) throw new LedgerNotWhole(`the organisation has no record ${lost}`);
  if (numbers.length === 0) throw new LedgerNotWhole('there is no record of what was asked for');
  const checkpoints = await checkpointsOver(ledger, signer, numbers);
  const last = checkpoints[checkpoints.length - 1];
  const tree = await treeOf(ledger, last.size);
  if (!tree.root().equals(last.root)) throw new LedgerNotWhole(`the checkpoint of ${last.size} records is of others`);
  return {
    records: numbers.length,
    size: last.size,
    events: () => eventLines(ledger, numbers),
    async *checkpoints() {
      for (const one of checkpoints) {
        const proof = await tree.consistency(one.size);
        if (!provesConsistency(one, last, proof)) throw new LedgerNotWhole(`the checkpoint of ${one.size} records is of others`);
        yield line({ ...signedCheckpoint(one), proof: proof.map(hex) });
      }
    },
    async *proofs() {
      const lines: Buffer[] = [];
      for await (const { number, proof } of tree.inclusions(numbers)) {
        lines.push(line({ seq: number, size: last.size, proof: proof.map(hex) }));
        if (lines.length === TOGETHER) yield Buffer.concat(lines.splice(0));
      }
      yield Buffer.concat(lines);
    },
  };
}

/** Waits until what was committed before is linked, by this or another linker. */
async function linkAll(ledger: Database, asked: RecordsAsked): Promise<void> {
  const linker = new Linker(ledger);
  for (const until = performance.now() + LINKED_WITHIN_MS; ;) {
    await linker.link();
    if (!(await ledger.statement((tx) => isStillToLink(tx, asked)))) return;
    if (performance.now() > until) throw new LedgerNotWhole('records of it have no link yet');
    await wait(100);
  }
}

async function checkpointsOver(ledger: Database, signer: CheckpointSigner, numbers: readonly number[]) {
  const last = numbers[numbers.length - 1];
  const over = () => ledger.statement((tx) => firstCheckpointsWith(tx, numbers));
  const found = await over();
  if ((found.at(-1)?.size ?? 0) >= last) return found;
  await new MakeCheckpoints(ledger, signer).look(true);
  const made = await over();
  if ((made.at(-1)?.size ?? 0) < last) throw new LedgerNotWhole('no checkpoint of it could be made');
  return made;
}

async function treeOf(ledger: Database, size: number): Promise<TreeProofs> {
  try {
    return await TreeProofs.of((after, limit) => ledger.statement((tx) => linkHashes(tx, after, limit)), size);
  } catch (error) {
    if (error instanceof RangeError) throw new LedgerNotWhole(error.message);
    throw error;
  }
}

async function* eventLines(ledger: Database, numbers: readonly number[]): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < numbers.length; at += STRETCH) {
    const stretch = numbers.slice(at, at + STRETCH);
    const rows = await ledger.statement((tx) => linksWithTexts(tx, stretch));
    if (rows.length !== stretch.length) throw new LedgerNotWhole(`records from ${stretch[0]} on are not all there`);
    const lines = rows.map(({ seq, hash, before, event }) => {
      const previous = seq === 1 ? CHAIN_START : before;
      if (event === null || previous === null) throw new LedgerNotWhole(`record ${seq}, or the one before it, is gone`);
      const text = numberedEvent(event, seq);
      if (!linkHash(previous, text).equals(hash)) throw new LedgerNotWhole(`record ${seq} is not what was linked`);
      return `{"event":${text},"before":"${hex(previous)}","hash":"${hex(hash)}"}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const line = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
