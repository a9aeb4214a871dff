import { createHash } from 'node:crypto';
import type { ExecutionProvider } from '../../settings.js';
import { deriveOutputs } from '../derive-outputs.js';
import { explain } from '../explanation/explain.js';
import { RunFailed } from '../faults.js';
import { imagesDims } from '../images-dims.js';
import { prepareImage } from '../preparation/prepare-image.js';
import { storedImage } from './decoded-image.js';
import type { EngineRequest, EngineResult, EngineStack, ModelSource, SessionForm, StackFrame } from './engine-messages.js';
import { gather, type GatheredStack, type PreparedStack } from './gathered-stack.js';
import { ModelSession } from './model-session.js';

type RunRequest = Extract<EngineRequest, { kind: 'run' }>;

interface Loaded {
  readonly session: ModelSession;
  readonly provider: ExecutionProvider;
  readonly card: ModelSource['card'];
}

/** The models of one engine process, each loaded once. */
export class LoadedSessions {
  private readonly byKey = new Map<string, Loaded>();
  /** The stack whose frames are coming; one at a time, as the process is asked one thing at a time. */
  private opened: { readonly loaded: Loaded; readonly stack: GatheredStack } | undefined;

  /** Loads and warms up. @throws ModelUnreadable, ModelHashMismatch, RunFailed */
  async load(form: SessionForm): Promise<void> {
    const { key, card } = form.source;
    const session = await ModelSession.load(form);
    await session.warmUp(imagesDims(card));
    this.byKey.set(key, { session, provider: form.provider, card });
  }

  async read({ key, image, explained }: RunRequest): Promise<EngineResult> {
    const loaded = this.loaded(key);
    const { preparation } = loaded.card;
    const explanation = preparation.values?.from === 'image' ? preparation.values.explanation : undefined;
    return run(loaded, () => prepareImage(storedImage(image, explanation), preparation), explained);
  }

  /** Takes the place of a stack that was not read. @throws ImageUnpreparable  more voxels than may be held */
  open(key: string, stack: EngineStack): void {
    this.drop();
    const loaded = this.loaded(key);
    this.opened = { loaded, stack: gather(stack, loaded.card.input) };
  }

  /** @throws ImageUnpreparable  a frame that does not fit its stack */
  take(frame: StackFrame): void {
    this.stack().stack.put(frame);
  }

  /** Runs the model on the stack that was opened; it is gone afterwards. */
  async readStack(): Promise<EngineResult> {
    const { loaded, stack } = this.stack();
    this.drop();
    return run(loaded, () => stack.prepare());
  }

  drop(): void {
    this.opened = undefined;
  }

  private loaded(key: string): Loaded {
    const loaded = this.byKey.get(key);
    if (loaded === undefined) throw new RunFailed('it is not loaded');
    return loaded;
  }

  private stack() {
    if (this.opened === undefined) throw new RunFailed('no stack is open');
    return this.opened;
  }
}

async function run({ session, provider, card }: Loaded, prepare: () => PreparedStack, explained = false): Promise<EngineResult> {
  const began = performance.now();
  const { images, dims, quality, isEven, warnings } = prepare();
  const prepared = performance.now();
  const tensors = await session.run(images, dims);
  const ran = performance.now();
  const outputs = deriveOutputs(tensors, card);
  const inputSha256 = createHash('sha256').update(images).digest('hex'); // every platform we run on is little endian
  const again = (changed: Float32Array) => session.run(changed, dims);
  const explanation = explained ? await explain({ images, dims, tensors, outputs }, card, again) : undefined;
  const timings = { prepare: prepared - began, run: ran - prepared };
  return { outputs, inputSha256, quality, isEven, ...(explanation && { explanation }), ...(warnings && { warnings }), provider, timings };
}
