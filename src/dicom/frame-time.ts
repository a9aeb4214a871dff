import { allNumbers, firstNumber, tag, type DicomJson } from './dicom-json.js';

const FRAME_TIME = tag(0x0018, 0x1063);
const FRAME_TIME_VECTOR = tag(0x0018, 0x1065);
const CINE_RATE = tag(0x0018, 0x0040);
const RECOMMENDED_DISPLAY_FRAME_RATE = tag(0x0008, 0x2144);
const UNTOLD_MILLISECONDS = 100;

/**
 * Milliseconds from a frame to the next as they are to be shown (PS3.3 C.7.6.5): by the rate that is recommended, else by
 * the time they were taken at; 100 where nothing says.
 */
export function frameMilliseconds(dataset: DicomJson): number {
  const rate = firstNumber(dataset, RECOMMENDED_DISPLAY_FRAME_RATE) ?? firstNumber(dataset, CINE_RATE);
  if (rate !== undefined && rate > 0) return 1000 / rate;
  const time = firstNumber(dataset, FRAME_TIME);
  if (time !== undefined && time > 0) return time;
  const [, ...steps] = allNumbers(dataset, FRAME_TIME_VECTOR); // its first is 0
  const sum = steps.reduce((total, step) => total + step, 0);
  return sum > 0 ? sum / steps.length : UNTOLD_MILLISECONDS;
}
