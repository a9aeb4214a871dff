import type { PayloadFile } from './evidence-package.js';
import type { Bytes } from './zip.js';

/** Records of the ledger with their proofs, as texts (ledger/extract): each may be asked for twice. */
export interface LedgerTexts {
  readonly records: number;
  events(): Bytes;
  checkpoints(): Bytes;
  proofs(): Bytes;
}

/** The ledger's files of a package. */
export const ledgerFiles = (ledger: LedgerTexts): PayloadFile[] => [
  {
    path: '10-audit/events.jsonl',
    encodingFormat: 'application/jsonl',
    description: `The ${ledger.records} records of the server's ledger about the study: each as it was linked, with the hash before it and its own`,
    open: () => ledger.events(),
  },
  {
    path: '10-audit/checkpoints.jsonl',
    encodingFormat: 'application/jsonl',
    description: 'Signed checkpoints of the ledger: of so many records it had this root (RFC 9162); the last begins with the others',
    open: () => ledger.checkpoints(),
  },
  {
    path: '10-audit/proofs.jsonl',
    encodingFormat: 'application/jsonl',
    description: 'That each of the records is among those of the last checkpoint (RFC 9162 2.1.3)',
    open: () => ledger.proofs(),
  },
];
