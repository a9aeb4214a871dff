import type { Database } from '../../database/database.js';
import { OWN_PROFILES } from '../../records/profiles/own-profiles.js';
import type { Records } from '../../records/records.js';
import { OWN_SEARCH_PARAMETERS } from '../../records/search/own-search-parameters.js';
import { codeSystem } from './code-system.js';
import { searchParameter } from './search-parameter.js';
import { structureDefinition } from './structure-definition.js';

/** What this server's resources are made and found by, as resources: its profiles, codes and search parameters. */
export const definitionResources = () => [
  ...OWN_PROFILES.map(structureDefinition),
  codeSystem(),
  ...OWN_SEARCH_PARAMETERS.map(searchParameter),
];

/** Puts them among the resources, where clients find them by their canonicals. */
export class Definitions {
  constructor(
    private readonly database: Database,
    private readonly records: Records,
  ) {}

  /** At start; what says the same already stays as it is. */
  async publish(): Promise<void> {
    await this.database.transaction((tx) => this.records.write(tx, definitionResources(), new Date()));
  }
}
