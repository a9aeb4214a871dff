import { CorruptFrame } from './faults.js';
import type { EntropyReader, HuffmanTable } from './jpeg-entropy.js';
import type { JpegScan } from './jpeg-scans.js';

/** The blocks of one component, row by row; 64 coefficients each, in zigzag order. */
export interface BlockGrid {
  readonly across: number;
  readonly down: number;
  readonly coefficients: Int16Array;
}

/** What a scan carries from block to block; a restart sets it back. */
interface ScanState {
  predictedDc: number;
  /** blocks that still have no coefficient of this band (T.81 G.1.2.2) */
  endOfBandRun: number;
}

type DecodeBlock = (scan: JpegScan, coefficients: Int16Array, at: number, state: ScanState) => void;

/** Reads one scan of a single component into `grid` (ITU-T T.81 F.2.2, G.2). @throws CorruptFrame */
export function decodeBlocks(scan: JpegScan, grid: BlockGrid, progressive: boolean): void {
  const { spectralStart, spectralEnd, restartInterval, entropy } = scan;
  if (spectralStart > spectralEnd || spectralEnd > 63) throw new CorruptFrame('a JPEG scan header is malformed');
  const decodeBlock = progressive ? progressiveStep(scan) : sequential;
  const state: ScanState = { predictedDc: 0, endOfBandRun: 0 };
  for (let block = 0; block < grid.across * grid.down; block++) {
    if (restartInterval > 0 && block > 0 && block % restartInterval === 0) {
      entropy.restart();
      state.predictedDc = state.endOfBandRun = 0;
    }
    decodeBlock(scan, grid.coefficients, block * 64, state);
  }
}

function progressiveStep({ spectralStart, approximationHigh }: JpegScan): DecodeBlock {
  if (spectralStart === 0) return approximationHigh === 0 ? dcFirst : dcRefine;
  return approximationHigh === 0 ? acFirst : acRefine;
}

const sequential: DecodeBlock = ({ entropy, components: [{ dc, ac }] }, coefficients, at, state) => {
  state.predictedDc += entropy.signed(category(entropy, dc));
  coefficients[at] = state.predictedDc;
  for (let k = 1; k < 64; k++) {
    const symbol = entropy.decode(required(ac));
    const size = symbol & 0x0f;
    if (size === 0 && symbol !== 0xf0) return; // end of block
    k += symbol >> 4;
    if (size > 0 && k < 64) coefficients[at + k] = entropy.signed(size);
  }
};

const dcFirst: DecodeBlock = ({ entropy, components: [{ dc }], approximationLow }, coefficients, at, state) => {
  state.predictedDc += entropy.signed(category(entropy, dc));
  coefficients[at] = state.predictedDc << approximationLow;
};

const dcRefine: DecodeBlock = ({ entropy, approximationLow }, coefficients, at) => {
  coefficients[at] |= entropy.read(1) << approximationLow;
};

const acFirst: DecodeBlock = ({ entropy, components: [{ ac }], spectralStart, spectralEnd, approximationLow }, coefficients, at, state) => {
  if (state.endOfBandRun > 0) {
    state.endOfBandRun--;
    return;
  }
  for (let k = spectralStart; k <= spectralEnd; k++) {
    const symbol = entropy.decode(required(ac));
    const [run, size] = [symbol >> 4, symbol & 0x0f];
    if (size === 0 && run < 15) {
      state.endOfBandRun = (1 << run) + entropy.read(run) - 1;
      return;
    }
    k += run;
    if (size > 0 && k <= spectralEnd) coefficients[at + k] = entropy.signed(size) * (1 << approximationLow);
  }
};

/** T.81 G.1.2.3: one more bit for coefficients already known, new ones in between. */
const acRefine: DecodeBlock = (
  { entropy, components: [{ ac }], spectralStart, spectralEnd, approximationLow },
  coefficients,
  at,
  state,
) => {
  const bit = 1 << approximationLow;
  const refine = (i: number) => {
    if (entropy.read(1) === 1 && (coefficients[i] & bit) === 0) coefficients[i] += coefficients[i] > 0 ? bit : -bit;
  };
  let k = spectralStart;
  while (k <= spectralEnd && state.endOfBandRun === 0) {
    const symbol = entropy.decode(required(ac));
    const size = symbol & 0x0f;
    let run = symbol >> 4;
    if (size === 0 && run < 15) {
      state.endOfBandRun = (1 << run) + entropy.read(run);
      break;
    }
    const added = size === 0 ? 0 : entropy.read(1) === 1 ? bit : -bit;
    for (; k <= spectralEnd; k++) {
      if (coefficients[at + k] !== 0) refine(at + k);
      else if (run-- === 0) {
        coefficients[at + k] = added;
        k++;
        break;
      }
    }
  }
  if (state.endOfBandRun === 0) return;
  for (; k <= spectralEnd; k++) if (coefficients[at + k] !== 0) refine(at + k);
  state.endOfBandRun--;
};

function category(entropy: EntropyReader, dc: HuffmanTable | undefined): number {
  const size = entropy.decode(required(dc));
  if (size > 15) throw new CorruptFrame('a JPEG coefficient is out of range');
  return size;
}

function required(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new CorruptFrame('a Huffman table is missing');
  return table;
}
