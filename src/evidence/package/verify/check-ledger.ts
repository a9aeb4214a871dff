import { ExportCheck, trustedIn, verifyExport } from '../../../ledger/verify-export.js';
import type { Bag } from './bag.js';
import type { Held } from './content-check.js';
import type { Findings } from './findings.js';

/** The ledger as it was exported for the package (`ledger/export-lines`), by the check that is handed out with each export of it. */
export const LEDGER_FILE = 'data/10-audit/events.jsonl';

export async function checkLedger(bag: Bag, { keys, checkpoint }: Held, findings: Findings): Promise<void> {
  if (!bag.names.includes(LEDGER_FILE)) {
    if (checkpoint !== undefined) findings.add('missing', LEDGER_FILE, 'it is not there, and must hold the checkpoint given');
    return;
  }
  const check = new ExportCheck(checkpoint === undefined ? undefined : trustedIn(checkpoint), keys);
  const verdict = await verifyExport(bag.read(LEDGER_FILE), check);
  if (!verdict.whole) {
    const { code, seq, words } = verdict;
    return findings.add(KINDS[code], LEDGER_FILE, `${code} at record ${seq}: ${words}`);
  }
  const trusted = verdict.trusted ? ', and begins as the checkpoint given says' : '';
  findings.checked.push(`the ledger: ${verdict.records} records, each hash and link, ${verdict.checkpoints} signed checkpoints${trusted}`);
}

const KINDS = {
  E_FORM: 'changed',
  E_GAP: 'changed',
  E_HASH: 'changed',
  E_CHECKPOINT: 'changed',
  E_TRUNCATED: 'missing',
  E_SIGNATURE: 'signature',
} as const;
