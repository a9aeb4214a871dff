import { describe, expect, it } from '@jest/globals';
import { WindowTooNarrow } from '../../src/dicom/pixel-faults.js';
import { applyRange, applyVoiTable, applyWindow, windowLinear, windowLinearExact, windowSigmoid } from '../../src/dicom/voi-lut.js';

const shown = (display: Uint8ClampedArray) => Array.from(display);
const hu = (...values: number[]) => Float32Array.from(values);

describe('VOI LUT function LINEAR (PS3.3 C.11.2.1.2.1)', () => {
  it('is black up to the lower edge and white above the upper one', () => {
    // the clause's own example: centre 2048, width 4096 maps 0 to black and 4095 to white
    expect(shown(windowLinear(hu(-1, 0, 4095, 4096), { windowCenter: 2048, windowWidth: 4096 }))).toEqual([0, 0, 255, 255]);
  });

  it('is a straight line between its edges', () => {
    expect(shown(windowLinear(hu(0, 25, 50, 75, 100), { windowCenter: 50.5, windowWidth: 101 }))).toEqual([0, 64, 128, 191, 255]);
  });

  it('makes a threshold of width 1: black up to centre - 0.5, white above', () => {
    expect(shown(windowLinear(hu(99, 99.5, 99.6, 100), { windowCenter: 100, windowWidth: 1 }))).toEqual([0, 0, 255, 255]);
  });

  it.each([0.99, 0, -1, NaN])('refuses a width of %p', (windowWidth) => {
    expect(() => windowLinear(hu(0), { windowCenter: 0, windowWidth })).toThrow(WindowTooNarrow);
  });
});

describe('VOI LUT function LINEAR_EXACT (PS3.3 C.11.2.1.3.2)', () => {
  it('spans centre ± width / 2 exactly', () => {
    expect(shown(windowLinearExact(hu(-1, 0, 50, 100, 101), { windowCenter: 50, windowWidth: 100 }))).toEqual([0, 0, 128, 255, 255]);
  });

  it('takes a width below 1, but none that is not above 0', () => {
    expect(shown(windowLinearExact(hu(0.1, 0.3), { windowCenter: 0.2, windowWidth: 0.1 }))).toEqual([0, 255]);
    expect(() => windowLinearExact(hu(0), { windowCenter: 0, windowWidth: 0 })).toThrow(WindowTooNarrow);
  });
});

describe('VOI LUT function SIGMOID (PS3.3 C.11.2.1.3.1)', () => {
  it('gives 1 / (1 + exp(-4 (x - c) / w)) of white', () => {
    const display = windowSigmoid(hu(-1000, 0, 25, 50, 1000), { windowCenter: 0, windowWidth: 100 });
    expect(shown(display)).toEqual([0, 128, 186, 225, 255]); // 255 × 1/(1+e^-1) = 186.4, 255 × 1/(1+e^-2) = 224.6
    expect(shown(applyWindow(hu(25), { windowCenter: 0, windowWidth: 100 }, 'SIGMOID'))).toEqual([186]);
  });

  it('refuses a width that is not above 0', () => {
    expect(() => windowSigmoid(hu(0), { windowCenter: 0, windowWidth: 0 })).toThrow(WindowTooNarrow);
  });
});

describe('VOI LUT Sequence (PS3.3 C.11.2.1.1)', () => {
  it('takes the first entry below the table, the last one past it, and scales its bits to 0…255', () => {
    const table = { firstMapped: -1, bits: 12, entries: Uint16Array.of(0, 2048, 4095) };
    expect(shown(applyVoiTable(hu(-5, -1, 0, 1, 9), table))).toEqual([0, 0, 128, 255, 255]);
  });
});

describe('no VOI LUT', () => {
  it('spreads least to greatest over black to white', () => {
    expect(shown(applyRange(hu(-10, 0, 10), -10, 10))).toEqual([0, 128, 255]);
  });

  it('shows a flat image black, not as noise', () => {
    expect(shown(applyRange(hu(7, 7), 7, 7))).toEqual([0, 0]);
  });
});
