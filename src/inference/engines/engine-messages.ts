import type { ImagePixels } from '../../dicom/image-pixels.js';
import type { DecodedFrame } from '../../pixels/decoded-frame.js';
import type { ExecutionProvider } from '../../settings.js';
import type { ModelOutputs } from '../derive-outputs.js';
import type { ModelCard } from '../model-card.js';
import type { ImageQuality } from '../reading.js';

/** What an engine process needs of a model. */
export interface ModelSource {
  /** NAME/VERSION */
  readonly key: string;
  /** Absolute path of model.onnx; loaded only while its content has the card's SHA-256. */
  readonly path: string;
  readonly card: Pick<ModelCard, 'sha256' | 'preparation' | 'activation' | 'classes'>;
}

/** One frame as PixelPool.decode gives it, and what describePixels says of its values. */
export interface EngineImage {
  readonly frame: DecodedFrame;
  readonly pixels: Pick<ImagePixels, 'modality' | 'voi' | 'presentationLutShape' | 'padding' | 'palette'>;
}

export interface EngineResult {
  readonly outputs: ModelOutputs;
  readonly quality: ImageQuality;
  readonly provider: ExecutionProvider;
  /** Milliseconds: `prepare` from decoded frame to tensor, `run` the session's run alone. */
  readonly timings: { readonly prepare: number; readonly run: number };
}

/** How a session is made. */
export interface SessionForm {
  readonly source: ModelSource;
  readonly provider: ExecutionProvider;
  /** Threads of one run. */
  readonly threads: number;
}

/** What an engine process is asked; one at a time. */
export type EngineRequest =
  | { readonly kind: 'load'; readonly form: SessionForm }
  | { readonly kind: 'probe'; readonly form: SessionForm }
  | { readonly kind: 'run'; readonly key: string; readonly image: EngineImage };

/** Whether a provider may be used; `why` in words, without paths. */
export type Verdict = { readonly agrees: true } | { readonly agrees: false; readonly why: string };

export type EngineAnswer =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'probed'; readonly verdict: Verdict }
  | { readonly kind: 'ran'; readonly result: EngineResult }
  | EngineFault;

/** A fault on its way to the parent, where it becomes its class again. */
export interface EngineFault {
  readonly kind: 'fault';
  readonly code: string;
  /** What the class is made from. */
  readonly reason: string;
}
