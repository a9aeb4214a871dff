import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { randomUUID } from 'node:crypto';
import { isUid } from '../../dicom/uid.js';
import { WorkitemAbsent } from '../../worklist/faults.js';
import { Worklist } from '../../worklist/worklist.js';
import { performersAttribute } from './graph-workitem.js';
import type { GraphContext } from './loaders.js';
import { AssignWorkitemInput, AssignWorkitemPayload, ClaimWorkitemInput, ClaimWorkitemPayload } from './mutation-types.js';
import { nodeKey } from './node-id.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';

/** Who takes a workitem of the worklist, and who is to (UPS, PS3.4 CC.2.1 and CC.2.6). */
@Resolver()
export class WorkitemMutations {
  constructor(private readonly worklist: Worklist) {}

  @Mutation(() => AssignWorkitemPayload, { nullable: true, description: 'Says who is to perform a workitem' })
  @Requires('Task', 'UPDATE')
  async assignWorkitem(@Args('input', INPUT) input: AssignWorkitemInput, @Context() context: GraphContext): Promise<AssignWorkitemPayload> {
    const { performer, transactionUID, clientMutationId } = input;
    const uid = workitemUID(input.workitemId);
    await this.worklist.update(context.caller, uid, performersAttribute(performer), transactionUID ?? undefined);
    context.forget();
    return { clientMutationId, workitemUID: uid };
  }

  @Mutation(() => ClaimWorkitemPayload, { nullable: true, description: 'Takes a workitem that nobody has taken: it is IN PROGRESS then' })
  @Requires('Task', 'UPDATE')
  async claimWorkitem(@Args('input', INPUT) input: ClaimWorkitemInput, @Context() context: GraphContext): Promise<ClaimWorkitemPayload> {
    const uid = workitemUID(input.workitemId);
    const transactionUID = input.transactionUID ?? `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`; // PS3.5 B.2
    await this.worklist.changeState(context.caller, uid, 'IN PROGRESS', transactionUID);
    context.forget();
    return { clientMutationId: input.clientMutationId, workitemUID: uid, transactionUID };
  }
}

/** @throws WorkitemAbsent  also for an id that is none */
function workitemUID(id: string): string {
  if (isUid(id)) return id;
  const key = nodeKey(id);
  if (key?.type !== 'Workitem') throw new WorkitemAbsent();
  return key.parts[0];
}
