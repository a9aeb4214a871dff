import { allNumbers, allTexts, firstNumber, tag, type DicomJson } from '../../../dicom/dicom-json.js';

/** When the frames of a clip were taken. */
export interface ClipClock {
  /** Seconds of each frame from the first, ascending. */
  readonly times: Float64Array;
  /** Frames a second, on average. */
  readonly frameRate: number;
  /** The attribute that told it. */
  readonly by: 'FrameTimeVector' | 'FrameTime' | 'CineRate' | 'RecommendedDisplayFrameRate';
}

const RECOMMENDED_DISPLAY_FRAME_RATE = tag(0x0008, 0x2144);
const CINE_RATE = tag(0x0018, 0x0040);
const FRAME_TIME = tag(0x0018, 0x1063);
const FRAME_TIME_VECTOR = tag(0x0018, 0x1065);
const FRAME_INCREMENT_POINTER = tag(0x0028, 0x0009);

/**
 * The clock of a clip (Cine module, PS3.3 C.7.6.5). How the frames were taken goes before how they are to be shown, which may
 * be slow motion: Frame Time Vector or Frame Time, the one that Frame Increment Pointer (0028,0009) names first, then Cine
 * Rate, then Recommended Display Frame Rate. (What is shown to a reader, `frameMilliseconds`, has the opposite order.)
 * @param frames  frames that are there
 * @returns undefined where nothing tells it
 */
export function clipClock(dataset: DicomJson, frames: number): ClipClock | undefined {
  const vector = vectorClock(allNumbers(dataset, FRAME_TIME_VECTOR), frames);
  const time = steadyClock(1000 / positive(firstNumber(dataset, FRAME_TIME)), frames, 'FrameTime');
  const pointsToTime = allTexts(dataset, FRAME_INCREMENT_POINTER).includes(FRAME_TIME);
  return (
    (pointsToTime ? (time ?? vector) : (vector ?? time)) ??
    steadyClock(positive(firstNumber(dataset, CINE_RATE)), frames, 'CineRate') ??
    steadyClock(positive(firstNumber(dataset, RECOMMENDED_DISPLAY_FRAME_RATE)), frames, 'RecommendedDisplayFrameRate')
  );
}

const positive = (value: number | undefined): number => (value !== undefined && value > 0 ? value : NaN);

function steadyClock(frameRate: number, frames: number, by: ClipClock['by']): ClipClock | undefined {
  if (!Number.isFinite(frameRate)) return undefined;
  return { times: Float64Array.from({ length: frames }, (_, i) => i / frameRate), frameRate, by };
}

/** ms from the frame before (PS3.3 C.7.6.5.1.2): one a frame, the first 0; writers that give the first a length too mean the same. */
function vectorClock(increments: readonly number[], frames: number): ClipClock | undefined {
  if (increments.length !== frames || frames < 2 || !increments.slice(1).every((increment) => increment > 0)) return undefined;
  const times = new Float64Array(frames);
  for (let i = 1; i < frames; i++) times[i] = times[i - 1] + increments[i] / 1000;
  return { times, frameRate: (frames - 1) / times[frames - 1], by: 'FrameTimeVector' };
}
