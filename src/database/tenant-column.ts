import { Column, PrimaryColumn } from 'typeorm';

/** Whose row it is: the tenant in whose scope it was written (scope.ts), by which row-level security shows it or not. */
export const TenantColumn = (): PropertyDecorator => Column('int', { default: () => 'acting_tenant()' });

/** The same as part of the key: what two tenants name alike are two things. */
export const TenantKey = (primaryKeyConstraintName?: string): PropertyDecorator =>
  PrimaryColumn('int', { default: () => 'acting_tenant()', primaryKeyConstraintName });

/** As TenantColumn, where the server writes too: 0 is its own. */
export const TenantOrServerColumn = (): PropertyDecorator => Column('int', { default: () => 'acting_tenant_or_server()' });
