import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DiagnosticReport } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import { aPhantom, graph, idle, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

/** The question as docs/audit.md has it. */
const QUESTION = `query($study: String!) {
  audit(studyInstanceUID: $study, last: 100) { edges { node { time actor action entityType entityId entityVersion reason changes } } }
}`;
interface Told {
  readonly actor: string;
  readonly action: string;
  readonly entityType: string;
  readonly changes: string;
}

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
});
afterAll(() => wetread.remove());

describe('What was decided on an image, shown to whom, and what they did', () => {
  it('is answered by one question: the decision with all that it was made from, each look, and the review', async () => {
    const phantom = aPhantom();
    await wetread.store(phantom.bytes);
    const { id } = await reportOf(wetread, phantom.studyInstanceUID);
    expect(await idle(wetread)).toEqual([]);
    const fhir = { 'content-type': 'application/fhir+json' };
    const shown = (await (await wetread.fetch(`/fhir/DiagnosticReport/${id}`)).json()) as DiagnosticReport;
    const person = await wetread.fetch('/fhir/Practitioner', {
      method: 'POST',
      headers: fhir,
      body: JSON.stringify({ resourceType: 'Practitioner', name: [{ family: 'Reader' }] }),
    });
    const reviewer = `Practitioner/${((await person.json()) as { id: string }).id}`;
    const parameter = [
      { name: 'decision', valueCode: 'accept' },
      { name: 'reviewer', valueReference: { reference: reviewer } },
    ];
    const reviewed = await wetread.fetch(`/fhir/DiagnosticReport/${id}/$review`, {
      method: 'POST',
      headers: { ...fhir, 'if-match': 'W/"1"' },
      body: JSON.stringify({ resourceType: 'Parameters', parameter }),
    });
    expect(reviewed.status).toBe(200);

    const { data } = await graph<{ audit: { edges: { node: Told }[] } }>(wetread, QUESTION, { study: phantom.studyInstanceUID });
    const told = data.audit.edges.map(({ node }) => node).reverse(); // oldest first
    const place = (action: string): number => told.findIndex((one) => one.action === action);
    const changes = (action: string): unknown => JSON.parse(told[place(action)].changes);
    const hash = createHash('sha256').update(phantom.bytes).digest('hex');

    expect(changes('image.read')).toMatchObject({
      model: { name: 'chest-pneumonia' },
      input: { fileSha256: hash },
      outputs: { logits: [expect.any(Number), expect.any(Number)] },
    });
    const looks = told.filter(({ action, entityType }) => action === 'data.fetched' && entityType === 'DiagnosticReport');
    expect(looks.length).toBeGreaterThanOrEqual(1);
    expect(looks.every(({ actor }) => actor !== '')).toBe(true);
    expect(changes('report.reviewed')).toMatchObject({
      humanDecision: 'accept',
      shown: { version: Number(shown.meta?.versionId), seconds: expect.any(Number) },
    });
    const order = ['instance.received', 'image.read', 'report.issued', 'data.fetched', 'report.reviewed'].map(place);
    expect(order.every((one, i) => one >= 0 && (i === 0 || one > order[i - 1]))).toBe(true);
  });
});
