import type { RefusedInteraction } from './refused-interaction.js';

/** Faults of 422 that what was sent meets by itself, whatever is stored. */
const OF_WHAT_WAS_SENT: ReadonlySet<string | undefined> = new Set(['resource-invalid', 'subscription-unusable']);

/**
 * Whether a FHIR interaction that was refused so tells something of what is stored, though it gives nothing: that something is there
 * (409, 410, 412), or not there or not theirs (403, 404), or what it says (a test of a patch). A patched resource that is invalid is so
 * by what is stored, too.
 */
export function tellsOfStored({ status, code }: Refused, interaction: RefusedInteraction): boolean {
  switch (status) {
    case 403:
    case 404:
    case 409:
    case 410:
    case 412:
      return true;
    case 422:
      return interaction === 'patch' || !OF_WHAT_WAS_SENT.has(code);
    default:
      return false;
  }
}

interface Refused {
  readonly status: number;
  readonly code?: string | undefined;
}
