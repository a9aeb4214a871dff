import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { MutationInput, MutationPayload } from './mutation-types.js';
import { DATASET_STATE, PURPOSE } from './validation-enums.js';

@ObjectType('ValidationDataset', {
  description: 'Cases of the archive, frozen; or how far their choosing is: then it has no more than its id and that',
})
export class GraphDataset {
  @Field(() => ID, { description: 'Of the dataset' })
  readonly id!: string;

  @Field(() => DATASET_STATE, { description: 'Whether it is there' })
  readonly state!: 'making' | 'refused' | 'frozen';

  @Field(() => Int, { nullable: true, description: 'While it is made: images that were looked at' })
  readonly done?: number | null;

  @Field(() => Int, { nullable: true, description: 'While it is made: images in all, once that is known' })
  readonly of?: number | null;

  @Field(() => String, { nullable: true, description: 'Of one that was refused: why' })
  readonly code?: string | null;

  @Field(() => String, { nullable: true, description: 'The same in words' })
  readonly detail?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is called' })
  readonly name?: string | null;

  @Field(() => PURPOSE, { nullable: true, description: 'What it is for' })
  readonly purpose?: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the manifest, hex: what a protocol names' })
  readonly manifestSha256?: string | null;

  @Field(() => Int, { nullable: true, description: 'In how many locked studies a case may be tested' })
  readonly useLimit?: number | null;

  @Field(() => Int, { nullable: true, description: 'Cases' })
  readonly cases?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Canonical JSON text: how the cases were chosen, duplicates, what is missing, the check against the training',
  })
  readonly details?: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was frozen' })
  readonly createdAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Who made it, as the ledger calls them' })
  readonly createdBy?: string | null;
}

@InputType('BeginDatasetInput', { description: 'A dataset to be made' })
export class BeginDatasetInput extends MutationInput {
  @Field({ description: 'JSON text: what POST /evidence/datasets takes' })
  readonly dataset!: string;
}

@ObjectType('BeginDatasetPayload', { description: 'The dataset, which is being made: look at it by its `id`' })
export class BeginDatasetPayload extends MutationPayload {
  @Field(() => GraphDataset, { description: 'How far it is' })
  readonly dataset!: GraphDataset;
}
