import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { isObjectType } from 'graphql';
import { findingId } from '../../reporting/fhir/finding-observation.js';
import { graphPatient } from './graph-forms.js';
import type { GraphContext, Loaders } from './loaders.js';
import { globalId } from './node-id.js';
import type { GraphPatient } from './patient-types.js';
import type { GraphReport, ListedFinding } from './report-types.js';

/** Each finding is an Observation in FHIR, and open to whom that is. */
export function openFindings(
  { id, findings }: GraphReport,
  loaders: Loaders,
): readonly ListedFinding[] | Promise<readonly ListedFinding[]> {
  return loaders.areAllFindingsOpen ? findings : narrowedFindings(id, findings, loaders);
}

async function narrowedFindings(reportId: string, findings: readonly ListedFinding[], loaders: Loaders): Promise<readonly ListedFinding[]> {
  const open = await Promise.all(findings.map(({ label }) => loaders.isFindingOpen.load(findingId(reportId, label))));
  return findings.filter((_, i) => open[i]);
}

async function patientOf(patientId: string | null, loaders: Loaders): Promise<GraphPatient | null> {
  const patient = patientId && (await loaders.patient.load(patientId));
  return patient ? graphPatient(patient) : null;
}

type Direct<Source> = (source: Source, context: GraphContext) => unknown;
const OF_REPORT: Readonly<Record<string, Direct<GraphReport>>> = {
  findings: (report, { loaders }) => openFindings(report, loaders),
  patient: ({ patient, patientId }, { loaders }) => (patient === undefined ? patientOf(patientId, loaders) : patient),
};
const OF_FINDING: Readonly<Record<string, Direct<ListedFinding>>> = {
  id: ({ reportId, label }) => globalId('Finding', reportId, encodeURIComponent(label)),
};

/**
 * The schema with what each row of a page is asked for answered by a plain function: no promise where nothing is waited for, and none of
 * what goes around a resolver that takes arguments (pipes, their validation), which was a third of a page's work in the graph.
 */
export function direct(schema: GraphQLSchema): GraphQLSchema {
  resolveBy(schema, 'Report', OF_REPORT);
  resolveBy(schema, 'Finding', OF_FINDING);
  return schema;
}

function resolveBy<Source>(schema: GraphQLSchema, name: string, fields: Readonly<Record<string, Direct<Source>>>): void {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new TypeError(`the graph has no type ${name}`);
  for (const [field, resolve] of Object.entries(fields))
    type.getFields()[field].resolve = ((source, _, context) => resolve(source, context)) satisfies GraphQLFieldResolver<
      Source,
      GraphContext
    >;
}
