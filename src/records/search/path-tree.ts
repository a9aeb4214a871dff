import { stepsOf, type Found, type Step } from './element-path.js';

/** Many paths from one place, walked together: what they share is walked once, and what is not there not at all. */
export class PathTree {
  private readonly branches = new Map<string, { readonly step: Step; readonly tree: PathTree }>();
  private readonly leaves: number[] = [];

  /** `leaf`: what the values at the path's end are told by. */
  add(expression: string, leaf: number): void {
    this.addSteps(stepsOf(expression), leaf);
  }

  private addSteps([first, ...others]: ReturnType<typeof stepsOf>, leaf: number): void {
    if (first === undefined) return void this.leaves.push(leaf);
    const branch = this.branches.get(first.key) ?? { step: first.step, tree: new PathTree() };
    this.branches.set(first.key, branch);
    branch.tree.addSteps(others, leaf);
  }

  walk(from: readonly Found[], take: (leaf: number, found: readonly Found[]) => void): void {
    for (const leaf of this.leaves) take(leaf, from);
    for (const { step, tree } of this.branches.values()) {
      const found = step(from);
      if (found.length > 0) tree.walk(found, take);
    }
  }
}
