import type { Evidence, EvidenceVariable } from 'fhir/r4.js';
import { decisionsOf, rankOf } from '../report/about-the-results.js';
import { estimateText, limitsText } from '../report/number-text.js';
import type { EndpointView } from '../study/endpoint-view.js';
import type { StudyView } from '../study/study-view.js';
import { nonEmpty, type Addresses, type Entry } from './addresses.js';

/** The population, and of each endpoint what was measured and what was found. R4's Evidence holds no number: it is in its description, and in the MeasureReport. */
export function evidenceOf(view: StudyView, endpoints: readonly EndpointView[], addresses: Addresses): Entry[] {
  const background = addresses.of('background');
  const exposure = addresses.of('exposure');
  return [
    [background, populationVariable(view, addresses)],
    [exposure, exposureVariable(view)],
    ...endpoints.flatMap((one): Entry[] => {
      const outcome = addresses.of(`outcome ${one.place}`);
      return [
        [outcome, outcomeVariable(one, addresses)],
        [addresses.of(`evidence ${one.place}`), evidence(view, one, { background, exposure, outcome })],
      ];
    }),
  ];
}

const populationVariable = ({ file, protocol }: StudyView, { cases }: Addresses): EvidenceVariable => ({
  resourceType: 'EvidenceVariable',
  status: 'active',
  name: 'Population',
  title: nonEmpty(`Population of ${file.title}`),
  description: nonEmpty(protocol.protocol.population.description),
  type: 'dichotomous',
  characteristic: [{ definitionReference: { reference: cases }, description: nonEmpty(protocol.protocol.population.description) }],
});

const exposureVariable = ({ file, protocol }: StudyView): EvidenceVariable => ({
  resourceType: 'EvidenceVariable',
  status: 'active',
  name: 'Model',
  title: nonEmpty(`${file.run.modelName}, version ${file.run.modelVersion}`),
  description: `SHA-256 of the model: ${file.run.onnxSha256}`,
  type: 'continuous',
  characteristic: [{ definitionCodeableConcept: { text: nonEmpty(protocol.protocol.model.finding) } }],
});

const outcomeVariable = ({ result }: EndpointView, { cases }: Addresses): EvidenceVariable => ({
  resourceType: 'EvidenceVariable',
  status: 'active',
  name: 'Outcome',
  title: nonEmpty(`${result.id}: ${result.kind}`),
  type: 'continuous',
  characteristic: [
    { definitionReference: { reference: cases }, description: `${result.trace.cases.length} cases, failures: ${result.failures}` },
  ],
});

function evidence(view: StudyView, one: EndpointView, to: { background: string; exposure: string; outcome: string }): Evidence {
  const [first] = one.measures;
  const found =
    one.refused !== null
      ? `No number: ${one.refused.message} (${one.refused.error})`
      : first === undefined
        ? 'No number.'
        : `${first.name} ${estimateText(first.estimate)}${first.limits.length === 0 ? '' : `, ${limitsText(first.limits[0].interval)} (${first.limits[0].method})`}`;
  return {
    resourceType: 'Evidence',
    status: 'active',
    identifier: [{ system: 'urn:wetread:endpoint', value: `${view.file.identifier}/${one.place + 1}` }],
    title: nonEmpty(`${one.result.id} (${rankOf(one)})`),
    description: nonEmpty(`${one.purpose?.hypothesis ?? ''} ${found}. Decision: ${decisionsOf(one)}.`),
    exposureBackground: { reference: to.background },
    exposureVariant: [{ reference: to.exposure }],
    outcome: [{ reference: to.outcome }],
  };
}
