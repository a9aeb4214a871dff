import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { OperationOutcome } from 'fhir/r4.js';
import { isServed, READ_ONLY_TYPE } from '../../src/records/served-types.js';
import { numbersIn, said, withoutHeaders } from './said.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
/** HL7's own examples of R4 (CC0), where `npm run outside-clients` has fetched them. */
const folder = new URL('../../../.cache/r4-examples-4.0.1/', import.meta.url);
const present = existsSync(folder);
if (!present) console.warn("3 tests skipped: HL7's examples of R4 are absent (npm run outside-clients)");
const onExamples = present ? it : it.skip;

/** Examples that are not valid R4, though HL7 publishes them, with the place of what is wrong; the server refuses them. */
const REFUSED: Readonly<Record<string, string>> = {
  // bdl-7: the same fullUrl stands there twice
  'Bundle-dataelements.json': '422 Bundle',
  // a performer must not be an Encounter
  'Observation-clinical-gender.json': '422 Observation.performer[0].reference',
  // an id of 74 characters
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json': '422 SearchParameter.id',
  // base has 1 to many
  'SearchParameter-codesystem-extensions-CodeSystem-author.json': '422 SearchParameter.base',
  'SearchParameter-valueset-extensions-ValueSet-author.json': '422 SearchParameter.base',
  'SearchParameter-codesystem-extensions-CodeSystem-effective.json': '422 SearchParameter.base',
  'SearchParameter-valueset-extensions-ValueSet-effective.json': '422 SearchParameter.base',
  'SearchParameter-codesystem-extensions-CodeSystem-end.json': '422 SearchParameter.base',
  'SearchParameter-valueset-extensions-ValueSet-end.json': '422 SearchParameter.base',
  'SearchParameter-codesystem-extensions-CodeSystem-keyword.json': '422 SearchParameter.base',
  'SearchParameter-valueset-extensions-ValueSet-keyword.json': '422 SearchParameter.base',
  'SearchParameter-codesystem-extensions-CodeSystem-workflow.json': '422 SearchParameter.base',
  'SearchParameter-valueset-extensions-ValueSet-workflow.json': '422 SearchParameter.base',
  // sdf-4: what is not abstract has a baseDefinition
  'StructureDefinition-Definition.json': '422 StructureDefinition',
  'StructureDefinition-Event.json': '422 StructureDefinition',
  'StructureDefinition-FiveWs.json': '422 StructureDefinition',
  'StructureDefinition-Request.json': '422 StructureDefinition',
};

let wetread: Wetread;
const answers = new Map<string, readonly [status: number, place: string | undefined, isSame: boolean]>();
beforeAll(async () => {
  wetread = await Wetread.start();
  if (!present) return;
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && isServed(name.split('-')[0]));
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(names)));
}, 300_000);
afterAll(() => wetread.remove());

const AT_ONCE = 16;

async function work(names: string[]): Promise<void> {
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { resourceType } = JSON.parse(text) as { resourceType: string };
    const answer = await send(resourceType, text);
    const body = await answer.text();
    if (answer.status !== 201) {
      answers.set(name, [answer.status, (JSON.parse(body) as OperationOutcome).issue[0].expression?.[0], false]);
      continue;
    }
    const { pathname } = new URL(answer.headers.get('location') ?? '');
    const whole = await (await wetread.fetch(pathname.replace(/\/_history\/.*/, ''), { headers: { accept: FHIR_JSON } })).text();
    const [kept, given] = [whole, text].map(withoutHeaders);
    answers.set(name, [201, undefined, said(kept) === said(given) && numbersIn(kept).join() === numbersIn(given).join()]);
  }
}

const send = (type: string, body: string): Promise<Response> =>
  wetread.fetch(`/fhir/${type}`, { method: 'POST', headers: { 'content-type': FHIR_JSON, prefer: 'return=minimal' }, body });

const isOfTheServer = (name: string): boolean => name.startsWith(`${READ_ONLY_TYPE}-`);

describe("HL7's own examples of R4", () => {
  onExamples('are stored and given back unchanged, to the digit', () => {
    const taken = [...answers].filter(([name]) => REFUSED[name] === undefined && !isOfTheServer(name));
    expect(taken.filter(([, [status, , isSame]]) => status !== 201 || !isSame)).toEqual([]);
    expect(taken.length).toBeGreaterThan(4_600);
    console.info(`stored and read back unchanged: ${taken.length} of HL7's examples`);
  });

  onExamples('are refused where they break R4 themselves, with the place', () => {
    const refused = [...answers].filter(([name]) => REFUSED[name] !== undefined);
    expect(Object.fromEntries(refused.map(([name, [status, place]]) => [name, `${status} ${place}`]))).toEqual(REFUSED);
  });

  onExamples('are refused where they are AuditEvents, which the server alone writes', () => {
    const refused = [...answers].filter(([name]) => isOfTheServer(name));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter(([, [status]]) => status !== 405)).toEqual([]);
  });
});
