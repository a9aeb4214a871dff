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

const SYMBOL = 12;

const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;

const boxAt = ({ x, y }: Spot, width: number, height: number): Box => ({ left: x - width / 2, top: y - height / 2, width, height });

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
  const taken = [...spots, ...others].map((spot) => boxAt(spot, SYMBOL, SYMBOL));
  const isFree = (box: Box): boolean =>
    box.left >= within.left &&
    box.top >= within.top &&
    box.left + box.width <= within.left + within.width &&
    box.top + box.height <= within.top + within.height &&
    !taken.some((other) => overlaps(box, other));
  return spots.map((spot) => {
    let place = spot;
    for (const one of around(spot, Math.max(within.width, within.height))) {
      if (!isFree(boxAt(one, width, height))) continue;
      place = one;
      break;
    }
    taken.push(boxAt(place, width, height));
    return place;
  });
}

/** px between places that are tried. */
const STEP = 6;

/** Places on squares about a spot, the nearest square first, of each its corners before its sides: a tag beside a curve is read best there. */
function* around({ x, y }: Spot, farthest: number): Generator<Spot> {
  for (let away = 2 * STEP; away < farthest; away += STEP)
    for (let along = away; along >= 0; along -= STEP)
      for (const [across, up] of [
        [away, along],
        [along, away],
      ])
        for (const [right, down] of [
          [1, -1],
          [1, 1],
          [-1, -1],
          [-1, 1],
        ])
          yield { x: x + right * across, y: y + down * up };
}
