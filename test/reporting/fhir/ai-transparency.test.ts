import type { Device, DocumentReference, Observation, Provenance } from 'fhir/r4.js';
import { describe, expect, it } from '@jest/globals';
import { reportResources } from '../../../src/reporting/fhir/report-resources.js';
import { measurementReport } from '../../../src/reporting/sr/measurement-report.js';
import type { PreliminaryReport } from '../../../src/reporting/preliminary-report.js';
import { aCard, aReading, aReport, PNEUMONIA } from '../a-report.js';
import { r4Faults } from './r4-faults.js';

const GUIDE = 'http://hl7.org/fhir/uv/aitransparency';

const made = <T>(report: PreliminaryReport, type: string): T[] =>
  reportResources(report).filter(({ resourceType }) => resourceType === type) as T[];
const findingAt = (probability: number): Observation =>
  made<Observation>(aReport([aReading(probability)]), 'Observation').find((one) => one.valueCodeableConcept !== undefined) as Observation;
const confidenceAt = (probability: number): number | undefined =>
  findingAt(probability).valueCodeableConcept?.extension?.find(({ url }) => url === `${GUIDE}/StructureDefinition/AIconfidence`)
    ?.valueDecimal;

const markdownOf = (card: ReturnType<typeof aCard>): string => {
  const [document] = made<DocumentReference>(aReport([aReading(0.9)], { model: card }), 'DocumentReference');
  expect(r4Faults(document)).toEqual([]);
  return Buffer.from(document.content[0].attachment.data ?? '', 'base64').toString('utf8');
};

describe('What HL7 AI Transparency asks of what an AI made', () => {
  it('says how probable it is that each verdict is right, and nothing of one that is left open', () => {
    expect([0.9, 0.1, 0.5].map(confidenceAt)).toEqual([0.9, 0.9, undefined]);
    expect(confidenceAt(0.07)).toBe(0.93); // not 0.9299999999999999
  });

  it('describes the model as an AI device, by its kind and its model card', () => {
    const report = aReport([aReading(0.9)]);
    const [device] = made<Device>(report, 'Device');
    const [card] = made<DocumentReference & { id: string }>(report, 'DocumentReference');
    expect(device.type?.coding?.[0]).toMatchObject({ system: `${GUIDE}/CodeSystem/AIdeviceTypeCS`, code: 'Artificial-Intelligence' });
    expect(device.extension).toEqual([
      expect.objectContaining({ url: `${GUIDE}/StructureDefinition/aitransparency.AIKind` }),
      {
        url: `${GUIDE}/StructureDefinition/aitransparency.modelCardDescription`,
        valueReference: { reference: `DocumentReference/${card.id}` },
      },
    ]);
    expect(card).toMatchObject({
      status: 'current',
      type: { coding: [{ system: `${GUIDE}/CodeSystem/AIinputsCS`, code: 'AIModelCard' }] },
      category: [{ coding: [{ code: 'AIModelCardMarkdownFormat' }] }],
      content: [{ attachment: { contentType: 'text/markdown' } }],
    });
    expect(card.type?.coding).toHaveLength(1); // the guide's slice is closed
  });

  it('names in the Provenance the AI as author, the study and the card as what it worked from', () => {
    const report = aReport([aReading(0.9)]);
    const [provenance] = made<Provenance>(report, 'Provenance');
    const [card] = made<DocumentReference & { id: string }>(report, 'DocumentReference');
    expect(provenance.agent).toHaveLength(1);
    expect(provenance.agent[0].type?.coding?.[0].code).toBe('author');
    expect(provenance.agent[0].role?.[0].coding?.[0].code).toBe('Artificial-Intelligence');
    const derived = provenance.entity?.filter(({ role }) => role === 'derivation').map(({ what }) => what.reference);
    expect(derived).toEqual(['ImagingStudy/study-1', `DocumentReference/${card.id}`]);
  });

  it('tells in the model card what the model is for, its limits, what it was made from and how it did', () => {
    const evaluation = {
      dataset: 'Chest set',
      split: 'test',
      cases: 314,
      positives: 196,
      auc: 0.9795,
      aucInterval: [0.9676, 0.9915] as const,
      intervalMethod: 'DeLong',
      sensitivity: 0.99,
      specificity: 0.77,
    };
    const text = markdownOf(aCard({ evaluation: [evaluation] }));
    expect(text).toMatch(/^---\nmodel_name: "chest"\n/);
    for (const said of [
      '**Not for clinical use.**',
      'Shows the way of a study.',
      'Knows nothing but pneumonia.',
      `Pneumonia (SCT ${PNEUMONIA.code.code}, Pneumonia): present from 0.8, second look from 0.4`,
      'Chest set, test: 314 cases, 196 positive; AUC 0.9795 (95 % 0.9676 to 0.9915)',
      'ab'.repeat(32),
    ])
      expect(text).toContain(said);
    expect(markdownOf(aCard())).toContain('## Evaluation\n\nNone is given.');
  });

  it('lets no text of a card become markup or metadata of the model card', () => {
    const hostile = 'x\n---\nlicense: mit\n# Head <script>alert(1)</script> [link](javascript:alert(1))';
    const text = markdownOf(aCard({ title: hostile, intendedUse: hostile, limitations: [hostile], licence: hostile }));
    expect(text.match(/^---$/gm)).toHaveLength(2);
    expect(text).not.toMatch(/^license: mit/m);
    expect(text).not.toMatch(/^# Head/m);
    expect(text.replace(/^---\n[\s\S]*?\n---\n/, '')).not.toMatch(/(?<!\\)<script|(?<!\\)\[link/);
  });

  it('is tracked by the same UID as the result in the DICOM SR (IHE RAD AIR)', () => {
    const report = aReport([aReading(0.9)]);
    const uids = made<Observation>(report, 'Observation').map(({ identifier }) => identifier?.[0].value?.replace('urn:oid:', ''));
    const sr = JSON.stringify(measurementReport(report));
    expect(uids).toHaveLength(2);
    for (const uid of uids) expect(sr).toContain(`"${uid}"`);
  });
});
