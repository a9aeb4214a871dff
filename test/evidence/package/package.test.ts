import { afterAll, describe, expect, it } from '@jest/globals';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidencePackage, type PackageContents } from '../../../src/evidence/package/evidence-package.js';
import { PackageFactRefused, PackageFileChanged, PackageNameRefused } from '../../../src/evidence/package/faults.js';
import { aFile, aPackage, aSigning, bytesOf, KID, unpackTo } from './a-package.js';

const folder = mkdtempSync(join(tmpdir(), 'wetread-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = [aFile('12-fhir/bundle.json', '{}'), aFile('05-predictions/100% grün.csv', 'a,b\n1,2\n'), aFile('ätest.txt', 'ä')];
const sha = (algorithm: string, text: string | Buffer): string => createHash(algorithm).update(text).digest('hex');

describe('An evidence package', () => {
  it('is the same bytes for the same contents, however they are ordered, and as long as it is said before', async () => {
    const [once, again] = [
      await evidencePackage(aPackage(FILES), aSigning()),
      await evidencePackage(aPackage(FILES.toReversed()), aSigning()),
    ];
    const bytes = await bytesOf(once);
    expect(bytes.equals(await bytesOf(again))).toBe(true);
    expect(bytes.equals(await bytesOf(once))).toBe(true); // it can be sent twice
    expect(once.size).toBe(bytes.length);
  });

  it('differs in its signature alone where it was signed at another time', async () => {
    const [here, there] = [join(folder, 'then'), join(folder, 'now')];
    unpackTo(here, await bytesOf(await evidencePackage(aPackage(FILES), aSigning())));
    unpackTo(there, await bytesOf(await evidencePackage(aPackage(FILES), aSigning({ signedAt: '2027-01-01T00:00:00.000Z' }))));
    const text = (of: string, name: string): string => readFileSync(join(of, name), 'utf8');
    expect(text(here, 'tagmanifest-sha512.txt')).toBe(text(there, 'tagmanifest-sha512.txt'));
    expect(text(here, 'signatures/package.dsse.json')).not.toBe(text(there, 'signatures/package.dsse.json'));
  });

  it('is a bag (RFC 8493): declaration, info with the payload’s size, manifests in both digests, names encoded', async () => {
    const here = join(folder, 'bag');
    unpackTo(here, await bytesOf(await evidencePackage(aPackage(FILES), aSigning())));
    const text = (name: string): string => readFileSync(join(here, name), 'utf8');
    const crate = text('data/ro-crate-metadata.json');
    expect(text('bagit.txt')).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
    expect(text('bag-info.txt')).toBe(
      'External-Identifier: study/7/1\nBagging-Date: 2026-11-28\n' +
        `Payload-Oxum: ${Buffer.byteLength(crate) + 2 + 8 + 2}.4\nBag-Software-Agent: wetread 0.1.0\nSource-Organization: Spital Grün\n`,
    );
    for (const algorithm of ['sha512', 'sha256'])
      expect(text(`manifest-${algorithm}.txt`)).toBe(
        `${sha(algorithm, 'a,b\n1,2\n')}  data/05-predictions/100%25 grün.csv\n${sha(algorithm, '{}')}  data/12-fhir/bundle.json\n` +
          `${sha(algorithm, crate)}  data/ro-crate-metadata.json\n${sha(algorithm, 'ä')}  data/ätest.txt\n`,
      );
    const named = text('tagmanifest-sha512.txt').split('\n').slice(0, -1);
    expect(named.map((line) => line.slice(130))).toEqual([
      'VERIFY.md',
      'bag-info.txt',
      'bagit.txt',
      'manifest-sha256.txt',
      'manifest-sha512.txt',
      `signatures/keys/${KID}.jwk`,
      'verify/verify.mjs',
    ]);
    for (const line of named) expect(line.slice(0, 128)).toBe(sha('sha512', readFileSync(join(here, line.slice(130)))));
  });

  it('tells what each file is, in an RO-Crate (1.2)', async () => {
    const here = join(folder, 'crate');
    unpackTo(here, await bytesOf(await evidencePackage(aPackage(FILES), aSigning())));
    const { '@context': context, '@graph': graph } = JSON.parse(readFileSync(join(here, 'data/ro-crate-metadata.json'), 'utf8')) as {
      '@context': unknown;
      '@graph': Record<string, unknown>[];
    };
    const entity = (id: string) => graph.find((one) => one['@id'] === id);
    expect(context).toBe('https://w3id.org/ro/crate/1.2/context');
    expect(entity('ro-crate-metadata.json')).toEqual({
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
      about: { '@id': './' },
    });
    expect(entity('./')).toMatchObject({
      '@type': 'Dataset',
      name: 'A study',
      datePublished: '2026-11-28',
      license: { '@id': expect.any(String) },
    });
    expect(entity('05-predictions/100%25%20gr%C3%BCn.csv')).toEqual({
      '@id': '05-predictions/100%25%20gr%C3%BCn.csv',
      '@type': 'File',
      name: '05-predictions/100% grün.csv',
      description: 'The file 05-predictions/100% grün.csv',
      encodingFormat: 'text/plain',
      contentSize: '8',
      sha256: sha('sha256', 'a,b\n1,2\n'),
    });
    // flat JSON-LD: whatever is referred to is told of, once
    const ids = graph.map((one) => one['@id']);
    expect(new Set(ids).size).toBe(ids.length);
    const referred = JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g);
    expect([...referred].map(([, id]) => id).filter((id) => !ids.includes(id) && id !== 'https://w3id.org/ro/crate/1.2')).toEqual([]);
    expect(entity('#chest')).toMatchObject({ version: '1', sha256: 'ab'.repeat(32) });
  });

  it('is signed as DSSE and in-toto say: over the tag manifest, so that anybody can check it', async () => {
    const here = join(folder, 'dsse');
    unpackTo(here, await bytesOf(await evidencePackage(aPackage(FILES), aSigning())));
    const { payloadType, payload, signatures } = JSON.parse(readFileSync(join(here, 'signatures/package.dsse.json'), 'utf8')) as {
      payloadType: string;
      payload: string;
      signatures: { keyid: string; sig: string }[];
    };
    const statement = Buffer.from(payload, 'base64').toString();
    expect(JSON.parse(statement)).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'tagmanifest-sha512.txt', digest: { sha512: sha('sha512', readFileSync(join(here, 'tagmanifest-sha512.txt'))) } }],
      predicateType: 'urn:wetread:evidence-package:1',
      predicate: { identifier: 'study/7/1', signedAt: '2026-11-28T12:00:00.000Z', software: 'wetread 0.1.0' },
    });
    const signed = Buffer.from(`DSSEv1 28 ${payloadType} ${statement.length} ${statement}`);
    const key = createPublicKey({
      key: JSON.parse(readFileSync(join(here, `signatures/keys/${KID}.jwk`), 'utf8')) as never,
      format: 'jwk',
    });
    expect(signatures.map(({ keyid, sig }) => [keyid, verify(null, signed, key, Buffer.from(sig, 'base64'))])).toEqual([[KID, true]]);
  });

  it.each([
    ['../escape', 'leads out'],
    ['a/../../escape', 'leads out'],
    ['/etc/passwd', 'is absolute'],
    ['C:/Windows', 'is absolute on Windows'],
    ['a\\b', 'has a backslash'],
    ['a\nb', 'has an end of line'],
    ['a\u0000b', 'has a NUL'],
    ['a\u009bb', 'has a control character of C1'],
    ['a//b', 'has an empty part'],
    ['', 'is empty'],
    ['./a', 'has a part that is nothing'],
    ['folder/', 'is a folder'],
    ['con.txt', 'is a device of Windows'],
    ['blank /a', 'ends with a blank'],
    ['a\ud800', 'is no Unicode'],
    ['a\u0308.txt', 'is decomposed'],
    ['KEPT.txt', 'differs in case from another'],
    ['Straße', 'differs in case from STRASSE'],
    ['FOLDER/b', 'is in a folder that differs in case'],
    ['ﬁle', 'differs in form from file'],
    ['kept.txt', 'is there twice'],
    ['kept.txt/a', 'makes a folder of a file'],
    ['folder', 'is a file and a folder'],
    ['ro-crate-metadata.json', 'is what describes the others'],
    ['x'.repeat(256), 'is too long for a file system'],
  ])('has no file named %j, which %s', async (path) => {
    const others = ['kept.txt', 'folder/a', 'STRASSE', 'file'].map((name) => aFile(name, ''));
    await expect(evidencePackage(aPackage([...others, aFile(path, '')]), aSigning())).rejects.toThrow(PackageNameRefused);
  });

  it.each([
    ['an end of line', ['Contact-Name', 'A\nPayload-Oxum: 0.0']],
    ['an end of line of old', ['Contact-Name', 'A\rB']],
    ['a colon in a label', ['Contact: Name', 'A']],
    ['its own size', ['payload-oxum', '0.0']],
  ] as const)('says of itself nothing with %s', async (_, line) => {
    await expect(evidencePackage(aPackage([], { info: [line] }), aSigning())).rejects.toThrow(PackageFactRefused);
  });

  it('is not made of what could not be read as what it is', async () => {
    const { facts } = aPackage([]);
    const refused = async (changes: Partial<PackageContents>, signing = aSigning()): Promise<unknown> =>
      evidencePackage(aPackage([], changes), signing).catch((fault: unknown) => (fault as PackageFactRefused).fact);
    expect(await refused({ date: '28.11.2026' })).toBe('bag-info.txt: Bagging-Date');
    expect(await refused({ identifier: '' })).toBe('bag-info.txt: External-Identifier');
    expect(await refused({ facts: { ...facts, study: { ...facts.study, id: '01-protocol/' } } })).toBe(
      "the id 01-protocol/ would be a file's",
    );
    expect(await refused({ facts: { ...facts, people: [...facts.people, ...facts.people] } })).toBe(
      'two things of the crate have the id #p1',
    );
    expect(await refused({}, aSigning({ keys: [] }))).toBe('it is signed by a key that is not among those given');
  });

  it('lets what else waits have its turn while it is made', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const large = { ...aFile('large', ''), open: () => Array.from({ length: 64 }, () => Buffer.alloc(1 << 20)) };
    await evidencePackage(aPackage([large]), aSigning());
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('breaks off where a file gives other bytes than before', async () => {
    const texts = ['first', 'other'];
    const file = { ...aFile('a', ''), open: () => [Buffer.from(texts.shift() as string)] };
    await expect(bytesOf(await evidencePackage(aPackage([file]), aSigning()))).rejects.toThrow(PackageFileChanged);
    const longer = ['first', 'first and more'];
    const grown = { ...aFile('a', ''), open: () => [Buffer.from(longer.shift() as string)] };
    await expect(bytesOf(await evidencePackage(aPackage([grown]), aSigning()))).rejects.toThrow(PackageFileChanged);
  });
});
