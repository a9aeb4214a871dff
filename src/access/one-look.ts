import type { Caller } from './caller.js';
import type { Interaction } from './grant.js';
import { NotPermitted } from './permits.js';
import { BREAK_GLASS } from './purpose.js';

/**
 * A broken glass is one look, for one reason: what goes on by itself (subscriptions, event channels, exports, an app that is launched)
 * is not begun by it. Throws NotPermitted.
 * @param what  the type that it tells of, or that it is made of
 */
export function refuseBrokenGlass({ purposeOfUse }: Caller, what: string, interaction: Interaction): void {
  if (purposeOfUse === BREAK_GLASS) throw new NotPermitted(what, interaction);
}
