import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aCard } from '../../reporting/a-report.js';
import { readDicomwebSet } from '../../../src/training/datasets/dicomweb-set.js';
import { aPhantom } from '../../e2e/phantoms.js';

const PHANTOMS = [aPhantom(), aPhantom(), aPhantom()];
const STUDY = '1.2.3';

/** A server that gives one instance a page, or, of the second study, always all of them, whatever offset is asked for. */
let server: Server;
let folder: string;
beforeAll(async () => {
  server = createServer(({ url = '' }, answer) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (pathname.endsWith('/instances')) {
      const offset = Number(searchParams.get('offset'));
      const page = pathname.includes(STUDY) ? PHANTOMS.slice(offset, offset + 1) : PHANTOMS;
      const found = page.map(({ seriesInstanceUID, sopInstanceUID }) => ({
        '0020000E': { vr: 'UI', Value: [seriesInstanceUID] },
        '00080018': { vr: 'UI', Value: [sopInstanceUID] },
      }));
      if (found.length === 0) answer.writeHead(204).end();
      else answer.end(JSON.stringify(found));
      return;
    }
    const phantom = PHANTOMS.find(({ sopInstanceUID }) => pathname.endsWith(sopInstanceUID));
    answer.setHeader('content-type', 'multipart/related; type="application/dicom"; boundary=part');
    answer.end(Buffer.concat([Buffer.from('--part\r\n\r\n'), phantom?.bytes ?? Buffer.alloc(0), Buffer.from('\r\n--part--\r\n')]));
  }).listen(0);
  await once(server, 'listening');
  folder = mkdtempSync(join(tmpdir(), 'wetread-pages-'));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

describe('A study on a server that answers in pages', () => {
  it.each([
    ['of a size of its own', STUDY],
    ['that are always the same one', '4.5.6'],
  ])('%s is read whole, each instance once; of no Patient ID, it is a patient of its own', async (_, study) => {
    writeFileSync(join(folder, 'train.csv'), `StudyInstanceUID,label\n${study},yes\n`);
    const { port } = server.address() as AddressInfo;
    const { images } = await readDicomwebSet(folder, 'train', { classes: ['no', 'yes'], rules: aCard() }, `http://localhost:${port}`);
    expect(images.map(({ file }) => file.split('/').at(-1)).sort()).toEqual(PHANTOMS.map(({ sopInstanceUID }) => sopInstanceUID).sort());
    expect(new Set(images.map(({ patient }) => patient))).toEqual(new Set([study]));
  });
});
