import type { JsonWebKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../src/database/database.js';
import { SERVER_SCOPE } from '../../../src/database/scope.js';
import { evidencePackage, type PackageSigning } from '../../../src/evidence/package/evidence-package.js';
import { verifierText } from '../../../src/evidence/package/one-file.js';
import { checkLedger } from '../../../src/evidence/package/verify/check-ledger.js';
import { checkStudy } from '../../../src/evidence/package/verify/check-study.js';
import { Findings } from '../../../src/evidence/package/verify/findings.js';
import { extractLedger } from '../../../src/ledger/extract.js';
import { Signer } from '../../../src/signing/signer.js';
import { aDatabase } from '../../a-database.js';
import { anEvent, append, textsOf } from '../../ledger/a-ledger.js';
import { aBag, aFile, aPackage, bytesOf } from './a-package.js';
import { eventsOf, FIRST_CASE, studyTexts, type Study } from './a-study-package.js';

/** Texts of a package's files by their paths below `data/`. */
export type Texts = Record<string, string>;

export const PREDICTIONS = '05-predictions/predictions.csv';
export const RESULTS = '07-statistics/results.json';

/** Studies that are done in a real ledger, by a server with a key of its own. */
export class DoneStudies {
  private studies = 0;

  private constructor(
    private readonly folder: string,
    private readonly database: Database,
    readonly signer: Signer,
    readonly keys: JsonWebKey[],
  ) {}

  static async begin(): Promise<DoneStudies> {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-done-studies-'));
    const database = await aDatabase(SERVER_SCOPE);
    const signer = new Signer(folder, database);
    await signer.prepare();
    return new DoneStudies(folder, database, signer, (await signer.publicKeys()).keys as JsonWebKey[]);
  }

  async end(): Promise<void> {
    await this.database.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Does a study, another organisation's records between its own; answers its files. */
  async done(study: Study, events = eventsOf(study)): Promise<Texts> {
    const id = `study-${(this.studies += 1)}`;
    const before = await this.records();
    await append(
      this.database,
      events.flatMap((event) => [anEvent(1, 'validation-study', id, event), anEvent(2, 'validation-study', id, { reason: 'of-2' })]),
    );
    const ledger = await textsOf(await extractLedger(this.database, this.signer, { tenant: 1, about: [['validation-study', id]] }));
    const seqOf = (place: number): number => before + 1 + 2 * (FIRST_CASE + place);
    return {
      ...(await studyTexts(study, (value) => this.signer.sign(value), seqOf)),
      '10-audit/events.jsonl': ledger.events,
      '10-audit/checkpoints.jsonl': ledger.checkpoints,
      '10-audit/proofs.jsonl': ledger.proofs,
    };
  }

  /** What is found of files, their ledger first. */
  async check(of: Readonly<Record<string, string | undefined>>) {
    const files = Object.entries(of).flatMap(([path, text]) => (text === undefined ? [] : [[`data/${path}`, text] as const]));
    const findings = new Findings();
    const bag = aBag(Object.fromEntries(files));
    await checkLedger(bag, this, findings);
    await checkStudy(bag, this, findings);
    return {
      exit: findings.exit,
      found: findings.all.map(({ kind, where, words }) => `${kind}: ${where.slice(5)}: ${words}`),
      checked: findings.checked,
    };
  }

  signing(): PackageSigning {
    const { signer, keys } = this;
    return { sign: (bytes) => signer.signBytes(bytes), keys, signedAt: '2026-11-28T12:00:00.000Z', software: 'wetread 0.1.0' };
  }

  private records = async (): Promise<number> =>
    (await this.database.statement((tx) => tx.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_link')))[0].n;
}

export const packed = async (of: Readonly<Texts>, signing: PackageSigning): Promise<Buffer> =>
  bytesOf(
    await evidencePackage(
      aPackage(
        Object.entries(of).map(([path, text]) => aFile(path, text)),
        { verifier: verifierText() },
      ),
      signing,
    ),
  );
