import { CHEST, datasetBody } from './chest-study.js';
import { anIntendedUse, aProtocol } from './a-study.js';
import { eventually, type Wetread } from './wetread.js';

/** The evidence of an organisation: an intended use on file, a dataset of all its chests, a study with a protocol, by what of it a path names. */
export interface EvidenceOf {
  readonly datasets: string;
  readonly studies: string;
  readonly records: string;
}

/** @param lead  headers of a validation lead */
export async function evidenceOf(wetread: Wetread, lead: Record<string, string>): Promise<EvidenceOf> {
  const made = async <T>(path: string, body: object): Promise<T & { readonly id: string }> => {
    const headers = { ...lead, 'content-type': 'application/json' };
    const answer = await wetread.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T & { readonly id: string };
  };
  const use = await made<{ version: number; sha256: string }>('/evidence/records/intended-use', { content: anIntendedUse() });
  const { id } = await made('/evidence/datasets', datasetBody());
  const manifestSha256 = await eventually(async () => {
    const answer = await wetread.fetch(`/evidence/datasets/${id}`, { headers: lead });
    const found = (await answer.json()) as { state: string; manifestSha256?: string };
    return found.state === 'making' ? undefined : (found.manifestSha256 ?? JSON.stringify(found));
  }, 'a dataset');
  const study = await made('/evidence/studies', { title: 'Chests' });
  const population = { description: 'Chests', inclusion: ['frontal'], exclusion: [], dataset: { id, manifestSha256 } };
  const intendedUse = { id: use.id, version: use.version, sha256: use.sha256 };
  const protocol = aProtocol({ model: CHEST, intendedUse, population });
  await made(`/evidence/studies/${study.id}/protocols`, { protocol, kind: 'protocol', reason: 'first' });
  return { datasets: id, studies: study.id, records: use.id };
}

/** What of it an address is of. */
export const evidenceKind = (url: string): keyof EvidenceOf | undefined =>
  /^\/evidence\/(datasets|studies|records)\//.exec(url)?.[1] as keyof EvidenceOf | undefined; // the pattern's own words

const SIGNED = { recordSha256: 'a'.repeat(64), meaning: 'approval', password: 'a pass phrase that is long' };
const READ = { caseKey: 'C0001', arm: 'unaided', rating: 3, clinicalAction: 1, status: 'read', reason: '' };
const BODIES: Readonly<Record<string, object | string>> = {
  steps: { state: 'locked', reason: 'as planned' },
  members: { person: 'user:somebody', role: 'reader', qualification: '', simulated: false },
  deviations: { kind: 'deviation', description: 'One was late.' },
  protocols: { protocol: aProtocol(), kind: 'protocol', reason: 'better' },
  labels: { caseKey: 'C0001', label: 1, method: 'panel', adjudicates: false },
  readings: READ,
  'labels/import': 'case_id,label,method\nC0001,1,panel\n',
  'readings/import': 'reader_id,case_id,arm,rating,clinical_action,submitted_at,reason\nR1,C0001,unaided,3,1,2026-01-01T00:00:00Z,\n',
  'variables/import': 'case_id,stage\nC0001,2\n',
};

/** A body that a route of evidence takes, in its media type. */
export function evidenceBody(url: string): { readonly headers: Record<string, string>; readonly body: string } {
  const [, kind, below = ''] = /^\/evidence\/(\w+)\/:(?:type\/:)?id\/?(.*)$/.exec(url) ?? [];
  const body =
    kind === 'records'
      ? below.endsWith('signatures')
        ? { ...SIGNED, meaning: 'responsibility' }
        : { content: anIntendedUse(), reason: 'better' }
      : below === 'signatures'
        ? { ...SIGNED, entityType: 'protocol', version: 1 }
        : (BODIES[below] ?? {});
  return typeof body === 'string'
    ? { headers: { 'content-type': 'text/csv' }, body }
    : { headers: { 'content-type': 'application/json', 'if-match': '"1"' }, body: JSON.stringify(body) };
}
