import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createHash, sign, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../src/database/database.js';
import { SERVER_SCOPE } from '../../../src/database/scope.js';
import { evidencePackage } from '../../../src/evidence/package/evidence-package.js';
import { NotForOneFile, oneFile, verifierText } from '../../../src/evidence/package/one-file.js';
import { extractLedger } from '../../../src/ledger/extract.js';
import { Signer } from '../../../src/signing/signer.js';
import { aDatabase } from '../../a-database.js';
import { anEvent, append, textsOf, type ExtractTexts } from '../../ledger/a-ledger.js';
import { aFile, aPackage, bytesOf, unpackTo } from './a-package.js';

const folder = mkdtempSync(join(tmpdir(), 'wetread-verifier-'));
const ZIP = join(folder, 'evidence-7-1.zip');
const VERIFIER = join(folder, 'empty', 'verify.mjs');
let database: Database;
let keys: JsonWebKey[];
let checkpoint: string;

/** Nine records of a study among twelve, and the checkpoint of all. */
const aLedger = async (signer: Signer): Promise<ExtractTexts> => {
  await append(
    database,
    Array.from({ length: 12 }, (_, i) => anEvent(1, 'validation-study', i % 4 === 3 ? '8' : '7')),
  );
  return textsOf(await extractLedger(database, signer, { tenant: 1, about: [['validation-study', '7']] }));
};

beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'empty'));
  const signer = new Signer(join(folder, 'data'), database);
  const ledger = await aLedger(signer);
  ({ checkpoint } = JSON.parse(ledger.checkpoints) as { checkpoint: string });
  ({ keys } = (await signer.publicKeys()) as { keys: JsonWebKey[] });
  const ledgerTexts = (['events', 'checkpoints', 'proofs'] as const).map((name) => aFile(`10-audit/${name}.jsonl`, ledger[name]));
  const files = [...ledgerTexts, aFile('01-protocol/protocol.json', '{"alpha":0.05}\n'), aFile('50% ü.csv', 'a\n')];
  const contents = aPackage(files, { verifier: verifierText() });
  const signing = {
    sign: (bytes: Uint8Array) => signer.signBytes(bytes),
    keys,
    signedAt: '2026-11-28T12:00:00.000Z',
    software: 'wetread 0.1.0',
  };
  writeFileSync(ZIP, await bytesOf(await evidencePackage(contents, signing)));
  writeFileSync(VERIFIER, verifierText());
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** Runs a verifier where nothing else is. */
const run = (verifier: string, ...given: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, ...given], {
    cwd: join(folder, 'empty'),
    env: {},
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
};
let count = 0;
const unpacked = (): string => {
  const to = join(folder, `unpacked-${(count += 1)}`);
  unpackTo(to, readFileSync(ZIP));
  return to;
};
const kept = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('verify.mjs', () => {
  it('is one file that imports nothing but Node', () => {
    const imports = [...verifierText().matchAll(/^\s*import\b.*$/gm)].map(([line]) => line);
    expect(imports).toEqual(['crypto', 'fs', 'path', 'url', 'zlib'].map((name) => `import * as node_${name} from 'node:${name}';`));
    expect(verifierText()).toMatch(/fileURLToPath\('file:\/\/\/Z:\//); // an address that Windows takes, too, and that nothing is at
    expect(verifierText()).not.toMatch(/\brequire\(|\bimport\(/);
  });

  it('says that a package is valid: in its ZIP, unpacked, and by the verifier within', () => {
    const here = unpacked();
    for (const answer of [run(VERIFIER, ZIP), run(VERIFIER, here), run(join(here, 'verify', 'verify.mjs'))]) {
      expect(answer).toEqual({ code: 0, said: expect.stringMatching(/^The package is valid: /) });
      expect(answer.said).toMatch(/6 files of the payload by SHA-256 and SHA-512, 9 beside it/);
      expect(answer.said).toMatch(/the signature of study\/7\/1, .* a key that the package itself names/);
      expect(answer.said).toMatch(
        /the ledger: 9 records of its first 12, each hash, and its proof to the last of 1 signed checkpoints, which begins with the others$/m,
      );
      expect(answer.said).not.toMatch(/endpoint/);
    }
  });

  it('holds it to keys and a checkpoint from elsewhere', () => {
    const [jwks, none, trust] = [
      kept('keys', JSON.stringify({ keys })),
      kept('none', JSON.stringify({ keys: [{ ...keys[0], kid: 'another' }] })),
      kept('trust', checkpoint),
    ];
    expect(run(VERIFIER, ZIP, '--keys', jwks, '--trust', trust)).toEqual({
      code: 0,
      said: expect.stringMatching(/one of the keys given\n.*; one of them is the checkpoint given/),
    });
    expect(run(VERIFIER, '--keys', none, ZIP)).toEqual({
      code: 3,
      said: expect.stringMatching(/^SIGNATURE: signatures\/package\.dsse\.json: its signature holds by no known key/),
    });
    const later = kept('later', checkpoint.replace(/\n12\n/, '\n13\n'));
    expect(run(VERIFIER, ZIP, '--trust', later)).toEqual({
      code: 2,
      said: expect.stringMatching(/checkpoints\.jsonl: whether its ledger goes on to the checkpoint given \(13 records\) cannot be told/),
    });
  });

  it.each<[what: string, change: (folder: string) => void, code: number, said: RegExp]>([
    [
      'a byte changed',
      (of) => writeFileSync(join(of, 'data/01-protocol/protocol.json'), '{"alpha":0.10}\n'),
      1,
      /^CHANGED: data\/01-protocol\/protocol\.json: its bytes are others than when manifest-sha512\.txt was written\.\nThe package is NOT valid/,
    ],
    ['a file gone', (of) => rmSync(join(of, 'data/50% ü.csv')), 2, /^MISSING: data\/50% ü\.csv: it is not there, and manifest-sha512/],
    ['a file put in', (of) => writeFileSync(join(of, 'data/new'), ''), 1, /^CHANGED: data\/new: it was put in/],
    ['a file put in beside the payload', (of) => writeFileSync(join(of, '.DS_Store'), ''), 1, /^CHANGED: \.DS_Store: it was put in/],
    [
      'a file renamed',
      (of) => renameSync(join(of, 'data/50% ü.csv'), join(of, 'data/51% ü.csv')),
      1,
      /^CHANGED: data\/50% ü\.csv: it was renamed: its bytes are there as data\/51% ü\.csv\.\nThe package/,
    ],
    [
      'a file that is a link',
      (of) => {
        rmSync(join(of, 'data/50% ü.csv'));
        symlinkSync('/etc/hostname', join(of, 'data/50% ü.csv'));
      },
      1,
      /CHANGED: data\/50% ü\.csv: it is no file but a link/,
    ],
    ['the signature gone', (of) => rmSync(join(of, 'signatures/package.dsse.json')), 2, /^MISSING: signatures\/package\.dsse\.json/],
    ['a manifest gone', (of) => rmSync(join(of, 'manifest-sha256.txt')), 2, /^MISSING: manifest-sha256\.txt/],
    ['the tag manifest gone', (of) => rmSync(join(of, 'tagmanifest-sha512.txt')), 2, /^MISSING: tagmanifest-sha512\.txt/],
    [
      'no bag at all',
      (of) => ['data', 'signatures', 'verify'].forEach((one) => rmSync(join(of, one), { recursive: true })),
      2,
      /^MISSING: /,
    ],
    [
      'a change with its digests made anew',
      (of) => forge(of),
      1,
      /^CHANGED: tagmanifest-sha512\.txt: it is another than the one that was signed/,
    ],
    [
      'all of it made anew and signed by another’s key of the same name',
      (of) => resign(of, forge(of)),
      3,
      /^SIGNATURE: signatures\/package\.dsse\.json: its signature holds by no known key/,
    ],
  ])('names %s', (_, change, code, said) => {
    const here = unpacked();
    change(here);
    expect(run(VERIFIER, here)).toEqual({ code, said: expect.stringMatching(said) });
  });

  it('names the file where a byte of the ZIP was changed, wherever it is', () => {
    const bytes = readFileSync(ZIP);
    const changed = join(folder, 'changed.zip');
    for (let i = 0; i < 12; i++) {
      const at = Math.floor(((i * 0.618034) % 1) * bytes.length);
      bytes[at] ^= 4;
      writeFileSync(changed, bytes);
      const { code, said } = run(VERIFIER, changed);
      expect([at, [1, 2, 3].includes(code as number), said]).toEqual([at, true, expect.stringMatching(/^(CHANGED|MISSING|SIGNATURE): \S/)]);
      bytes[at] ^= 4;
    }
  });

  it('names what was cut off or put behind a ZIP', () => {
    const bytes = readFileSync(ZIP);
    const cut = join(folder, 'cut.zip');
    for (const [some, code] of [
      [bytes.subarray(0, -1), 2],
      [bytes.subarray(0, 4_000), 2],
      [Buffer.alloc(0), 2],
      [Buffer.concat([bytes, Buffer.from('x')]), 2],
      [Buffer.concat([Buffer.from('x'), bytes]), 1],
    ] as const) {
      writeFileSync(cut, some);
      expect(run(VERIFIER, cut)).toEqual({
        code,
        said: expect.stringMatching(
          /^(MISSING|CHANGED): the end of the ZIP: .*\nThe package is NOT valid: .*\nNothing of it could be checked\./,
        ),
      });
    }
  });

  it('takes no orders that it does not understand, and prints no name that could harm a terminal', () => {
    expect(run(VERIFIER).code).toBe(2);
    expect(run(VERIFIER, ZIP, '--key', 'x')).toEqual({ code: 2, said: expect.stringMatching(/^node verify\.mjs/) });
    expect(run(VERIFIER, ZIP, '--keys')).toEqual({ code: 2, said: expect.stringMatching(/^node verify\.mjs/) });
    expect(run(VERIFIER, join(folder, 'none.zip'))).toEqual({
      code: 2,
      said: expect.stringMatching(/^The package could not be checked: ENOENT/),
    });
    expect(run(VERIFIER, ZIP, '--keys', kept('no-keys', '{}'))).toEqual({ code: 2, said: expect.stringMatching(/has no keys \(JWKS\)/) });
    const here = unpacked();
    writeFileSync(join(here, 'data', '\u001b[2Jcleared'), '');
    expect(run(VERIFIER, here).said).toMatch(/^CHANGED: data\/\\u001b\[2Jcleared: /);
  });

  it('cannot be put together of what imports a package', () => {
    const entry = join(folder, 'entry.js');
    writeFileSync(entry, "import { a } from 'left-pad';\n");
    expect(() => oneFile(entry, folder, '')).toThrow(NotForOneFile);
    writeFileSync(entry, "export * from 'node:fs';\n");
    expect(() => oneFile(entry, folder, '')).toThrow(NotForOneFile);
    cpSync(entry, join(folder, 'other.js'));
    writeFileSync(entry, "import { a } from './entry.js';\n");
    expect(() => oneFile(entry, folder, '')).toThrow(NotForOneFile);
  });
});

const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('hex');

/** Changes the protocol and makes all digests anew, as who has no key can. @returns  the tag manifest's digest */
function forge(of: string): string {
  const path = join(of, 'data/01-protocol/protocol.json');
  const [before, after] = [readFileSync(path), Buffer.from('{"alpha":0.10}\n')];
  writeFileSync(path, after);
  const replaced = (name: string, algorithm: string): void => {
    const digest = (bytes: Buffer): string => createHash(algorithm).update(bytes).digest('hex');
    writeFileSync(join(of, name), readFileSync(join(of, name), 'utf8').replace(digest(before), digest(after)));
  };
  const [one, two] = ['manifest-sha256.txt', 'manifest-sha512.txt'].map((name) => sha512(readFileSync(join(of, name))));
  replaced('manifest-sha256.txt', 'sha256');
  replaced('manifest-sha512.txt', 'sha512');
  const tags = readFileSync(join(of, 'tagmanifest-sha512.txt'), 'utf8')
    .replace(one, sha512(readFileSync(join(of, 'manifest-sha256.txt'))))
    .replace(two, sha512(readFileSync(join(of, 'manifest-sha512.txt'))));
  writeFileSync(join(of, 'tagmanifest-sha512.txt'), tags);
  return sha512(Buffer.from(tags));
}

function resign(of: string, digest: string): void {
  const path = join(of, 'signatures/package.dsse.json');
  const envelope = JSON.parse(readFileSync(path, 'utf8')) as { payload: string; signatures: { sig: string }[] };
  const statement = Buffer.from(envelope.payload, 'base64')
    .toString()
    .replace(/"sha512":"[0-9a-f]+"/, `"sha512":"${digest}"`);
  const { privateKey } = generateKeyPairSync('ed25519');
  envelope.payload = Buffer.from(statement).toString('base64');
  envelope.signatures[0].sig = sign(
    null,
    Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${statement.length} ${statement}`),
    privateKey,
  ).toString('base64');
  writeFileSync(path, `${JSON.stringify(envelope)}\n`);
}
