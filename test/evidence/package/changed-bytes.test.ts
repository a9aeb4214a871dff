import { describe, expect, it } from '@jest/globals';
import { evidencePackage } from '../../../src/evidence/package/evidence-package.js';
import { aFile, aPackage, aSigning, bytesOf, checked, KEYS, KID } from './a-package.js';

const small = async (): Promise<Buffer> =>
  bytesOf(await evidencePackage(aPackage([aFile('01-protocol/protocol.json', '{}\n'), aFile('leer.txt', '')]), aSigning()));

describe('A package of which a byte was changed', () => {
  it('is valid without that, and the check says what it checked', async () => {
    expect(await checked(await small(), { keys: KEYS })).toEqual({
      exit: 0,
      found: [],
      checked: [
        '3 files of the payload by SHA-256 and SHA-512, 9 beside it, and that there are no others',
        `the signature of study/7/1, by ${KID} at 2026-11-28T12:00:00.000Z (wetread 0.1.0), one of the keys given`,
      ],
    });
  });

  it('is found whichever byte it is, and named by its file or by the part of the ZIP', async () => {
    const bytes = await small();
    const unseen: number[] = [];
    const names = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      const flip = [0x01, 0x20, 0x80][at % 3];
      bytes[at] ^= flip;
      const { exit, found } = await checked(bytes);
      if (exit === 0 || found.length === 0) unseen.push(at);
      for (const one of found) names.add(one.split(': ')[1]);
      bytes[at] ^= flip;
    }
    expect(unseen).toEqual([]);
    for (const name of [
      'data/01-protocol/protocol.json',
      'bag-info.txt',
      'signatures/package.dsse.json',
      'the end of the ZIP',
      'VERIFY.md',
    ])
      expect(names).toContain(name);
    expect((await checked(bytes)).exit).toBe(0);
  });

  it('is found in a large one', async () => {
    const files = Array.from({ length: 500 }, (_, i) => aFile(`07-statistics/${i}.csv`, `case,score\n${`${i},0.5\n`.repeat(200)}`));
    const bytes = await bytesOf(await evidencePackage(aPackage(files), aSigning()));
    for (let i = 0; i < 40; i++) {
      const at = Math.floor(((i * 0.618034) % 1) * bytes.length);
      bytes[at] ^= 0x10;
      expect([at, [1, 2, 3].includes((await checked(bytes)).exit)]).toEqual([at, true]);
      bytes[at] ^= 0x10;
    }
  });
});
