import type { Caller } from '../access/caller.js';

/** Two tenants may name their callers alike. */
export const keyOf = ({ tenant, id }: Caller): string => `${tenant} ${id}`;
