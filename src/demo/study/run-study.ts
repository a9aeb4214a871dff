import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalysisRow } from '../../evidence/studies/results.sql.js';
import { progressLine } from '../../evidence/runs/progress-line.js';
import type { Progress } from '../../evidence/runs/run-progress.js';
import { storeInstances } from '../store-client.js';
import { attempts } from './attempts.js';
import { Person } from './people.js';
import { demoCases, type DemoCase } from './pictures.js';
import { demoProtocol, INTENDED_USE } from './plan.js';
import { simulatedReading, type Shown } from './simulated-reader.js';

const READ_MOST = 40;
const MODEL = 'chest-pneumonia';

interface Made {
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
}
interface Dataset extends Made {
  readonly state: 'making' | 'refused' | 'frozen';
  readonly detail?: string;
  readonly manifestSha256: string;
  readonly cases: number;
}
interface Opened {
  readonly case: { readonly caseKey: string; readonly arm: string; readonly shown: Shown | null } | null;
}
interface CardContent {
  readonly version: string;
  readonly sha256: string;
  readonly classes: readonly { readonly label: string; readonly kind: string; readonly operatingThreshold: number }[];
}

/** What a demonstration says as it goes. */
export interface Telling {
  readonly say: (line: string) => void;
  /** The same line again and again. */
  readonly tell: (line: string) => void;
}

/**
 * A whole validation study by the public API alone: people log in, cases are stored, a dataset is frozen, a protocol signed and locked, three
 * simulated readers read, the model reads, the study is unblinded and analysed. Beside the way it tries what is not allowed.
 * @returns the package
 */
export async function runStudy(url: string, firstAdminCode: string, most: number, { say, tell }: Telling): Promise<Buffer> {
  const { cases, words, modality } = demoCases(most);
  say(`Cases: ${cases.length}, ${words}.`);
  const administrator = await Person.first(url, firstAdminCode);
  const lead = await administrator.makes('Lena Lead', 'validation-lead');
  const regulatory = await administrator.makes('Rita Regulatory', 'regulatory');
  const sender = await administrator.makes('Raul Radiologist', 'radiologist');
  const [investigator, statistician, manager] = [
    await administrator.makes('Ines Investigator', 'study-member'),
    await administrator.makes('Stan Statistician', 'study-member'),
    await administrator.makes('Dora Datamanager', 'study-member'),
  ];
  const readers = [1, 2, 3].map((n) => administrator.makes(`Simulated Reader ${n}`, 'study-member'));
  const reading = await Promise.all(readers);
  say('People: an administrator, a lead, a regulatory officer, an investigator, a statistician, a data manager, three simulated readers.');

  const known = await storeCases(url, sender, cases);
  say(`Stored ${known.size} images by STOW-RS.`);

  const card = await regulatory.post<Made & { content: CardContent }>('/evidence/records/model-card', {
    content: await modelNamed(regulatory),
  });
  await regulatory.post('/evidence/records/model-version', { content: { name: MODEL, version: card.content.version } });
  const use = await regulatory.post<Made>('/evidence/records/intended-use', { content: INTENDED_USE });
  await regulatory.post(`/evidence/records/intended-use/${use.id}/versions/${use.version}/signatures`, {
    recordSha256: use.sha256,
    meaning: 'responsibility',
    password: regulatory.password,
  });
  say('The regulatory file has the model, its card, and what it is for, signed.');

  const dataset = await frozenDataset(lead, modality, card.content.version, tell);
  say(
    `The dataset is frozen: ${dataset.cases} cases, manifest ${dataset.manifestSha256.slice(0, 16)}…, none of them of the model’s training.`,
  );

  const study = (await lead.post<{ id: string }>('/evidence/studies', { title: 'Demonstration' })).id;
  const at = `/evidence/studies/${study}`;
  const give = (person: Person, role: string, simulated = false) =>
    lead.post(`${at}/members`, {
      person: person.id,
      role,
      qualification: simulated ? 'none: a program' : 'for the demonstration',
      simulated,
    });
  await give(investigator, 'investigator');
  await give(statistician, 'statistician');
  await give(regulatory, 'regulatory');
  await give(manager, 'data-manager');
  for (const reader of reading) await give(reader, 'reader', true);
  const finding = card.content.classes.find(({ kind }) => kind === 'finding');
  const protocol = demoProtocol({
    intendedUse: { id: use.id, version: use.version, sha256: use.sha256 },
    model: {
      name: MODEL,
      version: card.content.version,
      onnxSha256: card.content.sha256,
      cardSha256: card.sha256,
      finding: finding?.label ?? '',
    },
    dataset: { id: dataset.id, manifestSha256: dataset.manifestSha256 },
    threshold: finding?.operatingThreshold ?? 0.5,
    cases: dataset.cases,
    read: Math.min(READ_MOST, dataset.cases),
    words,
  });
  const written = await lead.post<Made>(`${at}/protocols`, { protocol, kind: 'protocol', reason: 'as planned' });
  const sign = (person: Person, entityType: string, of: Made | AnalysisRow, version: number) =>
    person.post(`${at}/signatures`, { entityType, version, recordSha256: of.sha256, meaning: 'approval', password: person.password });
  for (const person of [investigator, statistician, regulatory]) await sign(person, 'protocol', written, written.version);
  const step = (person: Person, state: string) => person.post(`${at}/steps`, { state, reason: 'as planned' });
  await step(investigator, 'locked');
  say('The protocol is signed by three people, and locked.');
  await attempts({ at, lead, statistician, protocol, say });

  const truth = await truthOf(lead, dataset.id, known);
  const csv = (head: string, row: (key: string, one: DemoCase) => string): string =>
    `${head}\n${[...truth].map(([key, one]) => `${row(key, one)}\n`).join('')}`;
  await manager.postCsv(
    `${at}/labels/import`,
    csv('case_id,label,method', (key, one) => `${key},${one.truth},record`),
  );
  await manager.postCsv(
    `${at}/variables/import`,
    csv('case_id,origin', (key, one) => `${key},${one.origin}`),
  );
  await manager.post(`${at}/reference`);
  await step(investigator, 'running');
  say('The reference standard is frozen; the study runs.');
  await run(manager, at, { say, tell });
  for (const [i, reader] of reading.entries()) await readAll(reader, i, at, truth, tell);
  say(`Three simulated readers have read ${protocol.reading.cases} cases each, without the model and with it.`);

  const freeze = await manager.post<Made>(`${at}/freeze`);
  await sign(investigator, 'freeze', freeze, 1);
  await sign(statistician, 'freeze', freeze, 1);
  await step(statistician, 'unblinded');
  const analysis = await statistician.post<AnalysisRow>(`${at}/analyses`, {});
  await sign(statistician, 'analysis', analysis, 1);
  await step(investigator, 'closed');
  say('Frozen, unblinded by two people, analysed by the locked plan, signed and closed.');
  return lead.bytes(`${at}/package`);
}

/** Images by the SHA-256 of their files: what the manifest knows them by. */
async function storeCases(url: string, sender: Person, cases: readonly DemoCase[]): Promise<Map<string, DemoCase>> {
  const known = new Map<string, DemoCase>();
  const files = cases.map((one) => async () => {
    const bytes = await one.bytes();
    known.set(createHash('sha256').update(bytes).digest('hex'), one);
    return bytes;
  });
  const { stored, refused } = await storeInstances(url, files, await sender.headers());
  if (stored !== cases.length) throw new Error(`${cases.length - stored} images were not stored: ${refused[0] ?? ''}`);
  return known;
}

/** The version of the model that the server reads with: the record's content is made by the server. */
async function modelNamed(person: Person): Promise<{ name: string; version: string }> {
  const { data } = await person.post<{ data: { models: readonly { name: string; version: string }[] } }>('/graphql', {
    query: '{ models { name version } }',
  });
  const found = data.models.find(({ name }) => name === MODEL);
  if (found === undefined) throw new Error(`The server has no model ${MODEL}.`);
  return { name: found.name, version: found.version };
}

async function frozenDataset(lead: Person, modality: string, version: string, tell: Telling['tell']): Promise<Dataset> {
  const begun = await lead.post<Dataset>('/evidence/datasets', {
    name: 'Demonstration',
    purpose: 'test',
    useLimit: 1,
    population: { modality: [modality], images: 'all' },
    seed: 20_261_128,
    strata: [],
    sample: null,
    model: { name: MODEL, version },
  });
  for (;;) {
    const dataset = await lead.get<Dataset & { readonly done?: number; readonly of?: number | null }>(`/evidence/datasets/${begun.id}`);
    if (dataset.state === 'frozen') return dataset;
    if (dataset.state === 'refused') throw new Error(`The dataset was refused: ${dataset.detail}`);
    tell(`The dataset is being made: ${dataset.done}/${dataset.of ?? '…'}`);
    await sleep(200);
  }
}

/** The cases by their keys, as the data manager knows them: by their files. */
async function truthOf(lead: Person, dataset: string, known: ReadonlyMap<string, DemoCase>): Promise<Map<string, DemoCase>> {
  const lines = (await lead.bytes(`/evidence/datasets/${dataset}/manifest`)).toString().trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const { caseKey, fileSha256 } = JSON.parse(line) as { caseKey: string; fileSha256: string };
      const one = known.get(fileSha256);
      if (one === undefined) throw new Error('The dataset has a case that the demonstration did not store.');
      return [caseKey, one] as const;
    }),
  );
}

async function run(manager: Person, at: string, { say, tell }: Telling): Promise<void> {
  await manager.post(`${at}/run`);
  for (;;) {
    const { progress, halted } = await manager.get<{ progress: Progress; halted: { code: string } | null }>(`${at}/run`);
    tell(progressLine(progress));
    if (halted !== null) throw new Error(`The run stopped: ${halted.code}`);
    if (progress.done === progress.total) return say(`The model has read ${progress.total} cases, ${progress.failed} of them failed.`);
    await sleep(500);
  }
}

async function readAll(
  reader: Person,
  number: number,
  at: string,
  truth: ReadonlyMap<string, DemoCase>,
  tell: Telling['tell'],
): Promise<void> {
  const places = new Map([...truth.keys()].map((key, i) => [key, i]));
  for (let read = 1; ; read++) {
    const { case: open } = await reader.post<Opened>(`${at}/cases/open`);
    if (open === null) return;
    const { caseKey, arm, shown } = open;
    const said = simulatedReading(number, places.get(caseKey) ?? 0, truth.get(caseKey)?.truth ?? 0, shown);
    await reader.post(`${at}/readings`, { caseKey, arm, ...said, status: 'read', reason: '' });
    tell(`${reader.name}: ${read} readings`);
  }
}
