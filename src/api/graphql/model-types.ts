import { Field, ObjectType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

@ObjectType('RefusedProvider', { description: 'An execution provider that a model does not run on' })
export class GraphRefusedProvider {
  @Field({ description: 'Name of the execution provider' })
  readonly provider!: string;

  @Field({ description: 'absent, failed, or in disagreement with the CPU' })
  readonly why!: string;
}

@ObjectType('Model', { implements: () => [GraphNode], description: 'A model that this server reads with, as its card says' })
export class GraphModel extends GraphNode {
  @Field({ description: 'Its name in the folder of models' })
  readonly name!: string;

  @Field({ description: 'Its version: a name and version are one file for ever' })
  readonly version!: string;

  @Field({ description: 'Its name for people' })
  readonly title!: string;

  @Field({ description: 'SHA-256 of the ONNX file, hex' })
  readonly sha256!: string;

  @Field({ description: 'What it is for, as its card says' })
  readonly intendedUse!: string;

  @Field({ description: 'True where it may not be used for patients’ care' })
  readonly notForClinicalUse!: boolean;

  @Field(() => [String], { description: 'What it is not for, or not good at' })
  readonly limitations!: readonly string[];

  @Field(() => [String], { description: 'Labels of its classes, in the order of probabilities' })
  readonly classes!: readonly string[];

  @Field(() => String, { nullable: true, description: 'The execution provider it runs on; null while none was accepted' })
  readonly provider!: string | null;

  @Field(() => [GraphRefusedProvider], { description: 'Providers tried before and refused' })
  readonly refusedProviders!: readonly GraphRefusedProvider[];
}
