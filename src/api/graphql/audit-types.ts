import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

/** A record of the ledger: who did what to what, or looked at it. */
@ObjectType('AuditRecord')
export class GraphAuditRecord {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly time!: Date;

  @Field({ description: 'user:ID, client:ID, local, or wetread for the server’s own work' })
  readonly actor!: string;

  @Field({ description: 'data.fetched, report.reviewed …' })
  readonly action!: string;

  @Field()
  readonly entityType!: string;

  @Field()
  readonly entityId!: string;

  @Field(() => Int, { nullable: true })
  readonly entityVersion!: number | null;

  @Field({ description: 'Stable code; empty where none is needed' })
  readonly reason!: string;

  @Field({ description: 'What changed or was looked at: JSON text, as it is in the chain' })
  readonly changes!: string;
}

/** A public key by which signatures of this server are checked (RFC 8037). */
@ObjectType('SigningKey')
export class GraphSigningKey {
  @Field(() => ID, { description: 'RFC 7638 thumbprint: `kid` in the header of a signature' })
  readonly kid!: string;

  @Field()
  readonly kty!: string;

  @Field()
  readonly crv!: string;

  @Field({ description: 'base64url' })
  readonly x!: string;

  @Field()
  readonly alg!: string;
}
