import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { EngineResult } from '../engines/engine-messages.js';
import type { AttentionMap } from '../reading.js';

/** Length of a picture's longer side, in pixels. */
const SIDE = 256;

/**
 * Writes the maps of one file: FILE.maps.json with their values, and a grey picture FILE.MAP.png of each, from its least value
 * (black) to its greatest (white).
 */
export async function writeMaps(folder: string, file: string, { outputs, explanation }: EngineResult): Promise<void> {
  const path = join(folder, file);
  const maps: Record<string, AttentionMap> = { ...(outputs.attentionMap && { attention_map: outputs.attentionMap }), ...explanation };
  await mkdir(dirname(path), { recursive: true });
  const written = Object.entries(maps).map(([name, { rows, columns, values }]) => [name, { rows, columns, values: Array.from(values) }]);
  await writeFile(`${path}.maps.json`, `${JSON.stringify({ prediction: outputs.prediction, ...Object.fromEntries(written) })}\n`);
  for (const [name, map] of Object.entries(maps)) await writeFile(`${path}.${name}.png`, await picture(map));
}

function picture({ rows, columns, values }: AttentionMap): Promise<Buffer> {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const range = greatest - least || 1;
  const grey = Buffer.from(Uint8Array.from(values, (value) => Math.round((255 * (value - least)) / range)));
  const larger = Math.max(1, Math.floor(SIDE / Math.max(rows, columns)));
  return sharp(grey, { raw: { width: columns, height: rows, channels: 1 } })
    .resize(columns * larger, rows * larger, { kernel: 'nearest' })
    .png()
    .toBuffer();
}
