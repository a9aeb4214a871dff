import { Field, ObjectType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

@ObjectType('RefusedProvider')
export class GraphRefusedProvider {
  @Field()
  readonly provider!: string;

  @Field({ description: 'absent, failed, or in disagreement with the CPU' })
  readonly why!: string;
}

@ObjectType('Model', { implements: () => [GraphNode] })
export class GraphModel extends GraphNode {
  @Field()
  readonly name!: string;

  @Field()
  readonly version!: string;

  @Field()
  readonly title!: string;

  @Field({ description: 'SHA-256 of the ONNX file, hex' })
  readonly sha256!: string;

  @Field()
  readonly intendedUse!: string;

  @Field()
  readonly notForClinicalUse!: boolean;

  @Field(() => [String])
  readonly limitations!: readonly string[];

  @Field(() => [String], { description: 'Labels of its classes, in the order of probabilities' })
  readonly classes!: readonly string[];

  @Field(() => String, { nullable: true, description: 'The execution provider it runs on; null while none was accepted' })
  readonly provider!: string | null;

  @Field(() => [GraphRefusedProvider], { description: 'Providers tried before and refused' })
  readonly refusedProviders!: readonly GraphRefusedProvider[];
}
