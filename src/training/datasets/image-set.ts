import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetBroken } from '../faults.js';
import { greyImage } from './grey-image.js';
import type { LabelledImage, LabelledSet, Region, Split } from './labelled-image.js';
import { readTar } from './tar.js';

interface Entry {
  readonly file: string;
  readonly label: number;
  readonly patient?: string;
  readonly sha256: string;
  /** [columns, rows] of the picture before it was made small, in pixels of which the box is given. */
  readonly full_size?: readonly [number, number];
  readonly box_xywh_px?: readonly [number, number, number, number];
  /** Centre, width and height in shares of the picture. */
  readonly box_cxcywh?: readonly [number, number, number, number];
}

/**
 * One part of a set of pictures, in the order of its index.
 * @param folder  holds `SPLIT.json` (classes, images) and `SPLIT.tar` (the pictures)
 * @param patientID  what of a file's name is the Patient ID, as a regular expression; the index's own patient unless given
 * @throws DatasetBroken  a picture is missing or has other bytes than the index says
 */
export async function readImageSet(folder: string, split: Split, patientID?: string): Promise<LabelledSet> {
  // The index is part of the data set, whose shape is known; the pictures' bytes are checked against it.
  const index = JSON.parse(readFileSync(join(folder, `${split}.json`), 'utf8')) as { classes: string[]; images: Entry[] };
  const files = readTar(readFileSync(join(folder, `${split}.tar`)));
  const named = patientID === undefined ? undefined : new RegExp(patientID);
  const images: LabelledImage[] = [];
  for (const { file, label, patient: known, sha256, ...rest } of index.images) {
    const bytes = files.get(file);
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new DatasetBroken('A picture of the data set is missing or has changed.');
    const region = regionOf(rest);
    const id = named === undefined ? known : named.exec(file)?.[0];
    images.push({
      file,
      label,
      patient: known ?? file,
      ...(id !== undefined && { patientID: id }),
      attributes: attributesOf(rest),
      ...(region && { region }),
      image: await greyImage(bytes),
    });
  }
  return { classes: index.classes, images };
}

function regionOf({ full_size, box_xywh_px, box_cxcywh }: Pick<Entry, 'full_size' | 'box_xywh_px' | 'box_cxcywh'>): Region | undefined {
  if (box_xywh_px !== undefined && full_size !== undefined) {
    const [left, top, width, height] = box_xywh_px;
    const [columns, rows] = full_size;
    return { left: left / columns, top: top / rows, width: width / columns, height: height / rows };
  }
  if (box_cxcywh === undefined) return undefined;
  const [x, y, width, height] = box_cxcywh;
  return { left: x - width / 2, top: y - height / 2, width, height };
}

/** What is one word or number; lists (boxes, sizes) are no subgroup. */
export function attributesOf(rest: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : [],
    ),
  );
}
