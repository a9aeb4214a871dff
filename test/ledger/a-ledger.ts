import type { Database } from '../../src/database/database.js';
import { appendRecords } from '../../src/ledger/append-records.sql.js';
import type { LedgerExtract } from '../../src/ledger/extract.js';
import type { LedgerEvent } from '../../src/ledger/ledger-event.js';
import { Linker } from '../../src/ledger/linker.js';

/** An event of an organisation about a thing. */
export const anEvent = (tenant: number, type: string, id: string, more: Partial<LedgerEvent> = {}): LedgerEvent => ({
  actor: `user:of-${tenant}`,
  action: 'evidence.recorded',
  entity: { type, id },
  changes: { words: '"grün" \u2028 \\ ,"seq":3,', share: 0.25 },
  reason: '',
  tenant,
  ...more,
});

/** Appends events, and links them. */
export async function append(database: Database, events: readonly LedgerEvent[]): Promise<void> {
  await database.transaction((tx) => appendRecords(tx, events));
  await new Linker(database).link();
}

export type ExtractTexts = Readonly<Record<'events' | 'checkpoints' | 'proofs', string>>;

export async function textsOf(extract: LedgerExtract): Promise<ExtractTexts> {
  const text = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  return { events: await text(extract.events()), checkpoints: await text(extract.checkpoints()), proofs: await text(extract.proofs()) };
}

export const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
