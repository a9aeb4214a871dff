import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A public key that servers of this database have signed with: it stays, so that what was signed can always be checked. */
@Entity('signing_key')
export class SigningKeyRow {
  /** Its RFC 7638 thumbprint. */
  @PrimaryColumn('text')
  readonly kid!: string;

  /** RFC 8037: an Ed25519 public key. */
  @Column('jsonb')
  readonly jwk!: unknown;

  @Column('timestamptz')
  readonly since!: Date;
}
