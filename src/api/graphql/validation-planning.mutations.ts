import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { PERSON } from '../../evidence/studies/parts.js';
import { Protocols } from '../../evidence/studies/protocols.js';
import { StudyLife } from '../../evidence/studies/study-life.js';
import { BadGraphArgument } from './faults.js';
import { jsonOf } from './json-text.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';
import { graphValidationStudy, made } from './validation-forms.js';
import {
  AddStudyMemberInput,
  AddStudyMemberPayload,
  CreateValidationStudyInput,
  CreateValidationStudyPayload,
  TakeStudyStepInput,
  TakeStudyStepPayload,
  WriteProtocolInput,
  WriteProtocolPayload,
} from './validation-planning-types.js';

/** How studies are planned, and taken from state to state. */
@Resolver()
export class ValidationPlanning {
  constructor(
    private readonly life: StudyLife,
    private readonly protocols: Protocols,
  ) {}

  @Mutation(() => CreateValidationStudyPayload, { nullable: true, description: 'Makes a validation study, a draft' })
  @Requires('Evidence', 'CREATE', 'evidence.plan')
  async createValidationStudy(
    @Args('input', INPUT) { title, clientMutationId }: CreateValidationStudyInput,
    @Context('caller') caller: Caller,
  ): Promise<CreateValidationStudyPayload> {
    if (title.trim() === '') throw new BadGraphArgument('title', 'must have words');
    return { clientMutationId, study: graphValidationStudy(await this.life.create(caller, title)) };
  }

  @Mutation(() => AddStudyMemberPayload, {
    nullable: true,
    description: 'Gives somebody a part in a study; nobody gives one to themselves, and nobody has two',
  })
  @Requires('Evidence', 'UPDATE', 'evidence.plan')
  async addStudyMember(
    @Args('input', INPUT) { study, person, role, qualification, simulated, clientMutationId }: AddStudyMemberInput,
    @Context('caller') caller: Caller,
  ): Promise<AddStudyMemberPayload> {
    if (!PERSON.test(person)) throw new BadGraphArgument('person', 'must be user:ID, or simulated:NAME');
    const member = await this.life.addMember(caller, study, { person, role, qualification, simulated });
    return { clientMutationId, member: made(member) };
  }

  @Mutation(() => WriteProtocolPayload, {
    nullable: true,
    description: 'Writes the next version of a protocol; of a locked study, an amendment, which the three sign',
  })
  @Requires('Evidence', 'UPDATE', 'evidence.plan')
  async writeProtocol(
    @Args('input', INPUT) { study, protocol, kind, reason, clientMutationId }: WriteProtocolInput,
    @Context('caller') caller: Caller,
  ): Promise<WriteProtocolPayload> {
    const written = await this.protocols.write(caller, study, jsonOf('protocol', protocol), kind, reason);
    return { clientMutationId, protocol: made(written) };
  }

  @Mutation(() => TakeStudyStepPayload, {
    nullable: true,
    description: 'Takes a study on: locked, running, unblinded, closed; or terminated. What is missing is the error’s `code`',
  })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async takeStudyStep(
    @Args('input', INPUT) { study, state, reason, clientMutationId }: TakeStudyStepInput,
    @Context('caller') caller: Caller,
  ): Promise<TakeStudyStepPayload> {
    return { clientMutationId, study: graphValidationStudy(await this.life.step(caller, study, state, reason)) };
  }
}
