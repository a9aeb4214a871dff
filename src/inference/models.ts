import { loadModels, type LoadedModel, type ModelRegistry } from './registry.js';
import { event } from '../log.js';
import type { LocalEngine } from './engines/local-engine.js';

/** The models of this server: which are loaded, which were refused and why, and what each runs on. */
export class Models {
  private constructor(
    private readonly registry: ModelRegistry,
    readonly engine: LocalEngine,
  ) {}

  static async from(directory: string, engineFor: (models: readonly LoadedModel[]) => LocalEngine): Promise<Models> {
    const registry = await loadModels(directory);
    for (const { name, fault } of registry.refused) event('model.refused', { model: name, fault: fault.code });
    return new Models(registry, engineFor(registry.loaded));
  }

  get loaded(): readonly LoadedModel[] {
    return this.registry.loaded;
  }

  get refused(): ModelRegistry['refused'] {
    return this.registry.refused;
  }

  find(name: string, version: string): LoadedModel | undefined {
    return this.loaded.find(({ card }) => card.name === name && card.version === version);
  }
}
