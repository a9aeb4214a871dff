import type { PayloadFile } from '../package/evidence-package.js';
import type { AnalysisRow } from './results.sql.js';

const NDJSON = 'application/x-ndjson';

/** All that the model gave for each case: what the ledger has the digests of. */
export const outputsFile = (outputs: readonly { readonly caseKey: string; readonly outputs: string }[]): PayloadFile => ({
  path: '05-predictions/outputs.jsonl',
  encodingFormat: NDJSON,
  description: 'All that the model gave for each case; its record in the ledger has the SHA-256 of the canonical text of `outputs`',
  open: () => outputs.map(({ caseKey, outputs: text }) => Buffer.from(`{"caseKey":${JSON.stringify(caseKey)},"outputs":${text}}\n`)),
});

/** What two people signed to unblind: digests of all that results are computed from, with what they were salted by. */
export const freezeFile = (content: string, sha256: string, salts: object): PayloadFile => ({
  path: '01-protocol/freeze.json',
  encodingFormat: 'application/json',
  description: 'What was frozen and signed to unblind: `sha256` is of the canonical text of `content`, whose digests are of {of, salt}',
  open: () => [Buffer.from(`{"content":${content},"salts":${JSON.stringify(salts)},"sha256":"${sha256}"}\n`)],
});

/** Analyses that nobody had planned: results and the plan that each followed. */
export const postHocFiles = (analyses: readonly AnalysisRow[]): PayloadFile[] =>
  analyses
    .filter(({ kind }) => kind === 'post-hoc')
    .map(({ number, at, plan, content, sha256 }) => ({
      path: `07-statistics/post-hoc/${number}.json`,
      encodingFormat: 'application/json',
      description: `Post-hoc analysis ${number} of ${at.toISOString()}: planned by nobody before the results were known`,
      open: () => [
        Buffer.from(
          `{"kind":"post-hoc","number":${number},"at":${JSON.stringify(at)},"sha256":"${sha256}","plan":${plan},"result":${content}}\n`,
        ),
      ],
    }));
