const waiting: (() => void)[] = [];

function one(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(one);
}

/**
 * The next go: one in each round of the event loop, whoever's it is. Long answers are made a piece at a time, so that what else comes
 * is heard between.
 */
export const breath = (): Promise<void> =>
  new Promise((go) => {
    if (waiting.push(go) === 1) setImmediate(one);
  });
