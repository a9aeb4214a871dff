import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { OperationOutcome } from 'fhir/r4.js';
import { isServed, STORED_TYPES } from '../../src/records/served-types.js';
import { numbersIn, said, withoutHeaders } from './said.js';
import { Wetread } from './wetread.js';

interface Listed {
  readonly file: string;
  readonly resourceType?: string;
  readonly valid: boolean;
  readonly level?: string;
  /** What HL7's validator, or who made the fault, says of it. */
  readonly expect?: readonly { readonly path: string | null }[];
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
    const valid = listed.filter((one) => one.valid && STORED_TYPES.includes(one.resourceType ?? '') && !BREAKS_ITS_PROFILE.test(one.file));
    expect(valid.length).toBeGreaterThan(200);
    const changed: unknown[] = [];
    for (const one of valid) {
      const given = withoutHeaders(textOf(one));
      const answer = await post(one.resourceType ?? '', textOf(one));
      const whole = await (
        await wetread.fetch(new URL(answer.headers.get('location') ?? wetread.url).pathname.replace(/\/_history\/.*/, ''), {
          headers: { accept: FHIR_JSON },
        })
      ).text();
      const kept = withoutHeaders(whole);
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

  onShared('are refused where an R4 server must refuse them, each with the place of what is wrong', async () => {
    const invalid = listed.filter(({ level }) => level === 'must-reject');
    expect(invalid.length).toBeGreaterThan(80);
    const taken: unknown[] = [];
    for (const one of invalid) {
      const { status, issues, places } = await refusal(one);
      const isPlaced = places.length === issues.length && places.every((place) => place !== '') && isThere(places, one);
      if (issues.length === 0 || !isPlaced) taken.push([one.file, status, issues]);
    }
    expect(taken).toEqual([]);
    console.info(`refused: ${invalid.length} resources`);
  });
});

/** What no element can be named of is told by its place in the text. */
const LINE = /line \d+, column \d+/;

/** The errors that refuse a text: where its type is none of this server's, by $validate. */
async function refusal(one: Listed) {
  const type = one.resourceType ?? 'Patient'; // none: it is no JSON
  const answer = await post(isServed(type) ? type : `${type}/$validate`, textOf(one));
  const { issue } = (await answer.json()) as OperationOutcome;
  const isRefused = isServed(type) ? [400, 422].includes(answer.status) : answer.status === 200;
  const issues = isRefused ? issue.filter(({ severity }) => severity === 'error') : [];
  const isText = one.resourceType === undefined;
  const lineOf = (words = ''): string => (isText ? (LINE.exec(words)?.[0] ?? '') : '');
  return { status: answer.status, issues, places: issues.map(({ expression, details }) => expression?.[0] ?? lineOf(details?.text)) };
}

/** HL7's validator names what is wrong there, too, or around it, or within. */
function isThere(places: readonly string[], { expect: expected = [] }: Listed): boolean {
  const plain = (path: string): string => path.replace(/\[\d+\]|\[x\]|\.ofType\(\w+\)|\/\*.*?\*\/|(?<=\.value)[A-Z]\w*/g, '');
  const known = expected.flatMap(({ path }) => (path === null ? [] : [plain(path)]));
  const agrees = (place: string): boolean => known.some((path) => plain(place).startsWith(path) || path.startsWith(plain(place)));
  return known.length === 0 || places.some((place) => LINE.test(place) || agrees(place));
}
