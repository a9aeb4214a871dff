import { inflateRawSync } from 'node:zlib';
import { bulkDataUri } from '../../dicom/bulk-data.js';
import type { DicomJson } from '../../dicom/dicom-json.js';
import { frameReading } from '../../dicom/frame-table.js';
import { describePixels } from '../../dicom/image-pixels.js';
import { Part10Reader } from '../../dicom/part10-header.js';
import { EXPLICIT_VR_BIG_ENDIAN } from '../../dicom/transfer-syntaxes.js';
import { decodeFrame } from '../../pixels/decode-frame.js';
import type { EngineImage } from '../engines/engine-messages.js';
import { instanceAttributes } from '../instance-attributes.js';
import { ImageUnpreparable } from '../preparation/faults.js';
import type { InstanceAttributes } from '../selection.js';

/** A DICOM file outside of the archive, for commands: in memory, decoded in this process. */
export interface InstanceFile {
  readonly attributes: InstanceAttributes;
  readonly dataset: DicomJson;
  /** @param frameNumber  from 1 @throws CorruptFrame and the other faults of pixels; ImageUnpreparable  there is no such frame */
  frame(frameNumber: number): Promise<EngineImage>;
}

/** @throws DicomFault  the bytes are no DICOM file (PS3.10) */
export async function openInstance(file: Buffer): Promise<InstanceFile> {
  const reader = new Part10Reader();
  await reader.push(file);
  const { dataset, transferSyntaxUID, sopClassUID, frameTable, bulkData, dataSetOffset } = await reader.end();
  const inflated = frameTable?.kind === 'native' && frameTable.inflated;
  const bytes = inflated ? inflateRawSync(file.subarray(dataSetOffset)) : file;
  const valueOf = (uri: string) => {
    const place = bulkData.find(({ path }) => bulkDataUri(path) === uri);
    return place && bytes.subarray(place.offset, place.offset + place.length);
  };
  return {
    attributes: instanceAttributes({ sopClassUID, transferSyntaxUID }, dataset, frameTable !== undefined),
    dataset,
    async frame(frameNumber) {
      const swapped = transferSyntaxUID === EXPLICIT_VR_BIG_ENDIAN ? bulkData.find(({ path }) => path === '7FE00010')?.length : undefined;
      const reading = frameTable && frameReading(frameTable, frameNumber, swapped);
      if (reading === undefined) throw new ImageUnpreparable('The file holds no such frame.');
      const pixels = describePixels(dataset, transferSyntaxUID, frameNumber, valueOf);
      const parts = reading.ranges.map(([offset, length]) => bytes.subarray(offset, offset + length));
      return { pixels, frame: await decodeFrame(new Uint8Array(Buffer.concat(parts)), pixels, reading.bitOffset) };
    },
  };
}
