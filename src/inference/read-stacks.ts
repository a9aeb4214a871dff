import { inThisScope, iteratedInThisScope } from '../database/scope.js';
import { clipExtent } from './preparation/ultrasound/clip-extent.js';
import { judgeable } from './engines/judgeable.js';
import { againstTraining } from './against-training.js';
import type { Pixels } from '../archive/pixels.js';
import type { PixelInstanceRow } from '../archive/retrieve.sql.js';
import type { Studies } from '../archive/studies.js';
import { firstNumber, tag, type DicomJson } from '../dicom/dicom-json.js';
import type { FrameTable } from '../dicom/frame-table.js';
import type { ChosenVolume, WhyNot } from './choose-volumes.js';
import type { EngineImage, EngineStack, StackFrame } from './engines/engine-messages.js';
import type { Models } from './models.js';
import { chooseFrames } from './preparation/ultrasound/choose-frames.js';
import { clipClock } from './preparation/ultrasound/clip-clock.js';
import type { ClipPreparation } from './preparation/ultrasound/clip-preparation.js';
import { tissueRegions, ultrasoundRegions } from './preparation/ultrasound/ultrasound-regions.js';
import type { FramesRead, ImageReading } from './reading.js';
import type { LoadedModel } from './registry.js';

const ROWS = tag(0x0028, 0x0010);
const COLUMNS = tag(0x0028, 0x0011);

/** The instance that a reading of many frames is stored with. */
interface Host {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly frameNumber: number;
  readonly rows: number;
  readonly columns: number;
}

/** Reads frames together: the slices of volumes, the frames of a clip. They go to the engine one after the other. */
export class ReadStacks {
  constructor(
    private readonly studies: Pick<Studies, 'pixelInstances'>,
    private readonly pixels: Pick<Pixels, 'decode'>,
    private readonly models: Pick<Models, 'engine'>,
  ) {}

  /**
   * One run over volumes.
   * @param row  of the instance that the reading is stored with, of the first volume
   * @throws what the engine's runStack throws, and the faults of decoding
   */
  volumes(model: LoadedModel, volumes: readonly ChosenVolume[], row: number): Promise<ImageReading> {
    const [{ geometry, instances, series }] = volumes;
    const { rows, columns, slices } = geometry;
    const slice = slices.find(({ instance }) => instances[instance].row === row) ?? slices[0];
    const { sopClassUID, sopInstanceUID } = instances[slice.instance];
    const stack: EngineStack = {
      kind: 'volume',
      volumes: volumes.map(({ geometry: { slices: some, ...placement } }) => ({ placement, rescaleType: some[0].rescaleType })),
    };
    const host = { sopClassUID, sopInstanceUID, seriesInstanceUID: series.seriesInstanceUID, frameNumber: slice.frame, rows, columns };
    const read = { slices: volumes.map((one) => one.geometry.slices.length), warnings: volumes.flatMap(({ warnings }) => warnings) };
    return this.run(model, stack, (decode) => this.slices(volumes, decode), host, read);
  }

  /** One run over the frames of a clip that the card takes, or why there is none. @throws as volumes */
  async clip(model: LoadedModel, clip: ClipPreparation, instance: PixelInstanceRow, dataset: DicomJson): Promise<ImageReading | WhyNot> {
    const [rows, columns] = [firstNumber(dataset, ROWS) ?? 0, firstNumber(dataset, COLUMNS) ?? 0];
    const regions = ultrasoundRegions(dataset);
    const tissue = clip.regions === 'tissue' ? tissueRegions(regions, { rows, columns }) : undefined;
    if (tissue?.reads === false) return tissue.why;
    const extent = clip.spacing && clipExtent(regions, clip, clip.spacing);
    if (clip.spacing !== undefined && extent === undefined) return NOT_CALIBRATED;
    const available = framesOf(instance.frameTable);
    const chosen = chooseFrames(clip, clipClock(dataset, available), available);
    if (!chosen.reads) return chosen.why;
    const { sopClassUID, sopInstanceUID, seriesInstanceUID } = instance;
    const host = { sopClassUID, sopInstanceUID, seriesInstanceUID, frameNumber: chosen.frames[0], rows, columns };
    const frames = async function* (decode: Decode): AsyncGenerator<StackFrame> {
      for (const [slice, frame] of chosen.frames.entries()) yield { volume: 0, slice, image: await decode(instance, frame) };
    };
    return this.run(model, { kind: 'clip', regions: tissue?.regions, extent }, frames, host, {
      slices: [chosen.frames.length],
      warnings: [],
    });
  }

  private async run(
    model: LoadedModel,
    stack: EngineStack,
    frames: (decode: Decode) => AsyncIterable<StackFrame>,
    host: Host,
    read: FramesRead,
  ): Promise<ImageReading> {
    let milliseconds = 0;
    const decode: Decode = async (instance, frame) => {
      const began = performance.now();
      const image = await this.pixels.decode(instance, frame);
      milliseconds += performance.now() - began;
      return image;
    };
    const {
      warnings = [],
      outputs,
      inputSha256,
      quality,
      provider,
      timings,
    } = judgeable(await this.models.engine.runStack(model, { stack, frames: inThisScope(() => iteratedInThisScope(frames(decode))) }));
    const { inputDistance, ...told } = outputs;
    return {
      ...host,
      ...told,
      quality: { ...quality, ...againstTraining(model.card, inputDistance) },
      inputSha256,
      provider,
      timings: { decode: milliseconds, ...timings },
      stack: { ...read, warnings: [...read.warnings, ...warnings] },
    };
  }

  /** In the order of the instances' rows, whose headers are fetched some at a time; each slice knows its place. */
  private async *slices(volumes: readonly ChosenVolume[], decode: Decode): AsyncGenerator<StackFrame> {
    const places = volumes.flatMap(({ geometry, instances }, volume) =>
      geometry.slices.map(({ instance, frame }, slice) => ({ row: instances[instance].row, volume, slice, frame })),
    );
    const byRow = Map.groupBy(places, ({ row }) => row);
    const rows = [...byRow.keys()].sort((a, b) => a - b);
    for await (const instance of this.studies.pixelInstances(rows))
      for (const { volume, slice, frame } of byRow.get(instance.id) ?? []) yield { volume, slice, image: await decode(instance, frame) };
  }
}

const NOT_CALIBRATED: WhyNot = { code: 'not-calibrated', text: 'no 2-D region says what its pixels measure' };

type Decode = (instance: PixelInstanceRow, frame: number) => Promise<EngineImage>;

/** Frames that are there, whatever Number of Frames says; none of a video, which cannot be taken apart. */
function framesOf(table: FrameTable | null): number {
  if (table === null || table.kind === 'video') return 0;
  return table.kind === 'native' ? table.frames : table.frames.length;
}
