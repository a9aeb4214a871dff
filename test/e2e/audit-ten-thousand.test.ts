import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImagingStudy } from 'fhir/r4.js';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { aChestXray } from './instances.js';
import { found, idle, imagingStudyOf } from './phantoms.js';
import { Wetread } from './wetread.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/main.js', import.meta.url));
const ACCESSES = 10_000;
const CLIENTS = 16;
const FHIR_JSON = 'application/fhir+json';
const DICOM_JSON = 'application/dicom+json';
const PARTS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const cine = aChestXray({ PatientID: 'TEN-THOUSAND', BodyPartExamined: 'HAND', NumberOfFrames: 3 });

let wetread: Wetread;
let patient = '';
let imagingStudy = '';
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(cine.bytes);
  await idle(wetread);
  const [known] = await found<ImagingStudy>(wetread, imagingStudyOf(cine.studyInstanceUID));
  patient = known.subject.reference?.replace('Patient/', '') ?? '';
  imagingStudy = known.id ?? '';
});
afterAll(() => wetread.remove());

type Access = readonly [path: string, accept: string, status: number, graph?: string];
/** One of each kind, in turn. */
const access = (i: number): Access => {
  const study = `/dicom-web/studies/${cine.studyInstanceUID}`;
  const kinds: readonly Access[] = [
    [`/fhir/Patient/${patient}`, FHIR_JSON, 200],
    [`/fhir/ImagingStudy/${imagingStudy}/_history/1`, FHIR_JSON, 200],
    [`/fhir/ImagingStudy?patient=${patient}&status=available&_sort=-started`, FHIR_JSON, 200],
    [`/fhir/Patient?identifier=TEN-THOUSAND`, FHIR_JSON, 200],
    [`/fhir/Patient/${patient}/_history`, FHIR_JSON, 200],
    [`/fhir/Patient/nobody-${i}`, FHIR_JSON, 404],
    ['/dicom-web/studies?PatientID=TEN-THOUSAND', DICOM_JSON, 200],
    [`${study}/metadata`, DICOM_JSON, 200],
    [`${cine.path}/frames/${(i % 3) + 1}`, PARTS, 200],
    [`${cine.path}/frames/1,2,3`, PARTS, 200],
    [`${cine.path}/frames/1/rendered`, 'image/jpeg', 200],
    [study, 'multipart/related; type="application/dicom"', 200],
    ['/dicom-web/studies/2.25.404/metadata', DICOM_JSON, 404],
    ['/graphql', 'application/json', 200, '{ reports(first: 3) { edges { node { id } } } }'],
    ['/graphql', 'application/json', 200, `{ study(studyInstanceUID: "${cine.studyInstanceUID}") { series { modality } } }`],
    ['/graphql', 'application/json', 200, '{ study(studyInstanceUID: "2.25.404") { id } }'],
  ];
  return kinds[i % kinds.length];
};

async function done(i: number, id: string): Promise<void> {
  const [path, accept, status, query] = access(i);
  const answer = await wetread.fetch(path, {
    headers: { accept, 'x-request-id': id, ...(query !== undefined && { 'content-type': 'application/json' }) },
    ...(query !== undefined && { method: 'POST', body: JSON.stringify({ query }) }),
  });
  await answer.arrayBuffer();
  expect([path, answer.status]).toEqual([path, status]);
}

describe('Ten thousand accesses of every kind by sixteen clients', () => {
  it('leave ten thousand records, one each, though the server is killed in the middle; and the chain is whole', async () => {
    const answered = new Set<string>();
    const cut = new Set<string>();
    let next = 0;
    let restarted: Promise<void> | undefined;
    const client = async (): Promise<void> => {
      for (let i = next++; i < ACCESSES; i = next++)
        for (let isDone = false; !isDone;) {
          const id = randomUUID();
          if (i === ACCESSES / 2) restarted ??= wetread.kill().then(() => wetread.launch());
          try {
            await done(i, id);
            answered.add(id);
            isDone = true;
          } catch (error) {
            if (restarted === undefined || (error as Error).name !== 'TypeError') throw error; // fetch: the connection broke
            cut.add(id);
            await restarted;
          }
        }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    expect([answered.size, cut.size > 0, cut.size <= CLIENTS * 2]).toEqual([ACCESSES, true, true]);

    const rows = await wetread.sql<{ request: string; patients: string[]; outcome: number }>(
      `SELECT event::json ->> 'request' AS request, patients, outcome FROM ledger_record WHERE event::json ->> 'request' IS NOT NULL`,
    );
    const ours = rows.filter(({ request }) => answered.has(request));
    expect([ours.length, new Set(ours.map(({ request }) => request)).size]).toEqual([ACCESSES, ACCESSES]);
    // What was cut off may have been on record before its answer left: once.
    expect(rows.filter(({ request }) => cut.has(request)).length).toBeLessThanOrEqual(cut.size);
    // Three kinds in sixteen were refused, one was of no reports; all else was of this patient.
    expect(ours.filter(({ outcome }) => outcome === 4)).toHaveLength((ACCESSES / 16) * 3);
    expect(ours.filter(({ patients }) => patients.includes(patient))).toHaveLength((ACCESSES / 16) * 12);

    const { status, stdout } = spawnSync(process.execPath, [CHECK], {
      env: { PATH: process.env['PATH'], ...wetread.settings },
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/whole: \d{5} records/)]);
  }, 240_000);
});
