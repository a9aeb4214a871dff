/** A picture as it is shown: one value a pixel, dark to bright, row by row; the unit does not matter. */
export interface ShownPicture {
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns] */
  readonly values: ArrayLike<number>;
}

/** Side of the square that a picture is made small to before its frequencies are looked at. */
const SIDE = 32;
/** The frequencies in each direction that the hash is of: 3 to 10. Those below are much the same in all pictures of one kind. */
const LOWEST = 3;
const FREQUENCIES = 8;
/** Hash of a picture in which nothing is to be seen: like nothing, also not like itself. */
export const NOTHING_SHOWN = '0'.repeat(16);

/**
 * pHash (C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, 3.2.1) with two changes: the picture as
 * the means of 32 × 32 areas, their discrete cosine transform, and of 8 × 8 of its frequencies the sign of each. Zauner takes the lowest
 * frequencies but zero, and whether each is above their median. Chest radiographs differ least in just these (docs/evidence.md has
 * figures of both); and with signs a picture turned negative has all bits turned (`pictureDistance`). Size, file format and window
 * change few of the bits.
 * @returns 16 hex digits, by rows of frequencies; NOTHING_SHOWN where all areas are alike
 */
export function perceptualHash(picture: ShownPicture): string {
  const small = meansOf(picture);
  let [low, high] = [Infinity, -Infinity];
  for (const value of small) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) return NOTHING_SHOWN;
  const frequencies = frequenciesOf(small);
  let hash = '';
  for (let digit = 0; digit < 16; digit++) {
    let bits = 0;
    for (let i = 4 * digit; i < 4 * digit + 4; i++) bits = 2 * bits + (frequencies[i] > 0 ? 1 : 0);
    hash += bits.toString(16);
  }
  return hash;
}

/** The means of SIDE × SIDE areas of equal size; a pixel on a border counts to both by its share. */
function meansOf({ rows, columns, values }: ShownPicture): Float64Array {
  const across = sharesOf(columns);
  const down = sharesOf(rows);
  const means = new Float64Array(SIDE * SIDE);
  const line = new Float64Array(SIDE);
  for (let y = 0, at = 0; y < rows; y++) {
    line.fill(0);
    for (let x = 0; x < columns; x++, at++) {
      const value = values[at];
      for (let k = across.starts[x]; k < across.starts[x + 1]; k++) line[across.areas[k]] += value * across.shares[k];
    }
    for (let k = down.starts[y]; k < down.starts[y + 1]; k++) {
      const share = down.shares[k];
      for (let x = 0, mean = down.areas[k] * SIDE; x < SIDE; x++, mean++) means[mean] += line[x] * share;
    }
  }
  return means;
}

/** Which areas each of `size` pixels in a line touches, and what share of the area it is: those of pixel i from starts[i] to starts[i + 1]. */
function sharesOf(size: number): { readonly starts: Uint32Array; readonly areas: Uint8Array; readonly shares: Float64Array } {
  const starts = new Uint32Array(size + 1);
  const areas: number[] = [];
  const shares: number[] = [];
  for (let i = 0; i < size; i++) {
    const [from, to] = [(i * SIDE) / size, ((i + 1) * SIDE) / size];
    for (let area = Math.floor(from); area < to; area++) {
      areas.push(area);
      shares.push(Math.min(area + 1, to) - Math.max(area, from));
    }
    starts[i + 1] = areas.length;
  }
  return { starts, areas: Uint8Array.from(areas), shares: Float64Array.from(shares) };
}

/** cos((2x + 1) u π / 2 SIDE), u from LOWEST on: the DCT-II without its factors, which change no sign. */
const COSINES = Float64Array.from({ length: FREQUENCIES * SIDE }, (_, i) =>
  Math.cos(((2 * (i % SIDE) + 1) * (Math.floor(i / SIDE) + LOWEST) * Math.PI) / (2 * SIDE)),
);

function frequenciesOf(small: Float64Array): Float64Array {
  const byRow = new Float64Array(SIDE * FREQUENCIES);
  for (let y = 0; y < SIDE; y++)
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += small[y * SIDE + x] * COSINES[u * SIDE + x];
      byRow[y * FREQUENCIES + u] = sum;
    }
  const frequencies = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let v = 0; v < FREQUENCIES; v++)
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += byRow[y * FREQUENCIES + u] * COSINES[v * SIDE + y];
      frequencies[v * FREQUENCIES + u] = sum;
    }
  return frequencies;
}
