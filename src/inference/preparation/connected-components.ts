/** A connected group of bright pixels; all four ends included. */
export interface Component {
  top: number;
  bottom: number;
  left: number;
  right: number;
  pixels: number;
  /** The greatest value. */
  peak: number;
  /** Ends of its runs along the rows, and how many of them fall off to dark at once. */
  ends: number;
  sharpEnds: number;
}

/** How far beside a run the picture must have become dark. */
const REACH = 3;

/**
 * The groups of pixels of at least `bright` that touch along an edge or a corner. A run's end is sharp where within three
 * pixels beside it a value of at most `dark` lies, or the picture ends.
 * @param values  rows × columns, row by row
 */
export function connectedComponents(rows: number, columns: number, values: Float64Array, bright: number, dark: number): Component[] {
  const components: (Component | undefined)[] = [];
  const parents: number[] = [];
  let above: Run[] = [];
  for (let y = 0; y < rows; y++) {
    const runs = runsOf(values, y * columns, columns, bright);
    let next = 0;
    for (const run of runs) {
      while (next < above.length && above[next].right < run.left - 1) next++;
      for (let i = next; i < above.length && above[i].left <= run.right + 1; i++) {
        const root = rootOf(parents, above[i].component);
        run.component = run.component < 0 ? root : joined(components, parents, root, rootOf(parents, run.component));
      }
      if (run.component < 0) {
        run.component = components.length;
        parents.push(run.component);
        components.push({ top: y, bottom: y, left: run.left, right: run.right, pixels: 0, peak: 0, ends: 0, sharpEnds: 0 });
      }
      grow(components[rootOf(parents, run.component)], y, run, sharpEnds(values, y * columns, columns, run, dark));
    }
    above = runs;
  }
  return components.filter((one) => one !== undefined);
}

interface Run {
  readonly left: number;
  readonly right: number;
  readonly peak: number;
  component: number;
}

function runsOf(values: Float64Array, start: number, columns: number, bright: number): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < columns; x++) {
    if (values[start + x] < bright) continue;
    const left = x;
    let peak = values[start + x];
    while (x + 1 < columns && values[start + x + 1] >= bright) peak = Math.max(peak, values[start + ++x]);
    runs.push({ left, right: x, peak, component: -1 });
  }
  return runs;
}

function rootOf(parents: number[], at: number): number {
  while (parents[at] !== at) at = parents[at] = parents[parents[at]];
  return at;
}

/** Makes two components one, the earlier; the later is gone. */
function joined(components: (Component | undefined)[], parents: number[], a: number, b: number): number {
  const [into, from] = a < b ? [a, b] : [b, a];
  const target = components[into];
  const source = components[from];
  if (into === from || target === undefined || source === undefined) return into;
  target.top = Math.min(target.top, source.top);
  target.bottom = Math.max(target.bottom, source.bottom);
  target.left = Math.min(target.left, source.left);
  target.right = Math.max(target.right, source.right);
  target.pixels += source.pixels;
  target.peak = Math.max(target.peak, source.peak);
  target.ends += source.ends;
  target.sharpEnds += source.sharpEnds;
  parents[from] = into;
  components[from] = undefined;
  return into;
}

function grow(component: Component | undefined, y: number, { left, right, peak }: Run, sharp: number): void {
  if (component === undefined) return; // a root always has its component
  component.bottom = y;
  component.left = Math.min(component.left, left);
  component.right = Math.max(component.right, right);
  component.pixels += right - left + 1;
  component.peak = Math.max(component.peak, peak);
  component.ends += 2;
  component.sharpEnds += sharp;
}

function sharpEnds(values: Float64Array, start: number, columns: number, { left, right }: Run, dark: number): number {
  let sharp = 0;
  let before = left === 0;
  for (let step = 1; step <= REACH && left - step >= 0; step++) before ||= values[start + left - step] <= dark;
  let behind = right === columns - 1;
  for (let step = 1; step <= REACH && right + step < columns; step++) behind ||= values[start + right + step] <= dark;
  if (before) sharp++;
  if (behind) sharp++;
  return sharp;
}
