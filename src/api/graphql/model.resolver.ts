import { Query, Resolver } from '@nestjs/graphql';
import { Models } from '../../inference/models.js';
import { Signer } from '../../signing/signer.js';
import { GraphSigningKey } from './audit-types.js';
import { graphModel } from './graph-forms.js';
import { GraphModel } from './model-types.js';
import { Requires } from './requires.js';

/** What the server is: its models, and the keys that it signs by. */
@Resolver(() => GraphModel)
export class ModelResolver {
  constructor(
    private readonly models: Models,
    private readonly signer: Signer,
  ) {}

  @Query(() => [GraphModel], { name: 'models', nullable: true, description: 'The models this server reads with' })
  @Requires('Device', 'SEARCH')
  loadedModels(): GraphModel[] {
    return this.models.loaded.map((model) => graphModel(model, this.models));
  }

  @Query(() => [GraphSigningKey], { description: 'Public keys of all that was ever signed here' })
  async signingKeys(): Promise<GraphSigningKey[]> {
    const { keys } = await this.signer.publicKeys();
    return keys.map(({ kid = '', kty = '', crv = '', x = '', alg = '' }) => ({ kid, kty, crv, x, alg }));
  }
}
