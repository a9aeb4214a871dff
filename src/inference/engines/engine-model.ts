import type { ExecutionProvider } from '../../settings.js';
import { modelKey } from '../model-key.js';
import type { LoadedModel } from '../registry.js';
import type { ModelSource } from './engine-messages.js';

export interface RefusedProvider {
  readonly provider: ExecutionProvider;
  readonly why: string;
}

/** Failures in a row from which a provider that once agreed is trusted no longer. */
const FAILURES_TO_FALL_BACK = 3;
/** Processes that may die of loading a model before it is left out: the first may have been killed for another reason. */
const DEATHS_TO_LEAVE_OUT = 2;

/** A model as the engine holds it: which provider runs it, which were refused and why, whether it can be run at all. */
export class EngineModel {
  readonly source: ModelSource;
  private provider: ExecutionProvider = 'cpu';
  private readonly turnedDown: RefusedProvider[] = [];
  private failuresInARow = 0;
  private deathsAtLoad = 0;
  private whyUnusable: string | undefined;

  constructor({ card, path }: Pick<LoadedModel, 'card' | 'path'>) {
    const { sha256, input, preparation, activation, classes, uncertainty } = card;
    this.source = {
      key: modelKey(card),
      path,
      card: { sha256, input, preparation, activation, classes, ...(uncertainty && { uncertainty }) },
    };
  }

  get key(): string {
    return this.source.key;
  }

  get accepted(): ExecutionProvider {
    return this.provider;
  }

  get refused(): readonly RefusedProvider[] {
    return this.turnedDown;
  }

  /** Why no process can load it; undefined while it can be run. */
  get unusable(): string | undefined {
    return this.whyUnusable;
  }

  accept(provider: ExecutionProvider): void {
    this.provider = provider;
  }

  refuse(provider: ExecutionProvider, why: string): void {
    this.turnedDown.push({ provider, why });
  }

  ranWell(): void {
    this.failuresInARow = 0;
  }

  /** A run failed for a reason that may lie in the provider. @returns true when the model goes to the CPU because of it */
  runFailed(): boolean {
    this.failuresInARow++;
    if (this.failuresInARow < FAILURES_TO_FALL_BACK) return false;
    return this.fallBack(`failed ${FAILURES_TO_FALL_BACK} runs in a row`);
  }

  /** A process refused to load it, and would again. @returns true when the CPU is left to try */
  loadFailed(why: string): boolean {
    if (this.fallBack(`could not be loaded: ${why}`)) return true;
    this.whyUnusable ??= why;
    return false;
  }

  /** A process died of loading it. */
  diedAtLoad(): void {
    this.deathsAtLoad++;
    if (this.deathsAtLoad < DEATHS_TO_LEAVE_OUT) return;
    this.deathsAtLoad = 0;
    this.loadFailed(`${DEATHS_TO_LEAVE_OUT} processes died of it`);
  }

  private fallBack(why: string): boolean {
    if (this.provider === 'cpu') return false;
    this.refuse(this.provider, why);
    this.provider = 'cpu';
    this.failuresInARow = 0;
    return true;
  }
}
