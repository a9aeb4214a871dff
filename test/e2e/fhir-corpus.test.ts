import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { OperationOutcome } from 'fhir/r4.js';
import { isServed } from '../../src/records/served-types.js';
import { numbersIn, said } from './said.js';
import { Wetread } from './wetread.js';

interface Listed {
  readonly file: string;
  readonly resourceType?: string;
  readonly valid: boolean;
  readonly level?: string;
}

const FHIR_JSON = 'application/fhir+json';
const shared = new URL('../../../../shared/fhir/', import.meta.url);
const present = existsSync(new URL('index.json', shared));
if (!present) console.warn('3 tests skipped: ../shared/fhir is absent');
const onShared = present ? it : it.skip;
const listed = present ? (JSON.parse(readFileSync(new URL('index.json', shared), 'utf8')) as { files: Listed[] }).files : [];
const textOf = ({ file }: Listed): string => readFileSync(new URL(file, shared), 'utf8');

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const post = (type: string, body: string): Promise<Response> =>
  wetread.fetch(`/fhir/${type}`, { method: 'POST', headers: { 'content-type': FHIR_JSON }, body });

/** Valid R4, but made by US Core to break the profile that they declare: refused. */
const BREAKS_ITS_PROFILE = /uscore-(pd-1|provenance-1)-f1-fail\.json$/;

describe('Resources that others wrote', () => {
  onShared('are stored and given back unchanged, to the digit', async () => {
    const valid = listed.filter((one) => one.valid && isServed(one.resourceType ?? '') && !BREAKS_ITS_PROFILE.test(one.file));
    expect(valid.length).toBeGreaterThan(200);
    const changed: unknown[] = [];
    for (const one of valid) {
      const given = textOf(one);
      const answer = await post(one.resourceType ?? '', given);
      const kept = await (
        await wetread.fetch(new URL(answer.headers.get('location') ?? wetread.url).pathname.replace(/\/_history\/.*/, ''), {
          headers: { accept: FHIR_JSON },
        })
      ).text();
      const same = said(kept) === said(given) && numbersIn(kept).join() === numbersIn(given).join();
      if (answer.status !== 201 || !same) changed.push([one.file, answer.status]);
    }
    expect(changed).toEqual([]);
    console.info(`stored and read back unchanged: ${valid.length} resources`);
  });

  onShared('are refused where they break the profile that they declare, with the place', async () => {
    const broken = listed.filter(({ file }) => BREAKS_ITS_PROFILE.test(file));
    const answers = await Promise.all(
      broken.map(async (one) => {
        const answer = await post(one.resourceType ?? '', textOf(one));
        return [answer.status, ((await answer.json()) as OperationOutcome).issue[0].expression?.[0]];
      }),
    );
    expect(answers).toEqual([
      [422, 'PractitionerRole'],
      [422, 'Provenance.agent'],
    ]);
  });

  onShared('are refused where a base R4 server must refuse them, with the place of what is wrong', async () => {
    const invalid = listed.filter(({ level, resourceType }) => level === 'must-reject' && isServed(resourceType ?? ''));
    expect(invalid.length).toBeGreaterThan(50);
    const taken: unknown[] = [];
    for (const one of invalid) {
      const answer = await post(one.resourceType ?? '', textOf(one));
      const outcome = (await answer.json()) as OperationOutcome;
      const placed = outcome.issue?.every(({ expression }) => /\S/.test(expression?.[0] ?? ''));
      if (![400, 422].includes(answer.status) || !placed) taken.push([one.file, answer.status, outcome.issue]);
    }
    expect(taken).toEqual([]);
    console.info(`refused: ${invalid.length} resources`);
  });
});
