import type { Protocol } from '../../evidence/studies/protocol.js';
import { Refused, type Person } from './people.js';

interface Attempted {
  /** Address of the study. */
  readonly at: string;
  readonly lead: Person;
  readonly statistician: Person;
  readonly protocol: Protocol;
  readonly say: (line: string) => void;
}

/** Tries what a locked study does not allow; each refusal is on record, and goes into the package. Throws Error where one is not refused. */
export async function attempts({ at, lead, statistician, protocol, say }: Attempted): Promise<void> {
  const { dataset } = protocol.population;
  const fewer = { ...protocol, population: { ...protocol.population, dataset: dataset && { ...dataset, manifestSha256: '0'.repeat(64) } } };
  const swapped = { ...protocol, model: { ...protocol.model, onnxSha256: '0'.repeat(64) } };
  const tried: readonly (readonly [what: string, attempt: () => Promise<unknown>])[] = [
    ['results before the unblinding', () => statistician.post(`${at}/analyses`, {})],
    ['looking at results before the unblinding', () => lead.get(`${at}/analyses`)],
    ['changing the locked protocol', () => lead.post(`${at}/protocols`, { protocol, kind: 'protocol', reason: 'better' })],
    ['dropping cases after the lock', () => lead.post(`${at}/protocols`, { protocol: fewer, kind: 'amendment', reason: 'better' })],
    ['another model under the same name', () => lead.post(`${at}/protocols`, { protocol: swapped, kind: 'amendment', reason: 'better' })],
    ['giving oneself a part', () => lead.post(`${at}/members`, { person: lead.id, role: 'quality', qualification: '', simulated: false })],
  ];
  for (const [what, attempt] of tried) say(`  tried: ${what}: ${await refusal(attempt)}`);
}

async function refusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Refused) return `refused (${error.status} ${String(error.answer['code'])})`;
    throw error;
  }
  throw new Error('What is not allowed was not refused.');
}
