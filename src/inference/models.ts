import { loadModels, type LoadedModel, type ModelRegistry } from './registry.js';
import { event } from '../log.js';
import type { LocalEngine } from './engines/local-engine.js';

/** The models of this server: which are loaded, which were refused and why, and what each runs on. */
export class Models {
  private constructor(
    private registry: ModelRegistry,
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

  /** Reads with a model from now on, in place of another version of its name. False: from the next start on (LocalEngine.take). */
  async take(model: LoadedModel): Promise<boolean> {
    if (!(await this.engine.take(model))) return false;
    const others = this.registry.loaded.filter(({ card }) => card.name !== model.card.name);
    const loaded = [...others, model].sort((a, b) => (a.card.name < b.card.name ? -1 : 1));
    this.registry = { loaded, refused: this.registry.refused.filter(({ name }) => name !== model.card.name) };
    return true;
  }

  find(name: string, version: string): LoadedModel | undefined {
    return this.loaded.find(({ card }) => card.name === name && card.version === version);
  }
}
