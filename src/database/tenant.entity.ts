import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** An organisation whose data this server keeps apart from all others'. The first is there from the start. */
@Entity('tenant')
@Unique('tenant_name', ['name'])
export class Tenant {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  @Column('text')
  readonly name!: string;

  @Column('timestamptz', { name: 'made_at', default: () => 'now()' })
  readonly madeAt!: Date;
}
