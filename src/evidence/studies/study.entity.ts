import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TenantColumn, TenantKey } from '../../database/tenant-column.js';

/** What people were called when they did something: a printed name (21 CFR 11.50) outlives the account. */
@Entity('validation_person')
export class ValidationPerson {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'validation_person_key' })
  readonly id!: string;

  @PrimaryColumn('text', { name: 'printed_name', primaryKeyConstraintName: 'validation_person_key' })
  readonly printedName!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @TenantKey('validation_person_key')
  readonly tenant!: number;
}

/** A validation study: its state is its last step. */
@Entity('validation_study')
@Index('validation_study_by_time', ['tenant', 'at', 'id'])
export class ValidationStudy {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_study_key' })
  readonly id!: string;

  @Column('text')
  readonly title!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** A step of its life. `checks`: JSON, what the database found before it let it. */
@Entity('validation_step')
export class ValidationStep {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_step_key' })
  readonly study!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'validation_step_key' })
  readonly number!: number;

  @Column('text')
  readonly state!: string;

  @Column('text')
  readonly reason!: string;

  @Column('text')
  readonly checks!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** A version of its protocol. `content`: canonical text (RFC 8785); what is signed is its digest. */
@Entity('validation_protocol')
export class ValidationProtocol {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_protocol_key' })
  readonly study!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'validation_protocol_key' })
  readonly version!: number;

  @Column('text')
  readonly kind!: string;

  @Column('text')
  readonly content!: string;

  @Column('text')
  readonly sha256!: string;

  @Column('text')
  readonly reason!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** An electronic signature (21 CFR 11.50, 11.70, 11.200), of what a study or the regulatory file holds. */
@Entity('validation_signature')
@Index('validation_signature_once', ['entityType', 'entityId', 'version', 'signer'], { unique: true })
@Index('validation_signature_by_study', ['study'])
export class ValidationSignature {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_signature_key' })
  readonly id!: string;

  @Column('uuid', { nullable: true })
  readonly study!: string | null;

  @Column('text')
  readonly signer!: string;

  @Column('text', { name: 'printed_name' })
  readonly printedName!: string;

  @Column('text')
  readonly role!: string;

  @Column('text')
  readonly meaning!: string;

  @Column('text', { name: 'entity_type' })
  readonly entityType!: string;

  @Column('text', { name: 'entity_id' })
  readonly entityId!: string;

  @Column('int')
  readonly version!: number;

  @Column('text', { name: 'record_sha256' })
  readonly recordSha256!: string;

  @Column('text', { name: 'time_source' })
  readonly timeSource!: string;

  @Column('text', { array: true })
  readonly authentication!: string[];

  @Column('timestamptz', { name: 'reauthenticated_at' })
  readonly reauthenticatedAt!: Date;

  @Column('timestamptz', { name: 'signed_at' })
  readonly signedAt!: Date;

  @Column('text')
  readonly jws!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** Who has which part in a study: one person has one. A simulated reader is a program, and said to be. */
@Entity('validation_member')
@Index('validation_member_once', ['study', 'person'], { unique: true })
export class ValidationMember {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_member_key' })
  readonly study!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'validation_member_key' })
  readonly key!: string;

  @Column('text')
  readonly person!: string;

  @Column('text')
  readonly role!: string;

  @Column('text')
  readonly qualification!: string;

  @Column('boolean')
  readonly simulated!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** What was done otherwise than planned, or was not planned at all. */
@Entity('validation_deviation')
export class ValidationDeviation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'validation_deviation_key' })
  readonly study!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'validation_deviation_key' })
  readonly number!: number;

  @Column('text')
  readonly kind!: string;

  @Column('text')
  readonly description!: string;

  @Column('timestamptz', { default: () => 'now()' })
  readonly at!: Date;

  @Column('text', { name: 'made_by' })
  readonly madeBy!: string;

  @TenantColumn()
  readonly tenant!: number;
}
