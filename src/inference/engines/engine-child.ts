import { Worker } from 'node:worker_threads';
import { imagesDims } from '../images-dims.js';
import { compareOutputs } from './agreement.js';
import { toMessage } from './engine-faults.js';
import type { EngineAnswer, EngineRequest, SessionForm, Verdict } from './engine-messages.js';
import { LoadedSessions } from './loaded-sessions.js';
import { ModelSession } from './model-session.js';
import type { GuardData } from './process-guard.js';

/** Entry of an engine process, started by EngineProcess with the parent's id and the memory limit as arguments. */
const [parent, memoryLimitMebibytes] = process.argv.slice(2).map(Number);
const guarded: GuardData = { parent, memoryLimitMebibytes };
new Worker(new URL('./process-guard.js', import.meta.url), { workerData: guarded });

const sessions = new LoadedSessions();

process.on('message', (request: EngineRequest) => {
  void answer(request).then((given) => process.send?.(given));
});
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C reaches the whole group: what runs is finished first, the parent decides when to end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

async function answer(request: EngineRequest): Promise<EngineAnswer> {
  try {
    switch (request.kind) {
      case 'load':
        await sessions.load(request.form);
        return { kind: 'loaded' };
      case 'probe':
        return { kind: 'probed', verdict: await probe(request.form) };
      case 'run':
        return { kind: 'ran', result: await sessions.read(request) };
      case 'open':
        sessions.open(request.key, request.stack);
        return { kind: 'taken' };
      case 'frame':
        sessions.take(request.frame);
        return { kind: 'taken' };
      case 'read':
        return { kind: 'ran', result: await sessions.readStack() };
      case 'drop':
        sessions.drop();
        return { kind: 'taken' };
    }
  } catch (thrown) {
    return toMessage(thrown);
  }
}

/** The provider is made before the CPU's session: where it can't be made, which is the rule, that saves the CPU's. */
async function probe(form: SessionForm): Promise<Verdict> {
  const dims = imagesDims(form.source.card);
  const given = await (await ModelSession.load(form)).warmUp(dims);
  const expected = await (await ModelSession.load({ ...form, provider: 'cpu' })).warmUp(dims);
  return compareOutputs(given, expected);
}
