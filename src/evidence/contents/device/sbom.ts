import { createHash } from 'node:crypto';
import type { EndpointView } from '../study/endpoint-view.js';
import { modelCardOf } from '../study/records.js';
import type { StudyView } from '../study/study-view.js';
import { installedSoftware, type InstalledPackage } from './lock-packages.js';

const SOFTWARE = 'software';
const MODEL = 'model';

/** The software's and the model's bill of materials (CycloneDX 1.6): what is installed for running, with licences and hashes, and the model with its card. */
export function sbomOf(view: StudyView, endpoints: readonly EndpointView[], lockText: string): object {
  const { file } = view;
  const software = installedSoftware(lockText);
  const at = file.steps.at(-1)?.at ?? file.run.finishedAt;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${file.identifier}\n${file.run.onnxSha256}\n${lockText}`)}`,
    version: 1,
    metadata: {
      timestamp: new Date(at).toISOString(),
      component: {
        type: 'application',
        'bom-ref': SOFTWARE,
        name: software.name,
        version: software.version,
        ...licencesOf(software.licence),
      },
    },
    components: [modelComponent(view, endpoints), ...software.packages.map(component)],
    dependencies: [
      { ref: SOFTWARE, dependsOn: [MODEL, ...software.needs] },
      { ref: MODEL, dependsOn: [] },
      ...software.packages.map(({ purl, needs }) => ({ ref: purl, dependsOn: needs })),
    ],
  };
}

function component({ name, version, purl, licence, integrity, isOptional }: InstalledPackage): object {
  const [, scope, base] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  const hashes = (integrity ?? '').split(/\s+/).flatMap(hashOf);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: base,
    version,
    scope: isOptional ? 'optional' : 'required',
    ...(hashes.length === 0 ? {} : { hashes }),
    ...licencesOf(licence),
    purl,
  };
}

const ALGORITHMS: Readonly<Record<string, string>> = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/** Subresource integrity has base64, CycloneDX hex. */
function hashOf(integrity: string): object[] {
  const [, algorithm, base64] = /^(sha\d+)-([A-Za-z0-9+/=]+)/.exec(integrity) ?? [];
  const alg = ALGORITHMS[algorithm ?? ''];
  return alg === undefined ? [] : [{ alg, content: Buffer.from(base64, 'base64').toString('hex') }];
}

/** An SPDX expression, or a name where it is none. */
function licencesOf(licence: string | null): object {
  if (licence === null || licence === '') return {};
  const isExpression = /^\(?[A-Za-z0-9.+-]+\)?( (AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*$/.test(licence) && licence !== 'UNLICENSED';
  return { licenses: [isExpression ? { expression: licence } : { license: { name: licence } }] };
}

function modelComponent(view: StudyView, endpoints: readonly EndpointView[]): object {
  const { run } = view.file;
  const card: { licence?: unknown; intendedUse?: unknown; limitations?: unknown } | undefined = modelCardOf(view.file)?.content;
  const useCases = typeof card?.intendedUse === 'string' ? [card.intendedUse] : [];
  const technicalLimitations = Array.isArray(card?.limitations) ? card.limitations.map(String) : [];
  return {
    type: 'machine-learning-model',
    'bom-ref': MODEL,
    name: run.modelName,
    version: run.modelVersion,
    hashes: [{ alg: 'SHA-256', content: run.onnxSha256 }],
    ...(typeof card?.licence === 'string' ? { licenses: [{ license: { name: card.licence } }] } : {}),
    modelCard: {
      modelParameters: { task: `probability of: ${view.protocol.protocol.model.finding}` },
      quantitativeAnalysis: { performanceMetrics: endpoints.flatMap(metricOf) },
      considerations: { useCases, technicalLimitations },
    },
  };
}

/** The first number of an endpoint, with its first interval. */
function metricOf({ result, measures, purpose }: EndpointView): object[] {
  const [first] = measures;
  if (first === undefined || first.estimate === null) return [];
  const interval = first.limits[0]?.interval ?? null;
  return [
    {
      type: `${result.id}: ${first.name}`,
      value: String(first.estimate),
      slice: `${purpose?.rank ?? 'without a rank'}, ${result.trace.cases.length} cases`,
      ...(interval === null ? {} : { confidenceInterval: { lowerBound: String(interval[0]), upperBound: String(interval[1]) } }),
    },
  ];
}

/** A UUID that follows from a text (RFC 9562 5.8, version 8). */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
