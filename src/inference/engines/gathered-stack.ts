import { modalityValues } from '../../dicom/modality-lut.js';
import { storedValues } from '../../dicom/stored-values.js';
import { sampleCount } from '../../pixels/decoded-frame.js';
import type { ModelInput } from '../model-card.js';
import { ImageUnpreparable } from '../preparation/faults.js';
import { isEven } from '../preparation/is-even.js';
import { imageQuality } from '../preparation/quality.js';
import type { StoredImage } from '../preparation/stored-image.js';
import { clipInput } from '../preparation/ultrasound/clip-input.js';
import type { ClipPreparation } from '../preparation/ultrasound/clip-preparation.js';
import { HounsfieldImplausible } from '../preparation/volume/faults.js';
import { valuesVerdict } from '../preparation/volume/hounsfield.js';
import { volumeInput } from '../preparation/volume/volume-input.js';
import type { VolumePreparation } from '../preparation/volume/volume-preparation.js';
import { MOST_VOXELS, type SliceWarning } from '../preparation/volume/volume-verdict.js';
import type { ImageQuality } from '../reading.js';
import { storedImage } from './decoded-image.js';
import type { EngineImage, EngineStack, EngineVolume, StackFrame } from './engine-messages.js';

export interface PreparedStack {
  readonly images: Float32Array;
  readonly dims: readonly number[];
  readonly quality: ImageQuality;
  /** Whether all of it has one value. */
  readonly isEven: boolean;
  readonly warnings?: readonly SliceWarning[];
}

/** Frames that are collected until a model can be run on them. */
export interface GatheredStack {
  /** @throws ImageUnpreparable  a frame that does not fit */
  put(frame: StackFrame): void;
  /** @throws ImageUnpreparable, WindowInvalid, HounsfieldImplausible */
  prepare(): PreparedStack;
}

/** @throws ImageUnpreparable  the card asks for no such stack, or it has more voxels than may be held */
export function gather(stack: EngineStack, { volume, clip }: ModelInput): GatheredStack {
  if (stack.kind === 'volume' && volume !== undefined) return new GatheredVolumes(stack.volumes, volume);
  if (stack.kind === 'clip' && clip !== undefined) return new GatheredClip(stack, clip);
  throw new ImageUnpreparable('The model reads no such stack of frames.');
}

/** Volumes as values after the Modality LUT, float32. */
class GatheredVolumes implements GatheredStack {
  private readonly values: readonly Float32Array[];
  private readonly missing: Set<string>;
  /** Of each volume, padding left out. */
  private readonly lowest: number[];

  constructor(
    private readonly volumes: readonly EngineVolume[],
    private readonly card: VolumePreparation,
  ) {
    const sizes = volumes.map(({ placement: { positions, rows, columns } }) => positions.length * rows * columns);
    if (sizes.reduce((sum, size) => sum + size, 0) > MOST_VOXELS)
      throw new ImageUnpreparable(`The volumes have more than ${MOST_VOXELS} voxels.`);
    this.values = sizes.map((size) => new Float32Array(size));
    this.lowest = sizes.map(() => Infinity);
    this.missing = new Set(volumes.flatMap(({ placement }, v) => Array.from(placement.positions, (_, k) => `${v} ${k}`)));
  }

  put({ volume, slice, image }: StackFrame): void {
    const { rows, columns } = this.volumes[volume].placement;
    const { frame } = image;
    if (frame.rows !== rows || frame.columns !== columns)
      throw new ImageUnpreparable('A slice has another size than the header of its volume says.');
    const { values, lowest } = sliceValues(image, this.card.outside);
    this.values[volume].set(values, slice * rows * columns);
    this.lowest[volume] = Math.min(this.lowest[volume], lowest);
    this.missing.delete(`${volume} ${slice}`);
  }

  prepare(): PreparedStack {
    if (this.missing.size > 0) throw new ImageUnpreparable('A slice of the volume is missing.');
    const warnings = this.card.unit === 'HU' ? this.volumes.flatMap(({ rescaleType }, v) => plausible(this.lowest[v], rescaleType)) : [];
    const volumes = this.volumes.map(({ placement }, v) => ({ values: this.values[v], geometry: placement }));
    return { ...volumeInput(volumes, this.card), quality: this.quality(), isEven: this.values.every((one) => isEven(one, 1)), warnings };
  }

  /** Of the slice in the middle of the first volume, through the first window, else from its least to its greatest value. */
  private quality(): ImageQuality {
    const { positions, rows, columns } = this.volumes[0].placement;
    const middle = positions.length >> 1;
    const slice = this.values[0].subarray(middle * rows * columns, (middle + 1) * rows * columns);
    const window = this.card.windows.at(0);
    const [low, high] = window
      ? [window.windowCenter - window.windowWidth / 2, window.windowCenter + window.windowWidth / 2]
      : [slice.reduce((a, b) => Math.min(a, b)), slice.reduce((a, b) => Math.max(a, b))];
    const shown = Float64Array.from(slice, (value) => Math.min(1, Math.max(0, (value - low) / (high - low || 1))));
    const picture = { rows, columns, channels: 1, values: shown, padding: undefined };
    return imageQuality(picture, { rows, columns, samplesPerPixel: 1, samples: slice, photometricInterpretation: 'MONOCHROME2' });
  }
}

function plausible(lowest: number, rescaleType: string | undefined): readonly SliceWarning[] {
  const verdict = valuesVerdict(lowest, rescaleType);
  if (!verdict.reads) throw new HounsfieldImplausible(verdict.why.text);
  return verdict.warnings;
}

/** The values of a slice after the Modality LUT, padding as `outside`, and the lowest of those that are no padding. */
function sliceValues({ frame, pixels }: EngineImage, outside: number): { values: Float32Array; lowest: number } {
  if (frame.photometricInterpretation !== 'MONOCHROME2') throw new ImageUnpreparable('A volume can be made of MONOCHROME2 slices only.');
  if (frame.bytes.length * 8 < sampleCount(frame) * frame.bitsAllocated)
    throw new ImageUnpreparable('The frame has fewer bytes than its size asks for.');
  const stored = storedValues(frame.bytes, frame, frame.rows * frame.columns);
  const values = modalityValues(stored, pixels.modality);
  const { low, high } = pixels.padding ?? { low: Infinity, high: -Infinity };
  let lowest = Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new ImageUnpreparable('The image holds values that are not finite numbers.');
    if (stored[i] >= low && stored[i] <= high) values[i] = outside;
    else if (values[i] < lowest) lowest = values[i];
  }
  return { values, lowest };
}

/** The frames of a clip as they are stored: as many as the card takes, no more. */
class GatheredClip implements GatheredStack {
  private readonly frames = new Map<number, StoredImage>();

  constructor(
    private readonly stack: Extract<EngineStack, { kind: 'clip' }>,
    private readonly card: ClipPreparation,
  ) {}

  put({ slice, image }: StackFrame): void {
    if (slice >= this.card.frames) throw new ImageUnpreparable('The clip has more frames than the model takes.');
    this.frames.set(slice, storedImage(image));
  }

  prepare(): PreparedStack {
    const frames = [...this.frames].sort(([a], [b]) => a - b).map(([, frame]) => frame);
    if (frames.length !== this.card.frames) throw new ImageUnpreparable('A frame of the clip is missing.');
    const input = clipInput(frames, this.stack.regions, this.card, this.stack.extent);
    return { ...input, quality: this.quality(frames[frames.length >> 1]), isEven: isEven(input.images, 1) };
  }

  /** Of the frame in the middle, masked, at full size. */
  private quality(frame: StoredImage): ImageQuality {
    const { rows, columns } = frame;
    const whole: ClipPreparation = { ...this.card, frames: 1, rows, columns, channels: 1, normalisation: 'none' };
    const values = Float64Array.from(clipInput([frame], this.stack.regions, whole).images);
    return imageQuality({ rows, columns, channels: 1, values, padding: undefined }, frame);
  }
}
