import type { JsonPlace } from '../json-place.js';
import type { CardWindow, GreyValues, ModelPreparation } from './model-card.js';

const MOST_PIXELS_A_SIDE = 4096;
const MOST_WINDOWS = 16;
/** Beyond any value a detector or a calibrated unit gives. */
const MOST_VALUE = 1e12;
const DEFAULT_SIDE = 512;

type Written = Omit<ModelPreparation, 'rows' | 'columns'> & Partial<Pick<ModelPreparation, 'rows' | 'columns'>>;

/** Reads the member `preparation` of a card; its parts must fit each other. @throws InvalidModelCard */
export function preparationAt(place: JsonPlace): ModelPreparation {
  const written = place.object<Written>(
    {
      rows: (at) => at.whole(1, MOST_PIXELS_A_SIDE),
      columns: (at) => at.whole(1, MOST_PIXELS_A_SIDE),
      channels: (at) => at.whole(1, MOST_WINDOWS),
      values: greyValuesAt,
      clipPercentiles: percentilesAt,
      normalisation: (at) => at.oneOf(['none', 'z_score', 'min_max', 'histogram_equalization']),
      order: (at) => at.oneOf(['normalise-then-resize', 'resize-then-normalise']),
      resize: (at) => at.oneOf(['bilinear', 'area', 'cubic']),
      aspect: (at) => at.oneOf(['stretch', 'keep']),
      scale: (at) => at.object({ mean: (mean) => mean.list(value), deviation: (deviation) => deviation.list(positive) }),
      padding: value,
    },
    ['rows', 'columns', 'values', 'clipPercentiles', 'order', 'scale', 'padding'],
  );
  const read: ModelPreparation = { ...written, rows: written.rows ?? DEFAULT_SIDE, columns: written.columns ?? DEFAULT_SIDE };
  checkChannels(place, read);
  return read;
}

/** One plane may be repeated for three channels; several windows are as many channels. */
function checkChannels(place: JsonPlace, { channels, values, scale }: ModelPreparation): void {
  const windows = values?.from === 'windows' ? values.windows.length : 1;
  const fit = windows === 1 ? [1, 3] : [windows];
  if (!fit.includes(channels)) place.refuse(`must have ${fit.join(' or ')} channels`);
  if (scale && (scale.mean.length !== channels || scale.deviation.length !== channels))
    place.refuse('must scale by one mean and one deviation for each channel');
}

const value = (place: JsonPlace): number => place.number(-MOST_VALUE, MOST_VALUE);
const positive = (place: JsonPlace): number => place.number(1e-12, MOST_VALUE);
const windowForm = (place: JsonPlace) => place.oneOf(['exact', 'linear']);

function greyValuesAt(place: JsonPlace): GreyValues {
  switch (place.member('from').oneOf(['image', 'windows', 'modality'])) {
    case 'image':
      return place.object<Extract<GreyValues, { from: 'image' }>>(
        { from: (at) => at.oneOf(['image']), form: windowForm, explanation: (at) => at.text() },
        ['explanation'],
      );
    case 'windows':
      return windowsOf(place);
    case 'modality':
      return place.object<Extract<GreyValues, { from: 'modality' }>>({ from: (at) => at.oneOf(['modality']) });
  }
}

function windowsOf(place: JsonPlace): GreyValues {
  const read = place.object<Extract<GreyValues, { from: 'windows' }>>({
    from: (at) => at.oneOf(['windows']),
    form: windowForm,
    windows: windowsAt,
  });
  if (read.form === 'linear' && read.windows.some(({ windowWidth }) => windowWidth < 1))
    place.refuse('must have windows of width 1 or more where the form is linear');
  return read;
}

function windowsAt(place: JsonPlace): readonly CardWindow[] {
  const windows = place.list((at) =>
    at.object<CardWindow>({ windowCenter: value, windowWidth: (width) => width.number(1e-6, MOST_VALUE) }),
  );
  if (windows.length === 0 || windows.length > MOST_WINDOWS) place.refuse(`must be 1 to ${MOST_WINDOWS} windows`);
  return windows;
}

function percentilesAt(place: JsonPlace): readonly [number, number] {
  const [low, high, ...more] = place.list((at) => at.number(0, 100));
  if (high === undefined || more.length > 0 || low >= high) place.refuse('must be two percentiles, the lower first');
  return [low, high];
}
