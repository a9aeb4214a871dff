import type { ExecutionProvider } from '../../settings.js';
import { deriveOutputs } from '../derive-outputs.js';
import { RunFailed } from '../faults.js';
import { prepareImage } from '../preparation/prepare-image.js';
import { storedImage } from './decoded-image.js';
import type { EngineImage, EngineResult, ModelSource, SessionForm } from './engine-messages.js';
import { ModelSession } from './model-session.js';

interface Loaded {
  readonly session: ModelSession;
  readonly provider: ExecutionProvider;
  readonly card: ModelSource['card'];
}

/** The models of one engine process, each loaded once. */
export class LoadedSessions {
  private readonly byKey = new Map<string, Loaded>();

  /** Loads and warms up. @throws ModelUnreadable, ModelHashMismatch, RunFailed */
  async load(form: SessionForm): Promise<void> {
    const { key, card } = form.source;
    const session = await ModelSession.load(form);
    await session.warmUp(card.preparation);
    this.byKey.set(key, { session, provider: form.provider, card });
  }

  async read(key: string, image: EngineImage): Promise<EngineResult> {
    const loaded = this.byKey.get(key);
    if (loaded === undefined) throw new RunFailed('it is not loaded');
    const { session, provider, card } = loaded;
    const began = performance.now();
    const { preparation } = card;
    const explanation = preparation.values?.from === 'image' ? preparation.values.explanation : undefined;
    const { images, dims, quality } = prepareImage(storedImage(image, explanation), preparation);
    const prepared = performance.now();
    const tensors = await session.run(images, dims);
    const ran = performance.now();
    const outputs = deriveOutputs(tensors, card);
    return { outputs, quality, provider, timings: { prepare: prepared - began, run: ran - prepared } };
  }
}
