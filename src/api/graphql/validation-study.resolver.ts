import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { StudyAbsent } from '../../evidence/studies/faults.js';
import { Datasets } from '../../evidence/studies/datasets.js';
import { Packages } from '../../evidence/studies/packages.js';
import { Results } from '../../evidence/studies/results.js';
import { Runs } from '../../evidence/studies/runs.js';
import type { StudyRow } from '../../evidence/studies/studies.sql.js';
import { StudyLife } from '../../evidence/studies/study-life.js';
import { ValidationStudyConnection } from './graph-connections.js';
import { PageArguments, pageOf, sliceOf, uuidPlaces, type Page } from './paging.js';
import { Requires } from './requires.js';
import { GraphDataset } from './validation-dataset-types.js';
import { graphAnalysis, graphDataset, graphPackages, graphValidationStudy, made } from './validation-forms.js';
import { GraphAnalysis, GraphEvidencePackage, GraphStudyFreeze, GraphValidationRun } from './validation-result-types.js';
import { GraphValidationStudy, type GraphValidationStudySummary } from './validation-study-types.js';

const PLACES = uuidPlaces('validation-studies');

/** Validation studies, and what comes out of them. A list has no more of each than one statement tells. */
@Resolver(() => GraphValidationStudy)
export class ValidationStudyResolver {
  constructor(
    private readonly life: StudyLife,
    private readonly datasets: Datasets,
    private readonly runs: Runs,
    private readonly results: Results,
    private readonly packagesOf: Packages,
  ) {}

  @Query(() => ValidationStudyConnection, { nullable: true, description: 'Validation studies, newest first' })
  @Requires('Evidence', 'SEARCH', 'evidence.look')
  async validationStudies(@Args() page: PageArguments, @Context('caller') caller: Caller): Promise<Page<GraphValidationStudySummary>> {
    const slice = sliceOf(page, PLACES);
    const rows = await this.life.page(caller, slice);
    return pageOf(rows, slice, { places: PLACES, placeOfRow: ({ id }: StudyRow) => id, node: made });
  }

  @Query(() => GraphValidationStudy, { nullable: true, description: 'A validation study; null where there is none' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async validationStudy(
    @Args('id', { type: () => ID, description: 'Of the study' }) id: string,
    @Context('caller') caller: Caller,
  ): Promise<GraphValidationStudy | null> {
    const view = await this.life.one(caller, id).catch(absent);
    return view && graphValidationStudy(view);
  }

  @ResolveField(() => GraphDataset, { nullable: true, description: 'The dataset that its protocol names' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async dataset(@Parent() { id }: GraphValidationStudy, @Context('caller') caller: Caller): Promise<GraphDataset | null> {
    const dataset = await this.datasets.ofStudy(caller, id);
    return dataset ? graphDataset(dataset) : null;
  }

  @ResolveField(() => GraphValidationRun, { nullable: true, description: 'The run of the model under test, once it began' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async run(@Parent() { id }: GraphValidationStudy, @Context('caller') caller: Caller): Promise<GraphValidationRun | null> {
    const run = await this.runs.find(caller, id);
    return run ? made(run) : null;
  }

  @ResolveField(() => GraphStudyFreeze, { nullable: true, description: 'What results are computed from, once it is frozen' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async freeze(@Parent() { id }: GraphValidationStudy, @Context('caller') caller: Caller): Promise<GraphStudyFreeze | null> {
    const freeze = await this.results.findFrozen(caller, id);
    return freeze ? made(freeze) : null;
  }

  @ResolveField(() => [GraphAnalysis], {
    nullable: true,
    description: 'The results, the primary ones first; `still-blinded` before the study is unblinded',
  })
  @Requires('Evidence', 'READ', 'evidence.look')
  async analyses(@Parent() { id }: GraphValidationStudy, @Context('caller') caller: Caller): Promise<GraphAnalysis[]> {
    return (await this.results.analyses(caller, id)).map(graphAnalysis);
  }

  @ResolveField(() => [GraphEvidencePackage], { nullable: true, description: 'The packages that were sealed, the first one first' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async packages(@Parent() { id }: GraphValidationStudy, @Context('caller') caller: Caller): Promise<GraphEvidencePackage[]> {
    return graphPackages(id, await this.packagesOf.list(caller, id));
  }
}

function absent(error: unknown): null {
  if (error instanceof StudyAbsent) return null;
  throw error;
}
