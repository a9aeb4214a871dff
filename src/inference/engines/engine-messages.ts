import type { ImagePixels } from '../../dicom/image-pixels.js';
import type { DecodedFrame } from '../../pixels/decoded-frame.js';
import type { ExecutionProvider } from '../../settings.js';
import type { ModelOutputs } from '../derive-outputs.js';
import type { Explanation } from '../explanation/explain.js';
import type { ModelCard } from '../model-card.js';
import type { ClipExtent } from '../preparation/ultrasound/clip-extent.js';
import type { UltrasoundRegion } from '../preparation/ultrasound/ultrasound-regions.js';
import type { VolumePlacement } from '../preparation/volume/volume-geometry.js';
import type { SliceWarning } from '../preparation/volume/volume-verdict.js';
import type { ImageQuality } from '../reading.js';

/** What an engine process needs of a model. */
export interface ModelSource {
  /** NAME/VERSION */
  readonly key: string;
  /** Absolute path of model.onnx; loaded only while its content has the card's SHA-256. */
  readonly path: string;
  readonly card: Pick<ModelCard, 'sha256' | 'input' | 'preparation' | 'activation' | 'classes' | 'uncertainty'>;
}

/** One frame as PixelPool.decode gives it, and what describePixels says of its values. */
export interface EngineImage {
  readonly frame: DecodedFrame;
  readonly pixels: Pick<ImagePixels, 'modality' | 'voi' | 'presentationLutShape' | 'padding' | 'palette'>;
}

/** Frames that a model reads together, and what they are to each other. The frames themselves come one by one. */
export type EngineStack =
  | { readonly kind: 'volume'; readonly volumes: readonly EngineVolume[] }
  /** `regions`: what of each frame to keep; undefined: everything. `extent`: the part of it that is shown; undefined: the whole. */
  | {
      readonly kind: 'clip';
      readonly regions: readonly UltrasoundRegion[] | undefined;
      readonly extent?: ClipExtent | undefined;
    };

/** One volume of a stack, in the order of the card's sequences. */
export interface EngineVolume {
  readonly placement: VolumePlacement;
  /** Rescale Type (0028,1054) of its slices. */
  readonly rescaleType: string | undefined;
}

/** Where in its stack a frame belongs, both from 0: a clip is one volume of frames. */
export interface StackFrame {
  readonly volume: number;
  readonly slice: number;
  readonly image: EngineImage;
}

export interface EngineResult {
  readonly outputs: ModelOutputs;
  /** SHA-256 of the tensor that the model was given, float32 little endian in its own order, hex. */
  readonly inputSha256: string;
  readonly quality: ImageQuality;
  /** Whether all pixels had one value: such an image shows nothing that a model could judge (`judgeable`). */
  readonly isEven: boolean;
  /** Where it was asked for. */
  readonly explanation?: Explanation;
  /** What was noticed of a stack's values. */
  readonly warnings?: readonly SliceWarning[];
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
  | { readonly kind: 'run'; readonly key: string; readonly image: EngineImage; readonly explained: boolean }
  /** Then its frames, each once, in any order; then `read`. `drop` ends it where a frame could not be had. */
  | { readonly kind: 'open'; readonly key: string; readonly stack: EngineStack }
  | { readonly kind: 'frame'; readonly frame: StackFrame }
  | { readonly kind: 'read' }
  | { readonly kind: 'drop' };

/** Whether a provider may be used; `why` in words, without paths. */
export type Verdict = { readonly agrees: true } | { readonly agrees: false; readonly why: string };

export type EngineAnswer =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'probed'; readonly verdict: Verdict }
  /** A stack was opened or dropped, or a frame taken. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'ran'; readonly result: EngineResult }
  | EngineFault;

/** A fault on its way to the parent, where it becomes its class again. */
export interface EngineFault {
  readonly kind: 'fault';
  readonly code: string;
  /** What the class is made from. */
  readonly reason: string;
}
