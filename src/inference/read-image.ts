import type { Pixels } from '../archive/pixels.js';
import type { PixelInstanceRow } from '../archive/retrieve.sql.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import { asFault } from '../faults.js';
import { againstTraining } from './against-training.js';
import type { WhyNot } from './choose-volumes.js';
import { judgeable } from './engines/judgeable.js';
import { belongsToImage, ModelReadsSeries } from './faults.js';
import { instanceAttributes } from './instance-attributes.js';
import type { Models } from './models.js';
import type { ReadStacks } from './read-stacks.js';
import type { ImageReading } from './reading.js';
import type { LoadedModel } from './registry.js';
import { selectImage } from './select-image.js';

const FRAME = 1;

/** What a model made of an instance: read; not read, by the card's rules; failed, for a reason that lies in the image. */
export type ImageRead =
  { readonly state: 'read'; readonly reading: ImageReading } | { readonly state: 'not-read' | 'failed'; readonly why: WhyNot };

/**
 * Reads one instance with one model: whether the card takes it, its pixels, the run. The one way to read an image, for ordinary
 * readings and for those of studies: nothing is written, and nothing of earlier images goes in.
 */
export class ReadImage {
  constructor(
    private readonly pixels: Pick<Pixels, 'decode'>,
    private readonly models: Pick<Models, 'engine'>,
    readonly stacks: ReadStacks,
  ) {}

  /**
   * @param dataset  the instance's, as it is stored
   * @throws what belongs to the server (EngineBusy, EngineCrashed, RunTimedOut, DatabaseAway …), which may be tried again;
   *   ModelReadsSeries
   */
  async read(model: LoadedModel, instance: PixelInstanceRow, dataset: DicomJson): Promise<ImageRead> {
    const { input } = model.card;
    if (input.volume !== undefined) throw new ModelReadsSeries();
    const verdict = selectImage(model.card, instanceAttributes(instance, dataset, instance.frameTable !== null), dataset);
    if (!verdict.reads) return { state: 'not-read', why: verdict.why };
    try {
      if (input.clip === undefined) return { state: 'read', reading: await this.run(model, instance) };
      const read = await this.stacks.clip(model, input.clip, instance, dataset);
      return 'code' in read ? { state: 'not-read', why: read } : { state: 'read', reading: read };
    } catch (error) {
      const fault = asFault(error);
      if (!belongsToImage(fault)) throw fault;
      return { state: 'failed', why: { code: fault.code, text: fault.message } };
    }
  }

  private async run(model: LoadedModel, instance: PixelInstanceRow): Promise<ImageReading> {
    const began = performance.now();
    const { pixels, frame } = await this.pixels.decode(instance, FRAME);
    const decode = performance.now() - began;
    const result = judgeable(await this.models.engine.run(model, { frame, pixels }));
    const { outputs, inputSha256, quality, provider, timings } = result;
    const { inputDistance, ...told } = outputs;
    return {
      sopClassUID: instance.sopClassUID,
      sopInstanceUID: instance.sopInstanceUID,
      seriesInstanceUID: instance.seriesInstanceUID,
      frameNumber: FRAME,
      rows: frame.rows,
      columns: frame.columns,
      ...told,
      quality: { ...quality, ...againstTraining(model.card, inputDistance) },
      inputSha256,
      provider,
      timings: { decode, ...timings },
    };
  }
}
