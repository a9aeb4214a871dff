import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { RegulatoryRecordAbsent } from '../../evidence/regulatory/faults.js';
import { RECORD_ID } from '../../evidence/regulatory/record-reference.js';
import { Signatures } from '../../evidence/studies/signatures.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';
import { SignRegulatoryRecordInput, SignRegulatoryRecordPayload, SignStudyInput, SignStudyPayload } from './validation-planning-types.js';

/** How people sign. Who signs is asked again who they are. */
@Resolver()
export class ValidationSigning {
  constructor(private readonly signatures: Signatures) {}

  @Mutation(() => SignStudyPayload, { nullable: true, description: 'Signs something of a study; the person is asked again who they are' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async signStudy(
    @Args('input', INPUT) { clientMutationId, password, oneTimeCode, ...asked }: SignStudyInput,
    @Context('caller') caller: Caller,
  ): Promise<SignStudyPayload> {
    const signature = await this.signatures.sign(caller, { ...asked, ...proof(password, oneTimeCode) });
    return { clientMutationId, signature };
  }

  @Mutation(() => SignRegulatoryRecordPayload, {
    nullable: true,
    description: 'Signs a version of a record of the regulatory file; the person is asked again who they are',
  })
  @Requires('Evidence', 'UPDATE', 'evidence.regulate')
  async signRegulatoryRecord(
    @Args('input', INPUT) { clientMutationId, password, oneTimeCode, ...asked }: SignRegulatoryRecordInput,
    @Context('caller') caller: Caller,
  ): Promise<SignRegulatoryRecordPayload> {
    if (!RECORD_ID.test(asked.id)) throw new RegulatoryRecordAbsent();
    const signature = await this.signatures.signRecord(caller, { ...asked, ...proof(password, oneTimeCode) });
    return { clientMutationId, signature };
  }
}

const proof = (password: string | null | undefined, code: string | null | undefined) => ({
  ...(password != null && { password }),
  ...(code != null && { code }),
});
