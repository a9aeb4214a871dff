import { Field, ID, InterfaceType } from '@nestjs/graphql';
import { nodeKey, type NodeType } from './node-id.js';

/** What has an id of its own among all that this graph knows. */
@InterfaceType('Node', {
  description: 'What can be asked for again by its id alone (Relay, Global Object Identification)',
  resolveType: (value: { id: string }): NodeType | undefined => nodeKey(value.id)?.type,
})
export abstract class GraphNode {
  @Field(() => ID, { description: 'Opaque, and of one thing in the whole graph: hand it back as it is' })
  readonly id!: string;
}
