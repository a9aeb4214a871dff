import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { Datasets } from '../../evidence/studies/datasets.js';
import type { DatasetRow } from '../../evidence/studies/datasets.sql.js';
import { NothingThere, StudyAbsent } from '../../evidence/studies/faults.js';
import { datasetAt } from '../../evidence/studies/read-dataset.js';
import { ValidationDatasetConnection } from './graph-connections.js';
import { jsonOf, placeIn } from './json-text.js';
import { INPUT } from './mutation-types.js';
import { PageArguments, pageOf, sliceOf, uuidPlaces, type Page } from './paging.js';
import { Requires } from './requires.js';
import { BeginDatasetInput, BeginDatasetPayload, GraphDataset } from './validation-dataset-types.js';
import { graphDataset } from './validation-forms.js';

const PLACES = uuidPlaces('validation-datasets');

/** Datasets of cases of the archive. */
@Resolver(() => GraphDataset)
export class ValidationDatasetResolver {
  constructor(private readonly datasets: Datasets) {}

  @Query(() => ValidationDatasetConnection, { nullable: true, description: 'Datasets that are frozen, newest first' })
  @Requires('Evidence', 'SEARCH', 'evidence.look')
  async validationDatasets(@Args() page: PageArguments, @Context('caller') caller: Caller): Promise<Page<GraphDataset>> {
    const slice = sliceOf(page, PLACES);
    const rows = await this.datasets.page(caller, slice);
    return pageOf(rows, slice, { places: PLACES, placeOfRow: ({ id }: DatasetRow) => id, node: graphDataset });
  }

  @Query(() => GraphDataset, { nullable: true, description: 'A dataset, or how far its making is; null where there is none' })
  @Requires('Evidence', 'READ', 'evidence.look')
  async validationDataset(
    @Args('id', { type: () => ID, description: 'Of the dataset' }) id: string,
    @Context('caller') caller: Caller,
  ): Promise<GraphDataset | null> {
    const dataset = await this.datasets.one(caller, id).catch(absent);
    return dataset && graphDataset(dataset);
  }

  @Mutation(() => BeginDatasetPayload, {
    nullable: true,
    description: 'Begins to make a dataset: cases chosen from the archive, checked against what the model was trained on, and frozen',
  })
  @Requires('Evidence', 'CREATE', 'evidence.plan')
  beginDataset(
    @Args('input', INPUT) { dataset, clientMutationId }: BeginDatasetInput,
    @Context('caller') caller: Caller,
  ): BeginDatasetPayload {
    const making = this.datasets.begin(caller, datasetAt(placeIn('dataset', jsonOf('dataset', dataset))));
    return { clientMutationId, dataset: graphDataset(making) };
  }
}

function absent(error: unknown): null {
  if (error instanceof NothingThere || error instanceof StudyAbsent) return null;
  throw error;
}
