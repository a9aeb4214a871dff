import type { Caller } from './caller.js';
import type { Interaction } from './grant.js';
import { rolePermits } from './roles.js';

/** Whether the caller's token grants an interaction with a type, in whatever context: which resources are meant is for the store to hold. */
export const isGranted = ({ rights }: Caller, type: string, interaction: Interaction): boolean =>
  rights === undefined || rights.grants.some((grant) => (grant.type === '*' || grant.type === type) && grant.interactions.has(interaction));

/** Whether the caller may do something with resources of a type at all: one of its roles permits it, and its token grants it. */
export const mayTouch = (caller: Caller, type: string, interaction: Interaction): boolean =>
  caller.rights === undefined ||
  (caller.rights.roles.some((role) => rolePermits(role, type, interaction)) && isGranted(caller, type, interaction));
