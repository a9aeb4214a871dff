import { OWN_PROFILES } from './own-profiles.js';
import type { Profile } from './profile.js';
import outside from './profiles.json' with { type: 'json' };

const KNOWN = new Map([...(outside as readonly Profile[]), ...OWN_PROFILES].map((profile) => [profile.url, profile]));

/** A profile by its canonical, `url` or `url|version`; undefined where it is not known here, or not in that version. */
export function knownProfile(canonical: string): Profile | undefined {
  const [url, version] = canonical.split('|', 2);
  const known = KNOWN.get(url);
  return version === undefined || known?.version === undefined || known.version === version ? known : undefined;
}

export const knownProfiles = (): readonly Profile[] => [...KNOWN.values()];
