import type { Database } from '../../database/database.js';
import { OWN_PROFILES } from '../../records/profiles/own-profiles.js';
import type { Records } from '../../records/records.js';
import { codeSystem } from './code-system.js';
import { structureDefinition } from './structure-definition.js';

/** What this server's resources are made by, as resources: its profiles and codes. */
export const definitionResources = () => [...OWN_PROFILES.map(structureDefinition), codeSystem()];

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
