import type { Transaction } from '../../database/transaction.js';
import { addRows } from './add-rows.sql.js';
import type { Arm } from '../analysis/study-tables.js';
import type { Protocol, ReaderTask } from './protocol.js';
import { seededOrder } from './seeded-order.js';
import { membersOf, protocolInForce } from './studies.sql.js';

export interface Dealt {
  readonly arm: Arm;
  readonly session: number;
  readonly place: number;
  readonly caseKey: string;
}

/** Streams of a seed: the sample of cases, then some for each reader. */
const SAMPLE = 0;
const STREAMS_A_READER = 4;

/**
 * The order in which a reader reads, drawn anew for each (FDA, CADe guidance 2022: randomised). Crossover: half of the cases first without
 * the model and half with it, mixed, then the other way round; every second reader begins with the other half.
 * @param cases  keys of what is read, all readers the same: fully crossed
 * @param reader  0 for the first
 */
export function dealtTo(reader: number, cases: readonly string[], design: ReaderTask['design'], seed: number): Dealt[] {
  const stream = (n: number): number => 1 + reader * STREAMS_A_READER + n;
  const order = seededOrder(cases, seed, stream(0));
  const session = (number: number, rows: readonly { readonly arm: Arm; readonly caseKey: string }[]): Dealt[] =>
    rows.map((row, i) => ({ ...row, session: number, place: i + 1 }));
  const inArm = (arm: Arm) => (caseKey: string) => ({ arm, caseKey });
  switch (design) {
    case 'none':
      return [];
    case 'unaided':
      return session(1, order.map(inArm('unaided')));
    case 'sequential':
      return session(
        1,
        order.flatMap((caseKey) => [inArm('unaided')(caseKey), inArm('aided')(caseKey)]),
      );
    case 'crossover': {
      const [one, other]: readonly Arm[] = reader % 2 === 0 ? ['unaided', 'aided'] : ['aided', 'unaided'];
      // By the cases, not by the reader's own order: the same half for all.
      const half = new Set(seededOrder(cases, seed, SAMPLE).slice(0, Math.ceil(cases.length / 2)));
      const first = (arms: readonly [Arm, Arm]) => (caseKey: string) => ({ arm: half.has(caseKey) ? arms[0] : arms[1], caseKey });
      return [...session(1, order.map(first([one, other]))), ...session(2, seededOrder(cases, seed, stream(1)).map(first([other, one])))];
    }
  }
}

/** Gives the readers of a study their cases, as it begins to run. */
export async function dealCases(tx: Transaction, study: string): Promise<void> {
  const protocol = await protocolInForce(tx, study);
  if (protocol === undefined) return; // no step is taken without one: the database says so
  const { reading, seed } = JSON.parse(protocol.content) as Protocol; // as it was checked when it was written
  if (reading.design === 'none') return;
  const all = await tx.rows<{ key: string }>(
    'SELECT case_key AS key FROM validation_case WHERE dataset = validation_dataset_of($1) ORDER BY case_key',
    [study],
  );
  const keys = all.map(({ key }) => key);
  const read = reading.cases === null ? keys : seededOrder(keys, seed, SAMPLE).slice(0, reading.cases).toSorted();
  const readers = (await membersOf(tx, study)).filter(({ role }) => role === 'reader');
  for (const [i, { key }] of readers.entries())
    await addRows(
      tx,
      'validation_assignment',
      dealtTo(i, read, reading.design, seed).map((one) => ({ study, reader: key, ...one })),
    );
}
