import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { extractLedger } from '../../ledger/extract.js';
import type { Linker } from '../../ledger/linker.js';
import { canonicalSha256 } from '../../signing/canonical.js';
import type { PublicAddress } from '../../public-address.js';
import type { Records } from '../../records/records.js';
import type { Signer } from '../../signing/signer.js';
import { SOFTWARE_VERSION } from '../../version.js';
import { packageLockText } from '../contents/device/package-lock.js';
import type { StudyFile } from '../contents/study-file.js';
import { studyContents } from '../contents/study-contents.js';
import { evidencePackage, type PayloadFile } from '../package/evidence-package.js';
import { ledgerFiles } from '../package/ledger-files.js';
import { verifierText } from '../package/one-file.js';
import type { Zip } from '../package/zip.js';
import { addRows } from './add-rows.sql.js';
import { fileOfStudy } from './file-of-study.js';
import { freezeFile, outputsFile, postHocFiles } from './more-files.js';
import { lastRecord, outputsOf, packagesOf, recordsOfRun, recordsOfStudy, type PackageRow } from './package.sql.js';
import { needUnblinded } from './results.js';
import { analysesOf, freezeOf, saltsOf } from './results.sql.js';
import { runOf } from './runs.sql.js';
import { packageReference } from './package-reference.js';
import { studyOf, type StudyRow } from './studies.sql.js';
import type { StudyDesk } from './study-desk.js';
import { organisationOf } from './organisation.sql.js';

/** Terms of use: who gives a package away says more. */
const LICENSE = { id: 'urn:wetread:terms:evidence', name: 'For the examination of this study by whom it was given to' };

/** A package as it is sent. */
export interface SealedPackage {
  readonly number: number;
  /** Of tagmanifest-sha512.txt, hex: what people sign of it. */
  readonly tagSha512: string;
  readonly zip: Zip;
}

/** What a package is made of beside its contents. */
interface Seal {
  readonly number: number;
  readonly signedAt: string;
  /** The last record of the ledger that it may hold. */
  readonly last: number;
}

/** What is kept of a package. */
interface Sealed extends Seal {
  readonly tagSha512: string;
  readonly facts: string;
}

/** Evidence packages of studies: sealed once for each state of a study, and the same bytes whenever they are asked for again. */
export class Packages {
  constructor(
    private readonly desk: StudyDesk,
    private readonly signer: Signer,
    private readonly linker: Linker,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  /**
   * The package of a study as it is now. Where nothing was added since the last one was sealed it is that one, to the byte.
   * @throws OperationNotPermitted, StudyAbsent, StillBlinded, NothingThere, LedgerNotWhole, StudyFileContradictory
   */
  async ofStudy(caller: Caller, study: string): Promise<SealedPackage> {
    requireOperation(caller, 'evidence.export');
    await this.signer.prepare();
    const deed = { study, what: 'package' } as const;
    const { facts, sealed } = await this.desk.look(caller, deed, async (tx) => {
      await needUnblinded(tx, study);
      return { facts: await factsOf(tx, study), sealed: (await packagesOf(tx, study)).at(-1) };
    });
    if (sealed?.facts === facts) {
      const again = await this.sealedAgain(caller, study, sealed);
      if (again.tagSha512 === sealed.tagSha512) return again; // else the software that makes it is another
    }
    await this.linker.link(); // this look too is in the chain: what comes after is in no package of this number
    const server = this.desk.database.forServer();
    const seal: Seal = {
      number: (sealed?.number ?? 0) + 1,
      signedAt: new Date().toISOString(),
      last: await server.statement((tx) => lastRecord(tx)),
    };
    const made = await this.made(caller, study, seal);
    await this.desk.write(caller, { study, what: 'package', changes: { number: seal.number, tagSha512: made.tagSha512 } }, (tx) =>
      this.sealed(
        tx,
        study,
        { number: seal.number, tagSha512: made.tagSha512, signedAt: seal.signedAt, facts, last: seal.last },
        caller.id,
      ),
    );
    return made;
  }

  /** Those that were sealed; on record. Throws OperationNotPermitted, StudyAbsent. */
  async list(caller: Caller, study: string): Promise<PackageRow[]> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'packages' }, (tx) => packagesOf(tx, study));
  }

  /** The row, and what FHIR has of it: the one before is superseded. */
  private async sealed(tx: Transaction, study: string, { last, ...row }: Sealed, madeBy: string): Promise<void> {
    const before = (await packagesOf(tx, study)).at(-1);
    await addRows(tx, 'validation_package', [{ study, ...row, checkpointSize: last, madeBy }]);
    const { title } = (await studyOf(tx, study)) as StudyRow; // its package was just made
    const reference = (of: Parameters<typeof packageReference>[1], status: 'current' | 'superseded') =>
      packageReference({ id: study, title }, of, this.address.base, status);
    const made = reference({ ...row, signedAt: new Date(row.signedAt) }, 'current');
    await this.records.write(tx, [...(before === undefined ? [] : [reference(before, 'superseded')]), made], new Date());
  }

  private async sealedAgain(caller: Caller, study: string, { number, signedAt, lastRecord: last }: PackageRow): Promise<SealedPackage> {
    return this.made(caller, study, { number, signedAt: signedAt.toISOString(), last });
  }

  private async made(caller: Caller, study: string, { number, signedAt, last }: Seal): Promise<SealedPackage> {
    const { database } = this.desk;
    const server = database.forServer();
    const run = await database.statement((tx) => runOf(tx, study));
    const recordOf = new Map(
      run === undefined
        ? []
        : (await server.statement((tx) => recordsOfRun(tx, study, run.id))).map(({ caseKey, seq }) => [caseKey, seq] as const),
    );
    const file = await this.fileOf(study, { number, last, recordOf }, server);
    const outputs = await database.statement((tx) => outputsOf(tx, study));
    const analyses = await database.statement((tx) => analysesOf(tx, study));
    const about = [
      ['ValidationStudy', study],
      ['ValidationDataset', file.dataset.id],
      ...file.records.map(({ id }) => ['RegulatoryRecord', id] as const),
    ] as const;
    const extract = await extractLedger(database, this.signer, { tenant: caller.tenant, about, numbers: [...recordOf.values()], last });
    const [freeze, salts] = await database.statement(async (tx) => [await freezeOf(tx, study), await saltsOf(tx, study)] as const);
    const frozen = freeze === undefined || salts === undefined ? [] : [freezeFile(freeze.content, freeze.sha256, salts)];
    const more: PayloadFile[] = [...ledgerFiles(extract), outputsFile(outputs), ...frozen, ...postHocFiles(analyses)];
    const contents = studyContents(file, { lockText: packageLockText(), license: LICENSE, more });
    const keys = (await this.signer.publicKeys()).keys;
    let tagSha512 = '';
    const zip = await evidencePackage(
      { ...contents, verifier: verifierText() },
      {
        sign: (bytes) => this.signer.signBytes(bytes),
        sealed: (sha512) => {
          tagSha512 = sha512;
        },
        keys,
        signedAt,
        software: `wetread ${SOFTWARE_VERSION}`,
      },
    );
    return { number, tagSha512, zip };
  }

  private async fileOf(
    study: string,
    { number, last, recordOf }: { readonly number: number; readonly last: number; readonly recordOf: ReadonlyMap<string, number> },
    server: Database,
  ): Promise<StudyFile> {
    const dataset = await this.desk.database.statement((tx) => datasetIdOf(tx, study));
    const accesses = (await server.statement((tx) => recordsOfStudy(tx, [study, dataset], last))).map(({ at, actor, event }) => {
      const { action, changes, outcome } = JSON.parse(event) as { action: string; changes: { what?: string }; outcome?: string };
      return { at: at.toISOString(), actor, action, what: changes.what ?? '', outcome: outcome ?? 'success' };
    });
    return this.desk.database.snapshot(async (tx) =>
      fileOfStudy(tx, study, { organisation: await organisationOf(tx), number, recordOf, accesses }),
    );
  }
}

/** A digest of all that a package tells, but for its number and who looked: as long as it is the same, so is the package. */
async function factsOf(tx: Transaction, study: string): Promise<string> {
  const file = await fileOfStudy(tx, study, { organisation: '', number: 0, recordOf: new Map(), accesses: [] });
  return canonicalSha256({ file, analyses: (await analysesOf(tx, study)).map(({ sha256 }) => sha256) });
}

const datasetIdOf = async (tx: Transaction, study: string): Promise<string> =>
  (await tx.rows<{ id: string }>('SELECT validation_dataset_of($1) AS id', [study]))[0].id;
