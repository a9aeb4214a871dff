import { existsSync, readFileSync } from 'node:fs';
import { it } from '@jest/globals';
import type { FrameTable } from '../../src/dicom/frame-table.js';
import { Part10Reader } from '../../src/dicom/part10-header.js';
import type { Part10Instance } from '../../src/dicom/part10-instance.js';

/** One file of ../shared/dicom, as its manifest tells of it; only what these tests ask for. */
export interface CorpusFile {
  readonly path: string;
  readonly expect: Expectation;
  readonly expectAlso?: readonly Expectation[];
  readonly frames?: number;
  readonly sopUid?: string | null;
  readonly patientName?: string;
  readonly transferSyntax?: { readonly uid: string };
  readonly decodedSha256?: string;
  readonly decodedBytes?: number;
  readonly planarConfiguration?: number;
  readonly bitsAllocated?: number;
  readonly samplesPerPixel?: number;
  readonly rows?: number;
  readonly columns?: number;
}
export type Expectation = 'store' | 'store-with-warning' | 'reject';

const shared = new URL('../../../../shared/', import.meta.url);
const present = existsSync(new URL('dicom/manifest.json', shared));
if (!present) console.warn('../shared is absent: the tests on its 401 DICOM files are skipped.');

/** A test that needs ../shared. */
export const onCorpus: typeof it.skip = present ? it : it.skip;

export const corpus: readonly CorpusFile[] = present
  ? (JSON.parse(readFileSync(new URL('dicom/manifest.json', shared), 'utf8')) as CorpusFile[])
  : [];

export const sharedBytes = (path: string): Buffer => readFileSync(new URL(path, shared));
export const bytesOf = (path: string): Buffer => sharedBytes(`dicom/${path}`);
export const mustBeStored = ({ expect, expectAlso = [] }: CorpusFile): boolean => expect !== 'reject' && !expectAlso.includes('reject');
export const mustBeRefused = ({ expect, expectAlso = [] }: CorpusFile): boolean => expect === 'reject' && expectAlso.length === 0;

/** Reads a file given in pieces. */
export async function readPieces(pieces: Iterable<Uint8Array>): Promise<Part10Instance> {
  const reader = new Part10Reader();
  for (const piece of pieces) await reader.push(piece);
  return reader.end();
}

export const read = (bytes: Uint8Array): Promise<Part10Instance> => readPieces([bytes]);

/** The instance, or what was thrown. */
export async function outcome(pieces: Iterable<Uint8Array>): Promise<{ instance?: Part10Instance; thrown?: unknown }> {
  try {
    return { instance: await readPieces(pieces) };
  } catch (thrown) {
    return { thrown };
  }
}

/** Pieces of the given length; the last may be shorter. */
export function* cut(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

export function encapsulated(table: FrameTable | undefined): Extract<FrameTable, { kind: 'encapsulated' }> {
  if (table?.kind !== 'encapsulated') throw new Error('the frame table is not one of encapsulated frames');
  return table;
}
