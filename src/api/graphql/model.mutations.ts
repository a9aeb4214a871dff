import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { Models } from '../../inference/models.js';
import { ModelUploads } from '../../inference/model-uploads.js';
import { BadGraphArgument } from './faults.js';
import { graphModel } from './graph-forms.js';
import { UploadModelInput, UploadModelPartInput, UploadModelPartPayload, UploadModelPayload } from './mutation-types.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';

/** How administrators bring models. */
@Resolver()
export class ModelMutations {
  constructor(
    private readonly uploads: ModelUploads,
    private readonly models: Models,
  ) {}

  @Mutation(() => UploadModelPartPayload, {
    nullable: true,
    description: 'Brings a model file a part at a time, in order; a part may be sent again',
  })
  @Requires('Device', 'CREATE', 'model.manage')
  async uploadModelPart(
    @Args('input', INPUT) { uploadId, offset, data, clientMutationId }: UploadModelPartInput,
    @Context('caller') caller: Caller,
  ): Promise<UploadModelPartPayload> {
    if (!Number.isSafeInteger(offset)) throw new BadGraphArgument('offset', 'must be a whole number of bytes');
    const { id, received } = await this.uploads.append(caller, uploadId ?? undefined, offset, bytesOf('data', data));
    return { clientMutationId, uploadId: id, received };
  }

  @Mutation(() => UploadModelPayload, {
    nullable: true,
    description:
      'Takes up a model, as a new version: after its SHA-256, opset, operators and contract were checked, and it was loaded once',
  })
  @Requires('Device', 'CREATE', 'model.manage')
  async uploadModel(
    @Args('input', INPUT) { card, onnx, uploadId, clientMutationId }: UploadModelInput,
    @Context('caller') caller: Caller,
  ): Promise<UploadModelPayload> {
    if ((onnx == null) === (uploadId == null)) throw new BadGraphArgument('onnx', 'or uploadId must be given, and not both');
    const { model, running } = await this.uploads.install(caller, card, onnx == null ? (uploadId ?? '') : bytesOf('onnx', onnx));
    return { clientMutationId, model: graphModel(model, this.models), running };
  }
}

/** @throws BadGraphArgument */
function bytesOf(name: string, base64: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw new BadGraphArgument(name, 'must be base64');
  return Buffer.from(base64, 'base64');
}
