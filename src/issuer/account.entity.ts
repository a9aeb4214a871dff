import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TenantColumn } from '../database/tenant-column.js';

/** Somebody who can log in here. */
@Entity('account')
@Index('account_by_username', ['username'], { unique: true })
export class AccountRow {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @TenantColumn()
  readonly tenant!: number;

  /** In lower case: what is typed at the login. */
  @Column('text')
  readonly username!: string;

  /** What people call the person. */
  @Column('text')
  readonly name!: string;

  /** Argon2id, with its parameters (RFC 9106, in the form that its reference implementation writes). */
  @Column('text', { name: 'password_hash' })
  readonly passwordHash!: string;

  @Column('text', { array: true })
  readonly roles!: string[];

  /** Reference of the FHIR resource that the person is: `Practitioner/…`. */
  @Column('text', { name: 'fhir_user', nullable: true })
  readonly fhirUser!: string | null;

  /** Id of the Patient that the person is; all that an account of role patient sees. */
  @Column('text', { nullable: true })
  readonly patient!: string | null;

  /** RFC 6238, base32; null where the second factor is off. */
  @Column('text', { name: 'totp_secret', nullable: true })
  readonly totpSecret!: string | null;

  /** The last time step whose code was used: none is good twice. */
  @Column('bigint', { name: 'totp_step', nullable: true })
  readonly totpStep!: number | null;

  @Column('boolean', { default: false })
  readonly disabled!: boolean;

  @Column('timestamptz')
  readonly since!: Date;
}

/** Logins that failed, by what was typed, whether there is such an account or not: the answers tell nobody which. */
@Entity('login_attempt')
export class LoginAttempt {
  @PrimaryColumn('text')
  readonly username!: string;

  /** Where from; empty for all of the name's together. */
  @PrimaryColumn('text', { default: '' })
  readonly network!: string;

  /** Since the last that did not fail. */
  @Column('int')
  readonly failures!: number;

  @Column('timestamptz', { name: 'last_at' })
  readonly lastAt!: Date;

  @Column('timestamptz', { name: 'locked_until', nullable: true })
  readonly lockedUntil!: Date | null;
}

/** Lets whoever started the server make the first account; there are none of these once there is one. */
@Entity('first_admin_code')
export class FirstAdminCode {
  @PrimaryColumn('text', { name: 'code_sha256' })
  readonly codeSha256!: string;

  @Column('timestamptz', { name: 'made_at' })
  readonly madeAt!: Date;
}
