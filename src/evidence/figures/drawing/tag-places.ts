/** A box on the sheet, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Eight ways away from a point, the nearest to a reader's habit first. */
const WAYS: readonly (readonly [number, number])[] = [
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
  [0, 1],
];

const SYMBOL = 12;

const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;

const around = ({ x, y }: Spot, width: number, height: number): Box => ({ left: x - width / 2, top: y - height / 2, width, height });

/**
 * Middles of tags of one size, one for each of the first spots: each as near to its spot as the symbols, the tags before it
 * and the plot's edges leave room.
 * @param others  symbols without a tag, which no tag may cover either
 */
export function tagPlaces(
  spots: readonly Spot[],
  others: readonly Spot[],
  { width, height }: Pick<Box, 'width' | 'height'>,
  within: Box,
): Spot[] {
  const taken = [...spots, ...others].map((spot) => around(spot, SYMBOL, SYMBOL));
  const isFree = (box: Box): boolean =>
    box.left >= within.left &&
    box.top >= within.top &&
    box.left + box.width <= within.left + within.width &&
    box.top + box.height <= within.top + within.height &&
    !taken.some((other) => overlaps(box, other));
  return spots.map((spot) => {
    const place = candidates(spot, within).find((one) => isFree(around(one, width, height))) ?? spot;
    taken.push(around(place, width, height));
    return place;
  });
}

/** Farther and farther away, over the whole plot if need be. */
function candidates({ x, y }: Spot, { width, height }: Box): Spot[] {
  const places: Spot[] = [];
  for (let away = 12; away < Math.max(width, height); away += 4)
    for (const [across, down] of WAYS) places.push({ x: x + across * away, y: y + down * away });
  return places;
}
