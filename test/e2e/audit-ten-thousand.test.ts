import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, ImagingStudy, Observation } from 'fhir/r4.js';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleOf, ranBundle } from './bundle-requests.js';
import { aChestXray } from './instances.js';
import { idle, imagingStudyOf } from './phantoms.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
const ACCESSES = 10_000;
const CLIENTS = 16;
const FHIR_JSON = 'application/fhir+json';
const DICOM_JSON = 'application/dicom+json';
const PARTS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const person = { PatientID: 'TEN-THOUSAND', BodyPartExamined: 'HAND' };
const cine = aChestXray({ ...person, NumberOfFrames: 3 });
const study = `/dicom-web/studies/${cine.studyInstanceUID}`;

type Headers = Readonly<Record<string, string>>;
type Who = 'radiologist' | 'reviewer' | 'system' | 'patient' | 'auditor' | 'nobody';
let wetread: Wetread;
let maker: TokenMaker;
let headers: Readonly<Record<Who, Headers>>;
let patient = '';
let imagingStudy = '';
/** What is there to be changed and deleted, each once. */
let changeable: string[] = [];
let deletable: string[] = [];

/** Tokens of everybody: the server's address is another after each start, and a token is for one address. */
async function logInAll(): Promise<void> {
  headers = {
    radiologist: await maker.headers(),
    reviewer: await maker.headers({ roles: ['reviewer'], scope: 'user/*.rs' }),
    system: await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' }),
    patient: await maker.headers({ roles: ['patient'], scope: 'patient/*.rs', patient }),
    auditor: await maker.headers({ roles: ['regulatory'], scope: 'user/AuditEvent.rs' }),
    nobody: await maker.headers({ roles: ['validation-lead'], scope: 'openid' }),
  };
}

const observation = (text: string, id?: string): Observation => ({
  resourceType: 'Observation',
  ...(id !== undefined && { id }),
  status: 'final',
  code: { text },
  subject: { reference: `Patient/${patient}` },
});

/** Observations that are there before the accesses that are counted. */
async function written(prefix: string): Promise<string[]> {
  const ids = Array.from({ length: 400 }, (_, i) => `${prefix}-${i}`);
  for (let i = 0; i < ids.length; i += 100) {
    const some = ids.slice(i, i + 100);
    const entries = some.map((id) => ({ resource: observation('new', id), request: { method: 'PUT' as const, url: `Observation/${id}` } }));
    await ranBundle(wetread, bundleOf('transaction', ...entries), headers.system);
  }
  return ids;
}

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await logInAll();
  await wetread.storeAs(headers.system, cine.bytes);
  await idle(wetread);
  const answer = await wetread.fetch(`/fhir/${imagingStudyOf(cine.studyInstanceUID)}`, { headers: headers.system });
  const [{ resource }] = ((await answer.json()) as Bundle<ImagingStudy>).entry ?? [{}];
  patient = resource?.subject.reference?.replace('Patient/', '') ?? '';
  imagingStudy = resource?.id ?? '';
  await logInAll();
  [changeable, deletable] = [await written('to-change'), await written('to-delete')];
});
afterAll(() => wetread.remove());

interface Access {
  readonly by: Who;
  readonly path: string;
  readonly status: number;
  readonly accept?: string;
  readonly method?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  /** Whether what it gives or does is of the patient. */
  readonly isOfPatient?: true;
  /** Refused by an answer that is 200, as the graph's are. */
  readonly isRefused?: true;
}

const graph = (query: string) => ({
  by: 'radiologist' as const,
  path: '/graphql',
  method: 'POST',
  status: 200,
  accept: 'application/json',
  type: 'application/json',
  body: JSON.stringify({ query }),
});
const isOfPatient = true;

/** One STOW-RS request of one instance, in a study beside the one that is looked at. */
function aStore() {
  const { bytes } = aChestXray({ ...person, StudyInstanceUID: '2.25.10000' });
  const body = Buffer.concat([Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'), bytes, Buffer.from('\r\n--b--\r\n')]);
  return { method: 'POST', path: '/dicom-web/studies', type: 'multipart/related; type="application/dicom"; boundary=b', body };
}

/** One of each kind, in turn. What is made and deleted is another each time: what is asked again after the kill, too. */
const KINDS: readonly ((i: number) => Access)[] = [
  () => ({ by: 'radiologist', path: `/fhir/Patient/${patient}`, status: 200, isOfPatient }),
  () => ({ by: 'radiologist', path: `/fhir/ImagingStudy/${imagingStudy}/_history/1`, status: 200, isOfPatient }),
  () => ({ by: 'reviewer', path: `/fhir/ImagingStudy?patient=${patient}&status=available&_sort=-started`, status: 200, isOfPatient }),
  () => ({ by: 'radiologist', path: '/fhir/Patient?identifier=TEN-THOUSAND', status: 200, isOfPatient }),
  () => ({ by: 'radiologist', path: `/fhir/Patient/${patient}/_history`, status: 200, isOfPatient }),
  () => ({ by: 'patient', path: `/fhir/Patient/${patient}`, status: 200, isOfPatient }),
  () => ({ by: 'auditor', path: '/fhir/AuditEvent?_count=1', status: 200 }),
  (i) => ({ ...write('POST', 'Observation', `made ${i}`), by: 'system', status: 201, isOfPatient }),
  (i) => ({ ...write('PUT', `Observation/${changeable.pop()}`, `changed ${i}`), by: 'radiologist', status: 200, isOfPatient }),
  () => ({ by: 'system', method: 'DELETE', path: `/fhir/Observation/${deletable.pop()}`, status: 204, isOfPatient }),
  () => ({ by: 'reviewer', path: '/dicom-web/studies?PatientID=TEN-THOUSAND', accept: DICOM_JSON, status: 200, isOfPatient }),
  () => ({ by: 'radiologist', path: `${study}/metadata`, accept: DICOM_JSON, status: 200, isOfPatient }),
  (i) => ({ by: 'radiologist', path: `${cine.path}/frames/${(i % 3) + 1}`, accept: PARTS, status: 200, isOfPatient }),
  () => ({ by: 'patient', path: `${cine.path}/frames/1,2,3`, accept: PARTS, status: 200, isOfPatient }),
  () => ({ by: 'reviewer', path: `${cine.path}/frames/1/rendered`, accept: 'image/jpeg', status: 200, isOfPatient }),
  () => ({ by: 'system', path: study, accept: 'multipart/related; type="application/dicom"', status: 200, isOfPatient }),
  () => ({ ...aStore(), by: 'system', accept: DICOM_JSON, status: 200, isOfPatient }),
  () => graph('{ reports(first: 3) { edges { node { id } } } }'),
  () => ({ ...graph(`{ study(studyInstanceUID: "${cine.studyInstanceUID}") { series { modality } } }`), isOfPatient }),
  () => ({ ...graph('{ study(studyInstanceUID: "2.25.404") { id } }'), isRefused: true }),
  (i) => ({ by: 'radiologist', path: `/fhir/Patient/nobody-${i}`, status: 404 }),
  () => ({ by: 'patient', path: '/fhir/Patient/somebody-else', status: 404 }),
  () => ({ by: 'reviewer', path: '/dicom-web/studies/2.25.404/metadata', accept: DICOM_JSON, status: 404 }),
  () => ({ by: 'auditor', path: '/fhir/Patient?name=Quixote', status: 403 }),
  () => ({ by: 'radiologist', method: 'DELETE', path: '/fhir/Observation/not-for-them', status: 403 }),
  (i) => ({ ...write('POST', 'Observation', `never made ${i}`), by: 'reviewer', status: 403 }),
  () => ({ by: 'nobody', path: '/dicom-web/studies?PatientID=TEN-THOUSAND', accept: DICOM_JSON, status: 403 }),
  () => ({ by: 'nobody', method: 'DELETE', path: study, status: 403 }),
  () => ({ by: 'nobody', path: '/metrics', accept: 'text/plain', status: 403 }),
];

function write(method: string, path: string, text: string) {
  const [, id] = path.split('/');
  return { method, path: `/fhir/${path}`, type: FHIR_JSON, body: JSON.stringify(observation(text, id)) };
}

/** @returns what was asked for, done */
async function done(i: number, id: string): Promise<Access> {
  const access = KINDS[i % KINDS.length](i);
  const { by, path, status, accept = FHIR_JSON, method = 'GET', body, type } = access;
  const answer = await wetread.fetch(path, {
    method,
    headers: { ...headers[by], accept, 'x-request-id': id, ...(type !== undefined && { 'content-type': type }) },
    body,
  });
  await answer.arrayBuffer();
  expect([method, path, answer.status]).toEqual([method, path, status]);
  return access;
}

describe('Ten thousand accesses of every kind, reads and writes, given and refused, by sixteen clients', () => {
  it('leave ten thousand records, one each, though the server is killed in the middle; and the chain is whole', async () => {
    const answered = new Map<string, Access>();
    const cut = new Set<string>();
    let next = 0;
    let restarted: Promise<void> | undefined;
    const client = async (): Promise<void> => {
      for (let i = next++; i < ACCESSES; i = next++)
        for (let isDone = false; !isDone;) {
          const id = randomUUID();
          if (i === ACCESSES / 2)
            restarted ??= wetread
              .kill()
              .then(() => wetread.launch())
              .then(logInAll);
          try {
            answered.set(id, await done(i, id));
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
    // Each tells how its access ended, and whose data it gave or changed.
    const wrong = ours.filter(({ request, outcome, patients }) => {
      const { status, isOfPatient: isOf = false, isRefused = status >= 400 } = answered.get(request) as Access;
      return (outcome === 4) !== isRefused || patients.includes(patient) !== isOf;
    });
    expect(wrong.map(({ request, outcome }) => [answered.get(request)?.path, outcome])).toEqual([]);

    const { status, stdout } = spawnSync(process.execPath, [CHECK], {
      env: { PATH: process.env['PATH'], ...wetread.settings },
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/whole: \d{5} records/)]);
  }, 240_000);
});
