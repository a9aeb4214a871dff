import { OWN_PROFILES } from './own-profiles.js';
import type { Profile } from './profile.js';
import outside from './profiles.json' with { type: 'json' };

const KNOWN = new Map([...(outside as readonly Profile[]), ...OWN_PROFILES].map((profile) => [profile.url, profile]));

/** As its own version has it. */
const withoutOlder = (profile: Profile): Profile => {
  const rules = profile.rules.filter(({ ofAnyVersion }) => ofAnyVersion !== true);
  return rules.length === profile.rules.length ? profile : { ...profile, rules };
};

/** A profile by its canonical, `url` or `url|version`; undefined where it is not known here, or not in that version. */
export function knownProfile(canonical: string): Profile | undefined {
  const [url, version] = canonical.split('|', 2);
  const known = KNOWN.get(url);
  if (version === undefined || known?.version === undefined) return known;
  return known.version === version ? withoutOlder(known) : undefined;
}

export const knownProfiles = (): readonly Profile[] => [...KNOWN.values()];
