import { createHash, randomUUID } from 'node:crypto';
import type { Role } from '../../src/access/roles.js';
import type { Protocol } from '../../src/evidence/studies/protocol.js';
import { TokenMaker } from './tokens.js';
import type { Wetread } from './wetread.js';

const PASSWORD = 'a pass phrase that is long';

/** Somebody with an account, who calls with a token of it. */
export interface Person {
  /** As the ledger names them. */
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly headers: Record<string, string>;
}

/** An answer, its body parsed where it is JSON. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T & { readonly code?: string };
}

/** People with accounts at a server, and what they ask of its studies. */
export class Cast {
  private constructor(
    readonly wetread: Wetread,
    private readonly maker: TokenMaker,
    private readonly administrator: Record<string, string>,
  ) {}

  static async of(wetread: Wetread): Promise<Cast> {
    const maker = await TokenMaker.of(wetread);
    return new Cast(wetread, maker, await maker.headers({ roles: ['administrator'] }));
  }

  async person(name: string, ...roles: readonly Role[]): Promise<Person> {
    const username = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}.${randomUUID().slice(0, 8)}`;
    const { status, body } = await this.ask<{ id: string }>({ headers: this.administrator }, 'POST', '/access/accounts', {
      username,
      name,
      password: PASSWORD,
      roles,
    });
    if (status !== 201) throw new Error(`no account: ${JSON.stringify(body)}`);
    const headers = await this.maker.headers({ roles, claims: { sub: body.id } });
    return { id: `user:${body.id}`, name, password: PASSWORD, headers };
  }

  async ask<T = Record<string, unknown>>(
    { headers }: Pick<Person, 'headers'>,
    method: 'GET' | 'POST',
    path: string,
    body?: object | string,
    mediaType = typeof body === 'string' ? 'text/csv' : body instanceof Uint8Array ? 'application/dicom' : 'application/json',
  ): Promise<Answer<T>> {
    const answer = await this.wetread.fetch(path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': mediaType }) },
      ...(body !== undefined && { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = /[/+]json/.test(answer.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : { text };
    return { status: answer.status, body: parsed as T & { code?: string } };
  }
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A protocol of a small study of the bundled chest model, with readers one after the other without and with it. */
export const aProtocol = (said: Partial<Protocol> = {}): Protocol => ({
  title: 'Pneumonia in chest X-rays of children',
  question: 'Does the model find pneumonia as the protocol asks?',
  hypotheses: ['The AUC of the model is above 0.7.'],
  intendedUse: { id: 'chest', version: 1, sha256: 'a'.repeat(64) },
  model: { name: 'chest-pneumonia', version: '4', onnxSha256: 'b'.repeat(64), cardSha256: 'c'.repeat(64), finding: 'Pneumonia' },
  population: { description: 'Children', inclusion: ['frontal'], exclusion: ['lateral'], dataset: null },
  referenceStandard: { procedure: 'The label of the collection', labelsPerCase: 1, adjudication: 'majority' },
  reading: {
    design: 'sequential',
    readers: 2,
    washOutDays: 0,
    cases: null,
    ratingScale: [1, 5],
    instructions: '1 surely none, 5 surely pneumonia; action: treat',
    qualification: 'none: simulated',
  },
  variables: { binary: [], category: ['site'], number: [] },
  plan: {
    threshold: 0.5,
    scoreRange: [0, 1],
    conf: 0.95,
    alphaOneSided: 0.025,
    failures: 'worst-case',
    minSubgroupN: 2,
    endpoints: [
      { id: 'P1', kind: 'auc' },
      { id: 'S1', kind: 'accuracy' },
      { id: 'S2', kind: 'aided-readers', measure: 'auc', covariance: 'delong' },
    ],
  },
  endpoints: [
    { id: 'P1', rank: 'primary', hypothesis: 'The AUC is above 0.7.', successCriterion: 'lower limit above 0.7' },
    { id: 'S1', rank: 'secondary', hypothesis: 'none', successCriterion: 'none: reported' },
    { id: 'S2', rank: 'secondary', hypothesis: 'Readers gain.', successCriterion: 'p below 0.05' },
  ],
  multiplicity: 'One primary endpoint.',
  missingRule: 'Failures count as the worst case.',
  equivocalRule: 'There are none.',
  sampleSize: { method: 'stated', inputs: {}, result: { cases: 8 }, reason: 'A test' },
  seed: 20261128,
  ...said,
});

/** What the model of the study is for, as the regulatory file has it. */
export const anIntendedUse = () => ({
  purpose: 'Says whether a frontal chest X-ray of a child shows pneumonia, to a physician who looks at it too.',
  population: 'Children of 1 to 5 years',
  user: 'Paediatric radiologists',
  environment: 'Hospital',
  modality: ['DX', 'CR'],
  bodyPart: ['CHEST'],
  indications: ['Suspected pneumonia'],
  contraindications: [],
  limits: ['Not for clinical use'],
});
