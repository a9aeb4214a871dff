import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pixels } from '../src/archive/pixels.js';
import type { PixelInstanceRow } from '../src/archive/retrieve.sql.js';
import { clouds, randomOf } from '../src/demo/phantom-random.js';
import { writeDataSet } from '../src/dicom/data-set-writer.js';
import { tag, type DicomJson } from '../src/dicom/dicom-json.js';
import { derivedUid } from '../src/dicom/derived-uid.js';
import { EXPLICIT_LITTLE_ENDIAN } from '../src/dicom/encoding.js';
import { encapsulation } from '../src/dicom/encapsulation.js';
import { frameReading } from '../src/dicom/frame-table.js';
import { describePixels } from '../src/dicom/image-pixels.js';
import { Part10Reader } from '../src/dicom/part10-header.js';
import { part10Header, writePart10 } from '../src/dicom/part10-writer.js';
import { storedDataset } from '../src/archive/studies.js';
import { encodeFrame } from '../src/pixels/encode-frame.js';
import type { PixelPool } from '../src/pixels/pixel-pool.js';

export const MAMMOGRAPHY = '1.2.840.10008.5.1.4.1.1.1.2'; // Digital Mammography X-Ray Image Storage – For Presentation

/** As two makers' detectors have them. */
const SIZES = [
  { rows: 2_294, columns: 1_914, bits: 14 },
  { rows: 4_096, columns: 3_328, bits: 12 },
] as const;
type Size = (typeof SIZES)[number];
/** Half of them native, as most archives keep them; then what mammograms are sent in most. */
const SYNTAXES = [undefined, '1.2.840.10008.1.2.4.70', undefined, '1.2.840.10008.1.2.4.90'] as const;
/** OB of undefined length (PS3.5 A.4). */
const ENCAPSULATED_PIXEL_DATA = Buffer.from('e07f10004f420000ffffffff', 'hex');

const element = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });

/**
 * Files of mammogram size that show no breast anybody has: drawn once for each size, brighter or darker each, written one after the other
 * as it is asked for. Memory holds one of them, and the two drawings.
 */
export class Mammograms {
  private readonly drawn = SIZES.map(({ rows, columns, bits }) => draw(rows, columns, bits));

  constructor(private readonly folder: string) {}

  pathOf(n: number): string {
    return join(this.folder, `${n}.dcm`);
  }

  /** Writes the file of a case, and gives its row as the archive would. */
  async write(n: number): Promise<PixelInstanceRow> {
    const at = (n >> 2) % SIZES.length;
    const gain = 700 + ((n * 37) % 300); // of 1,024
    const values = this.drawn[at].map((value) => (value * gain) >> 10);
    const bytes = new Uint8Array(values.buffer);
    const file = await part10(headerOf(n, SIZES[at]), bytes, SIZES[at], SYNTAXES[n % SYNTAXES.length]);
    writeFileSync(this.pathOf(n), file);
    const reader = new Part10Reader();
    await reader.push(file);
    const { dataset, transferSyntaxUID, sopClassUID, frameTable, dataSetOffset } = await reader.end();
    return {
      id: n,
      studyRow: n,
      sopInstanceUID: derivedUid('bench-run', String(n)),
      sopClassUID,
      seriesInstanceUID: derivedUid('bench-run', String(n), 'series'),
      transferSyntaxUID,
      sha256: createHash('sha256').update(file).digest('hex'),
      bytes: file.length,
      revision: 0,
      changedAt: new Date(0),
      dataSetOffset,
      metadata: JSON.stringify(dataset),
      frameTable: frameTable ?? null,
      bulkData: [],
    };
  }

  /** As the archive decodes: the frame's bytes alone, read from the file, off this thread. */
  decoding(pool: PixelPool): Pick<Pixels, 'decode'> {
    return {
      decode: async (instance, frameNumber) => {
        const pixels = describePixels(storedDataset(instance.metadata), instance.transferSyntaxUID, frameNumber);
        const reading = instance.frameTable && frameReading(instance.frameTable, frameNumber);
        if (!reading) throw new Error('it was written with one frame');
        const file = await open(this.pathOf(instance.id));
        try {
          const parts: Buffer[] = [];
          for (const [offset, length] of reading.ranges)
            parts.push((await file.read(Buffer.allocUnsafeSlow(length), 0, length, offset)).buffer);
          const frame = new Uint8Array(parts.length === 1 ? parts[0] : Buffer.concat(parts));
          return { pixels, frame: await pool.decode({ pixels, frame, bitOffset: reading.bitOffset }) };
        } finally {
          await file.close();
        }
      },
    };
  }
}

const headerOf = (n: number, { rows, columns, bits }: Size): DicomJson => ({
  [tag(0x0008, 0x0016)]: element('UI', MAMMOGRAPHY),
  [tag(0x0008, 0x0018)]: element('UI', derivedUid('bench-run', String(n))),
  [tag(0x0008, 0x0060)]: element('CS', 'MG'),
  [tag(0x0020, 0x000d)]: element('UI', derivedUid('bench-run', String(n), 'study')),
  [tag(0x0020, 0x000e)]: element('UI', derivedUid('bench-run', String(n), 'series')),
  [tag(0x0018, 0x0015)]: element('CS', 'BREAST'),
  [tag(0x0018, 0x5101)]: element('CS', n % 2 === 0 ? 'CC' : 'MLO'),
  [tag(0x0028, 0x0002)]: element('US', 1),
  [tag(0x0028, 0x0004)]: element('CS', 'MONOCHROME2'),
  [tag(0x0028, 0x0010)]: element('US', rows),
  [tag(0x0028, 0x0011)]: element('US', columns),
  [tag(0x0028, 0x0100)]: element('US', 16),
  [tag(0x0028, 0x0101)]: element('US', bits),
  [tag(0x0028, 0x0102)]: element('US', bits - 1),
  [tag(0x0028, 0x0103)]: element('US', 0),
  [tag(0x0028, 0x1050)]: element('DS', 2 ** (bits - 1)),
  [tag(0x0028, 0x1051)]: element('DS', 2 ** bits),
});

async function part10(header: DicomJson, bytes: Uint8Array, size: Size, transferSyntaxUID: string | undefined): Promise<Buffer> {
  if (transferSyntaxUID === undefined) return writePart10(header, { pixelData: bytes });
  const { rows, columns, bits: bitsStored } = size;
  const layout = {
    rows,
    columns,
    bitsStored,
    highBit: bitsStored - 1,
    bitsAllocated: 16,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
  } as const;
  const frame = await encodeFrame({ ...layout, bytes, sampleForm: 'integer', photometricInterpretation: 'MONOCHROME2' }, transferSyntaxUID);
  const pieces = encapsulation([frame.bytes.length]).map((piece) => ('frame' in piece ? frame.bytes : piece));
  return Buffer.concat([
    part10Header(header, transferSyntaxUID),
    writeDataSet(header, EXPLICIT_LITTLE_ENDIAN),
    ENCAPSULATED_PIXEL_DATA,
    ...pieces,
  ]);
}

/** Half an ellipse against the left edge, cloudy within and with noise; black around, as a film is beside the breast. */
function draw(rows: number, columns: number, bits: number): Uint16Array {
  const most = 2 ** bits - 1;
  const tissue = clouds(randomOf('mammogram', rows), 9, 4);
  const grain = randomOf('mammogram-grain', rows);
  const film = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const v = (2 * row) / rows - 1;
    const edge = 0.75 * Math.sqrt(Math.max(0, 1 - v * v));
    for (let column = 0; column < edge * columns; column++) {
      const u = column / columns;
      const depth = Math.min(1, 6 * (edge - u));
      film[row * columns + column] = most * Math.min(1, depth * (0.45 + 0.3 * tissue(u, row / rows)) + 0.03 * grain());
    }
  }
  return film;
}
