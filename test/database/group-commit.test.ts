import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from '../../src/database/group-commit.js';

/** A commit that waits to be let go, and notes its groups. */
function heldCommit() {
  const groups: number[][] = [];
  const gates: (() => void)[] = [];
  const commit = async (items: readonly number[]): Promise<string[]> => {
    groups.push([...items]);
    await new Promise<void>((go) => gates.push(go));
    if (items.includes(13)) throw new Error('the commit failed');
    return items.map((item) => `verdict ${item}`);
  };
  const letGo = async (): Promise<void> => {
    gates.shift()?.();
    await new Promise((settled) => setImmediate(settled));
  };
  return { groups, commit, letGo };
}

describe('Committing in groups', () => {
  it('lets a single item wait for nobody, and gathers the next while one group is on its way', async () => {
    const { groups, commit, letGo } = heldCommit();
    const commits = new GroupCommit(commit, { items: 10 });
    const answers = [1, 2, 3].map((item) => commits.add(item));
    expect(groups).toEqual([[1]]);
    await letGo();
    expect(groups).toEqual([[1], [2, 3]]);
    await letGo();
    expect(await Promise.all(answers)).toEqual(['verdict 1', 'verdict 2', 'verdict 3']);
  });

  it('makes no group larger than its size', async () => {
    const { groups, commit, letGo } = heldCommit();
    const commits = new GroupCommit(commit, { items: 2 });
    const answers = [1, 2, 3, 4].map((item) => commits.add(item));
    for (let i = 0; i < 3; i++) await letGo();
    await Promise.all(answers);
    expect(groups).toEqual([[1], [2, 3], [4]]);
  });

  it('fails the items of a group that failed, and no others', async () => {
    const { commit, letGo } = heldCommit();
    const commits = new GroupCommit(commit, { items: 2 });
    const settled = Promise.allSettled([1, 12, 13, 4].map((item) => commits.add(item)));
    for (let i = 0; i < 3; i++) await letGo();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  });

  it('goes on after it was idle', async () => {
    const { commit, letGo } = heldCommit();
    const commits = new GroupCommit(commit, { items: 2 });
    const first = commits.add(1);
    await letGo();
    expect(await first).toBe('verdict 1');
    const second = commits.add(2);
    await letGo();
    expect(await second).toBe('verdict 2');
  });

  it('commits what is added by one who was only just answered', async () => {
    const commits = new GroupCommit((items: readonly number[]) => Promise.resolve(items), { items: 2 });
    const answers: number[] = [];
    const oneAfterAnother = async (): Promise<void> => {
      for (const item of [1, 2, 3, 4]) answers.push(await commits.add(item));
    };
    await Promise.race([oneAfterAnother(), new Promise((late) => setTimeout(late, 1_000))]);
    expect(answers).toEqual([1, 2, 3, 4]);
  });

  it('ends a group where the next would make it too heavy, and sends what is too heavy by itself alone', async () => {
    const { groups, commit, letGo } = heldCommit();
    const commits = new GroupCommit(commit, { items: 10, weight: { most: 5, of: (item) => item } });
    const answers = [1, 2, 3, 9, 1, 1].map((item) => commits.add(item));
    for (let left = 4; left > 0; left--) await letGo();
    await Promise.all(answers);
    expect(groups).toEqual([[1], [2, 3], [9], [1, 1]]);
  });
});
