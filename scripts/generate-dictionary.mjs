/**
 * Writes src/dicom/data-dictionary.json, the facts of PS3.6 (tag, VR, keyword), from two openly licensed (MIT) packages:
 * @iwharris/dicom-data-dictionary 1.26.0, made from PS3.6 2019e itself, and dcmjs 0.52.2 for what is younger.
 * Neither is a dependency: unpack both (`npm pack`) and name the folders:
 *   node scripts/generate-dictionary.mjs PATH/TO/dicom-data-dictionary PATH/TO/dcmjs
 * Where a VR is a choice that other elements decide, it is written xs (US or SS), ox (OB or OW), lt (US or OW).
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [ofPs36, younger] = process.argv.slice(2).map((folder) => resolve(folder));
const { elements } = createRequire(import.meta.url)(`${ofPs36}/dist/index.js`);
const { default: dcmjs } = await import(`${younger}/generate/dictionary.mjs`);

const CHOICE = { 'US or SS': 'xs', 'OB or OW': 'ox', 'US or OW': 'lt', 'US or SS or OW': 'lt', up: 'UL' };
const STANDARD = /^(DICOM|Supplement|CP_)/;
const entries = new Map();

for (const { tag, vr, keyword } of Object.values(elements)) add(tag, vr.trim(), keyword);
for (const { tag, vr, name, version } of Object.values(dcmjs))
  if (STANDARD.test(version ?? '') && !tag.includes('-')) add(tag, vr, name.replace('RETIRED_', ''));

const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
const lines = sorted.map(([tag, entry]) => `${JSON.stringify(tag)}:${JSON.stringify(entry)}`);
writeFileSync(new URL('../src/dicom/data-dictionary.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);

function add(tag, vr, keyword) {
  const key = tag.replace(/[(),]/g, '').toUpperCase().replace(/X/g, 'x');
  const concrete = CHOICE[vr] ?? vr;
  if (!/^([A-Z]{2}|xs|ox|lt)$/.test(concrete) || !/^[A-Za-z0-9]+$/.test(keyword) || entries.has(key)) return;
  entries.set(key, `${concrete} ${keyword}`);
}
