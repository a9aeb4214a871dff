import { describe, expect, it } from '@jest/globals';
import { EngineClosed, EngineBusy } from '../../../src/inference/faults.js';
import { EngineModel } from '../../../src/inference/engines/engine-model.js';
import { JobQueue, type Job } from '../../../src/inference/engines/job-queue.js';
import { aCard, anEvenImage } from '../tiny-models.js';

const model = new EngineModel({ card: aCard(), path: '/nowhere' });
const aJob = (failed: Job['failed'] = () => undefined): Job => ({
  model,
  explained: false,
  input: anEvenImage(0),
  done: () => undefined,
  failed,
});
const never = new AbortController().signal;

describe('Runs that wait for a process', () => {
  it('are taken in the order they came', async () => {
    const queue = new JobQueue(2);
    const [first, second] = [aJob(), aJob()];
    queue.put(first);
    queue.put(second);
    expect(await queue.take(never)).toBe(first);
    expect(await queue.take(never)).toBe(second);
  });

  it('are bounded: one more is refused', () => {
    const queue = new JobQueue(1);
    queue.put(aJob());
    expect(() => queue.put(aJob())).toThrow(EngineBusy);
    expect(queue.length).toBe(1);
  });

  it('go past a process that left, and none is lost', async () => {
    const queue = new JobQueue(1);
    const leaving = new AbortController();
    const left = queue.take(leaving.signal);
    const stays = queue.take(never);
    leaving.abort();
    const job = aJob();
    queue.put(job);
    expect(await left).toBeUndefined();
    expect(await stays).toBe(job);
  });

  it('are first again when they are given back', async () => {
    const queue = new JobQueue(2);
    const [first, second] = [aJob(), aJob()];
    queue.put(second);
    queue.giveBack(first);
    expect(await queue.take(never)).toBe(first);
  });

  it('all fail with the fault they are refused with', () => {
    const queue = new JobQueue(2);
    const faults: unknown[] = [];
    queue.put(aJob((fault) => faults.push(fault)));
    queue.put(aJob((fault) => faults.push(fault)));
    queue.refuse(new EngineClosed());
    expect(faults).toEqual([new EngineClosed(), new EngineClosed()]);
    expect(queue.length).toBe(0);
  });
});
