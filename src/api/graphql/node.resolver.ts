import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { Studies } from '../../archive/studies.js';
import { Models } from '../../inference/models.js';
import { BadGraphArgument } from './faults.js';
import { graphInstance, graphModel, graphReading, graphReport, graphSeries, graphStudy } from './graph-forms.js';
import { graphWorkitem } from './graph-workitem.js';
import type { Loaders } from './loaders.js';
import { openFindings } from './direct-fields.js';
import { nodeKey, type NodeType } from './node-id.js';
import { GraphNode } from './node-type.js';
import { check } from './requires.js';

/** The FHIR types whose rights guard each kind of node. */
const GUARDED_AS: Readonly<Record<NodeType, readonly string[]>> = {
  Study: ['ImagingStudy'],
  Series: ['ImagingStudy'],
  Instance: ['ImagingStudy'],
  Report: ['DiagnosticReport'],
  Finding: ['Observation', 'DiagnosticReport'],
  Reading: ['Observation', 'ImagingStudy'],
  Model: ['Device'],
  Workitem: ['Task'],
};
const MOST_IDS = 100;

type Find = (parts: readonly string[], loaders: Loaders) => Promise<object | undefined>;

/** Anything by its id alone (Relay, Global Object Identification). What is not there, and what is not the caller's, is null. */
@Resolver(() => GraphNode)
export class NodeResolver {
  private readonly finders: Readonly<Record<NodeType, Find>> = {
    Study: async ([uid], loaders) => mapped(await loaders.studyByUid.load(uid), graphStudy),
    Series: async (parts, loaders) => mapped(await seriesAt(parts, loaders), graphSeries),
    Instance: async (parts, loaders) => mapped(await this.instanceAt(parts, loaders), graphInstance),
    Report: async ([id], loaders) => mapped(await loaders.report.load(id), graphReport),
    Finding: ([id, label], loaders) => findingAt(id, label, loaders),
    Reading: async ([uid, row], loaders) => mapped(await readingAt(uid, row, loaders), graphReading),
    Model: async ([name, version]) => mapped(this.models.find(name, version), (model) => graphModel(model, this.models)),
    Workitem: async ([uid], loaders) => mapped(await loaders.workitem.load(uid), graphWorkitem),
  };

  constructor(
    private readonly models: Models,
    private readonly studies: Studies,
  ) {}

  @Query(() => GraphNode, { nullable: true, description: 'Needs the right to read what it is: as the field that leads there does' })
  async node(
    @Args('id', { type: () => ID, description: 'Id of a node, as it was given' }) id: string,
    @Context('caller') caller: Caller,
    @Context('loaders') loaders: Loaders,
  ): Promise<GraphNode | null> {
    const key = nodeKey(id);
    if (key === undefined) return null;
    for (const type of GUARDED_AS[key.type]) check(caller, { type, interaction: 'r' });
    const found = await this.finders[key.type](key.parts, loaders);
    return found ? { ...found, id } : null;
  }

  @Query(() => [GraphNode], { nullable: 'itemsAndList', description: `In the order of the ids, ${MOST_IDS} at most` })
  nodes(
    @Args('ids', { type: () => [ID], description: `Ids of nodes, ${MOST_IDS} at most` }) ids: string[],
    @Context('caller') caller: Caller,
    @Context('loaders') loaders: Loaders,
  ): Promise<GraphNode | null>[] {
    if (ids.length > MOST_IDS) throw new BadGraphArgument('ids', `must be ${MOST_IDS} at most`);
    return ids.map((id) => this.node(id, caller, loaders)); // each for itself: one that is refused is null
  }

  private async instanceAt([study, instance]: readonly string[], loaders: Loaders) {
    const found = await loaders.studyByUid.load(study);
    return found && this.studies.instance(found.id, instance);
  }
}

const mapped = <Row, Node>(row: Row | undefined, node: (row: Row) => Node): Node | undefined => (row === undefined ? undefined : node(row));

async function seriesAt([study, series]: readonly string[], loaders: Loaders) {
  const found = await loaders.studyByUid.load(study);
  return found && (await loaders.seriesOfStudy.load(found.id)).find(({ seriesInstanceUID }) => seriesInstanceUID === series);
}

async function readingAt(study: string, row: string, loaders: Loaders) {
  const found = await loaders.studyByUid.load(study);
  const reading = found && /^[1-9]\d{0,14}$/.test(row) ? await loaders.reading.load(Number(row)) : undefined;
  return reading?.studyRow === found?.id ? reading : undefined;
}

async function findingAt(report: string, label: string, loaders: Loaders) {
  const found = await loaders.report.load(report);
  const open = found && (await openFindings(graphReport(found), loaders));
  return open?.find((one) => encodeURIComponent(one.label) === label);
}
