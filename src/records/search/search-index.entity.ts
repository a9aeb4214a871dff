import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TenantColumn } from '../../database/tenant-column.js';

/** A row of the search index: one thing that the current version of a resource is found by. */
abstract class IndexRow {
  /** The resource's `no`. */
  @PrimaryColumn('bigint')
  readonly resource!: number;

  /** Number of the search parameter, or of what one of its modifiers looks at (ParameterNumbers). */
  @PrimaryColumn('int')
  readonly parameter!: number;

  /** Of a composite parameter: the place that its parts share; else 0. */
  @PrimaryColumn('int')
  readonly part!: number;
}

const KEY = { type: 'text', collation: 'C' } as const;

/** Codes, identifiers, booleans, addresses (R4 search.html#token, #uri). */
@Entity('search_token')
@Index('search_token_owner', ['resource', 'parameter'])
export class TokenIndexRow extends IndexRow {
  @PrimaryColumn(KEY)
  readonly system!: string;

  @PrimaryColumn(KEY)
  readonly value!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** R4 search.html#reference; the type is empty where the target is an address. */
@Entity('search_reference')
@Index('search_reference_owner', ['resource', 'parameter'])
export class ReferenceIndexRow extends IndexRow {
  @PrimaryColumn({ ...KEY, name: 'target_type' })
  readonly targetType!: string;

  @PrimaryColumn({ ...KEY, name: 'target_id' })
  readonly targetId!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** R4 search.html#date: from `low` to before `high`. */
@Entity('search_date')
@Index('search_date_owner', ['resource', 'parameter'])
export class DateIndexRow extends IndexRow {
  @PrimaryColumn('timestamptz')
  readonly low!: Date;

  @PrimaryColumn('timestamptz')
  readonly high!: Date;

  @TenantColumn()
  readonly tenant!: number;
}

/** R4 search.html#string: as it is compared by default, and as it is written. */
@Entity('search_string')
@Index('search_string_found', { synchronize: false }) // by the first characters: an expression
export class StringIndexRow extends IndexRow {
  @PrimaryColumn('int')
  readonly ordinal!: number;

  @Column({ type: 'text', collation: 'C' })
  readonly value!: string;

  @Column({ type: 'text', collation: 'C' })
  readonly exact!: string;

  @TenantColumn()
  readonly tenant!: number;
}

/** R4 search.html#quantity, #number: a value lies from `low` to `high`, both in it. */
@Entity('search_quantity')
@Index('search_quantity_owner', ['resource', 'parameter'])
export class QuantityIndexRow extends IndexRow {
  @PrimaryColumn('numeric')
  readonly low!: string;

  @PrimaryColumn('numeric')
  readonly high!: string;

  @PrimaryColumn(KEY)
  readonly system!: string;

  @PrimaryColumn(KEY)
  readonly code!: string;

  @PrimaryColumn(KEY)
  readonly unit!: string;

  @TenantColumn()
  readonly tenant!: number;
}
