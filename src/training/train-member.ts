import type { MemberNews, MemberOrder } from './member-processes.js';
import { readRun } from './read-run.js';
import { trainMember } from './train-model.js';
import { Fault } from '../faults.js';

/** Entry of a process that trains one network of a model and leaves it as a checkpoint. */
const order = JSON.parse(process.argv[2]) as MemberOrder; // trainSideBySide wrote it
const tell = (news: MemberNews): void => void process.send?.(news);
process.on('disconnect', () => process.exit(1)); // nobody waits for it

try {
  const { config, data, checkpoints, pretrained } = await readRun(order);
  await trainMember(config, data, order.member, {
    threads: order.threads,
    resume: (member) => checkpoints.load(member),
    watcher: (member) => ({
      step: (...step) => tell({ step }),
      epoch: (epoch) => tell({ epoch }),
      save: (checkpoint) => checkpoints.save(member, checkpoint),
    }),
    ...(pretrained && { pretrained }),
  });
  process.exit(0);
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}
