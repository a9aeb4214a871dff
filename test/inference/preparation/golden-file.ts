import { readFileSync } from 'node:fs';

/** An array of another program. */
export interface GoldenArray {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly type: string;
  /** Little endian, as the type has them. */
  readonly bytes: Uint8Array;
}

export interface GoldenCase {
  readonly function: string;
  /** Name of its input. */
  readonly picture: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly expected: GoldenArray;
}

export interface Packed {
  readonly type: keyof typeof READERS;
  readonly shape: readonly number[];
  readonly data: string;
}

const READERS = {
  float64: (buffer: ArrayBuffer) => new Float64Array(buffer),
  float32: (buffer: ArrayBuffer) => new Float32Array(buffer),
  uint8: (buffer: ArrayBuffer) => new Uint8Array(buffer),
  uint16: (buffer: ArrayBuffer) => new Uint16Array(buffer),
  uint32: (buffer: ArrayBuffer) => new Uint32Array(buffer),
  int16: (buffer: ArrayBuffer) => new Int16Array(buffer),
  int32: (buffer: ArrayBuffer) => new Int32Array(buffer),
};

export function unpacked({ type, shape, data }: Packed): GoldenArray {
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  const values = Float64Array.from(READERS[type](bytes.buffer));
  return { values, rows: shape[0], columns: shape[1] ?? 1, type, bytes };
}

/** Reads what test/golden/make-preparation.py wrote. */
export function readGolden(path: string) {
  const { versions, pictures, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    versions: Record<string, string>;
    pictures: Record<string, Packed>;
    cases: (Omit<GoldenCase, 'expected'> & { expected: Packed })[];
  };
  return {
    versions: new Map(Object.entries(versions)),
    pictures: new Map(Object.entries(pictures).map(([name, array]) => [name, unpacked(array)])),
    cases: cases.map((one): GoldenCase => ({ ...one, expected: unpacked(one.expected) })),
  };
}
