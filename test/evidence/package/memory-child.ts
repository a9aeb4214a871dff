/** Makes a package with a file of as many MiB as it is told, sends it nowhere, and tells what memory that took: started by memory.test.ts. */
import { evidencePackage } from '../../../src/evidence/package/evidence-package.js';
import { aFile, aPackage, aSigning } from './a-package.js';

const mebibytes = Number(process.argv[2]);
const highest = { rss: process.memoryUsage().rss };
const look = (): void => void (highest.rss = Math.max(highest.rss, process.memoryUsage().rss));

/** Other bytes in each piece, none of them kept. */
function* open(): Generator<Buffer, void> {
  for (let i = 0; i < mebibytes; i++) {
    yield Buffer.alloc(1 << 20, i & 0xff);
    if (i % 16 === 0) look();
  }
}

const before = highest.rss;
const zip = await evidencePackage(aPackage([{ ...aFile('13-dicom/large', ''), open }, aFile('a', 'a')]), aSigning());
let bytes = 0;
for await (const piece of zip.bytes()) bytes += piece.length;
process.stdout.write(JSON.stringify({ bytes, size: zip.size, grownMiB: Math.round((highest.rss - before) / 2 ** 20) }));
