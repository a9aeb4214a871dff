import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { planAt } from '../../evidence/studies/read-plan.js';
import { Results } from '../../evidence/studies/results.js';
import { Runs } from '../../evidence/studies/runs.js';
import { jsonOf, placeIn } from './json-text.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';
import { graphAnalysis, made } from './validation-forms.js';
import {
  AnalyseStudyInput,
  AnalyseStudyPayload,
  FreezeStudyInput,
  FreezeStudyPayload,
  StartRunInput,
  StartRunPayload,
} from './validation-work-types.js';

/** The run of the model, the freeze, and what is computed after the unblinding. */
@Resolver()
export class ValidationResults {
  constructor(
    private readonly runs: Runs,
    private readonly results: Results,
  ) {}

  @Mutation(() => StartRunPayload, { nullable: true, description: 'Begins the run of the model, or has one that stopped go on' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async startRun(
    @Args('input', INPUT) { study, clientMutationId }: StartRunInput,
    @Context('caller') caller: Caller,
  ): Promise<StartRunPayload> {
    return { clientMutationId, run: made(await this.runs.start(caller, study)) };
  }

  @Mutation(() => FreezeStudyPayload, { nullable: true, description: 'Freezes truth, readings and predictions' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async freezeStudy(
    @Args('input', INPUT) { study, clientMutationId }: FreezeStudyInput,
    @Context('caller') caller: Caller,
  ): Promise<FreezeStudyPayload> {
    return { clientMutationId, freeze: made(await this.results.freeze(caller, study)) };
  }

  @Mutation(() => AnalyseStudyPayload, {
    nullable: true,
    description: 'Computes the results by the locked plan; once that is done, by another plan, post-hoc',
  })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async analyseStudy(
    @Args('input', INPUT) { study, plan, clientMutationId }: AnalyseStudyInput,
    @Context('caller') caller: Caller,
  ): Promise<AnalyseStudyPayload> {
    const other = plan == null ? undefined : planAt(placeIn('plan', jsonOf('plan', plan)));
    return { clientMutationId, analysis: graphAnalysis(await this.results.analyse(caller, study, other)) };
  }
}
