import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

/** A record of the ledger: who did what to what, or looked at it. */
@ObjectType('AuditRecord', { description: 'A record of the ledger: who did what to what, or looked at it' })
export class GraphAuditRecord {
  @Field(() => ID, { description: 'Of the record in the ledger; no node’s' })
  readonly id!: string;

  @Field({ description: 'When it happened' })
  readonly time!: Date;

  @Field({ description: 'user:ID, client:ID, local, or wetread for the server’s own work' })
  readonly actor!: string;

  @Field({ description: 'data.fetched, report.reviewed …' })
  readonly action!: string;

  @Field({ description: 'Type of what it is about: study, instance, report, a FHIR resource type …' })
  readonly entityType!: string;

  @Field({ description: 'Id of what it is about, within its type' })
  readonly entityId!: string;

  @Field(() => Int, { nullable: true, description: 'Version of what it is about, where that has versions' })
  readonly entityVersion!: number | null;

  @Field({ description: 'Stable code; empty where none is needed' })
  readonly reason!: string;

  @Field({ description: 'What changed or was looked at: JSON text, as it is in the chain' })
  readonly changes!: string;
}

/** A public key by which signatures of this server are checked (RFC 8037). */
@ObjectType('SigningKey', { description: 'A public key by which signatures of this server are checked (RFC 8037)' })
export class GraphSigningKey {
  @Field(() => ID, { description: 'RFC 7638 thumbprint: `kid` in the header of a signature' })
  readonly kid!: string;

  @Field({ description: 'Type of the key: OKP' })
  readonly kty!: string;

  @Field({ description: 'Curve: Ed25519' })
  readonly crv!: string;

  @Field({ description: 'base64url' })
  readonly x!: string;

  @Field({ description: 'Algorithm of the signatures: EdDSA' })
  readonly alg!: string;
}
