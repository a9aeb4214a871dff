import { expect } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Classification } from '../../src/evidence/classification/classify.js';
import type { TokenMaker } from './tokens.js';
import type { Wetread } from './wetread.js';

/** A version as REST gives it. */
export interface GivenRecord {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly canonical?: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A request to /evidence by somebody. */
export type Asks = (method: 'GET' | 'POST', path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;

export const asksAs =
  (wetread: Wetread, given: Record<string, string>): Asks =>
  (method, path, body, headers = {}) =>
    wetread.fetch(`/evidence${path}`, {
      method,
      headers: { ...given, ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

export const asksWith = async (wetread: Wetread, maker: TokenMaker, ...asked: Parameters<TokenMaker['headers']>): Promise<Asks> =>
  asksAs(wetread, await maker.headers(...asked));

/** What was written, where it was. */
export async function writtenBy(answer: Response): Promise<GivenRecord> {
  const text = await answer.text();
  expect([answer.status, text]).toEqual([201, expect.any(String)]);
  return JSON.parse(text) as GivenRecord;
}

/** The fault's status and code. */
export const refusedBy = async (answer: Response): Promise<readonly [status: number, code: string, detail: string]> => {
  const { code, detail } = (await answer.json()) as { code: string; detail: string };
  return [answer.status, code, detail];
};

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

export const A_DEVICE = {
  name: 'wetread chest',
  manufacturer: 'Wetread Works, 1 Example Road',
  basicUdiDi: '7612345WETREADCHESTQ6',
  udiDi: null,
};

export const AN_INTENDED_USE = {
  purpose: 'Points out radiographs of the chest that may show pneumonia, for the order of reading.',
  population: 'Adults',
  user: 'Radiologists',
  environment: 'Reading room',
  modality: ['CR', 'DX'],
  bodyPart: ['CHEST'],
  indications: ['Suspected pneumonia'],
  contraindications: [],
  limits: ['Not for children'],
};

/** A person's decision that follows the suggestion to the letter. */
export const decisionAsSuggested = ({ imdrf, mdr, iec62304, fda, aiAct }: Classification) => {
  const { grounds: _grounds, ...ofFda } = fda;
  return {
    imdrf: { category: imdrf.category, reason: null },
    mdr: {
      qualifies: mdr.qualifies,
      class: mdr.class,
      subRule: mdr.subRule,
      reason: mdr.tableConflict ? 'The legal text decides; the table is indicative.' : null,
    },
    iec62304: { class: iec62304.class, reason: null },
    fda: { ...ofFda, reason: null },
    aiAct: { highRisk: aiAct.highRisk, reason: null },
  };
};
