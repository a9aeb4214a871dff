import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTar } from '../../training/datasets/tar.js';
import { phantomPart10 } from '../phantom.js';
import { pictureAsChestRadiograph } from '../picture.js';

/** A case of the demonstration, with what is known of it beside its image. */
export interface DemoCase {
  readonly bytes: () => Promise<Uint8Array>;
  /** 1 has pneumonia. */
  readonly truth: 0 | 1;
  /** Where in its collection it is from: what subgroups are made by. */
  readonly origin: string;
}

/** The cases, and what they are in words. */
export interface DemoCases {
  readonly words: string;
  readonly modality: string;
  readonly cases: readonly DemoCase[];
}

/** Beside the project, where it is there: Kermany's chest radiographs, the test part (CC BY 4.0). */
const SET = new URL('../../../../../shared/data/chest-xray/', import.meta.url);
/** As the model's training manifest calls patients (docs/evidence.md, "Leaks"). */
const PATIENT = /^(person\d+_[a-z]+|(NORMAL2-)?IM-\d+)/;
const PHANTOMS = 40;

/** @param most  at most so many */
export function demoCases(most: number): DemoCases {
  return existsSync(new URL('test.json', SET)) ? ofTheSet(most) : phantoms(most);
}

function ofTheSet(most: number): DemoCases {
  interface Entry {
    readonly file: string;
    readonly label: 0 | 1;
    readonly official_split: string;
    readonly duplicate_of: string | null;
  }
  const { images } = JSON.parse(readFileSync(new URL('test.json', SET), 'utf8')) as { images: Entry[] };
  const files = readTar(readFileSync(fileURLToPath(new URL('test.tar', SET))));
  // By their names' digests: a smaller demonstration has both kinds, and is the same one each time.
  const digest = ({ file }: Entry): string => createHash('sha256').update(file).digest('hex');
  const chosen = images
    .filter(({ duplicate_of }) => duplicate_of === null)
    .sort((a, b) => (digest(a) < digest(b) ? -1 : 1))
    .slice(0, most);
  return {
    words: 'Kermany’s chest radiographs of children, the test part of the shared data (CC BY 4.0)',
    modality: 'CR',
    cases: chosen.map(({ file, label, official_split }) => ({
      bytes: () => pictureAsChestRadiograph(files.get(file) ?? Buffer.alloc(0), PATIENT.exec(file)?.[0]),
      truth: label,
      origin: official_split === 'test' ? 'official test' : 'official training',
    })),
  };
}

/** Drawings, where there is no data: what the model makes of them shows the way of a study, and says nothing of the model. */
const phantoms = (most: number): DemoCases => ({
  words: 'drawn phantoms, as there is no shared data: the figures say nothing of the model',
  modality: 'DX',
  cases: Array.from({ length: Math.min(most, PHANTOMS) }, (_, i) => {
    const opacity = i % 2 === 1;
    const photometricInterpretation = i % 4 < 2 ? ('MONOCHROME2' as const) : ('MONOCHROME1' as const);
    return {
      bytes: () => Promise.resolve(phantomPart10({ seed: 1_000 + i, opacity, photometricInterpretation, rows: 512, columns: 512 })),
      truth: opacity ? 1 : 0,
      origin: photometricInterpretation === 'MONOCHROME1' ? 'inverted' : 'plain',
    };
  }),
});
