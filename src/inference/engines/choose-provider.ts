import { Fault } from '../../faults.js';
import type { ExecutionProvider } from '../../settings.js';
import { EngineCrashed, RunFailed, RunTimedOut } from '../faults.js';
import type { Verdict } from './engine-messages.js';
import type { EngineModel } from './engine-model.js';
import { EngineProcess } from './engine-process.js';

export interface ProviderTrials {
  /** The order to try in; what stands behind `cpu` is never reached. */
  readonly order: readonly ExecutionProvider[];
  readonly threads: number;
  /** Of one trial: two sessions made and run. */
  readonly limitMilliseconds: number;
  readonly memoryLimitMebibytes: number;
  /** Once aborted, no further trial is made. */
  readonly closing: AbortSignal;
}

/**
 * Finds each model the first provider whose outputs on a probe agree with the CPU's, one by one; the CPU closes the list.
 * They are tried in a process of their own: one that hangs or crashes takes nothing with it but that process.
 */
export async function chooseProviders(models: readonly EngineModel[], trials: ProviderTrials): Promise<void> {
  const cpu = trials.order.indexOf('cpu');
  const candidates = cpu === -1 ? trials.order : trials.order.slice(0, cpu);
  let process: EngineProcess | undefined;
  for (const model of models) {
    for (const provider of candidates) {
      if (trials.closing.aborted) break;
      if (process === undefined || process.gone.aborted) process = startTrialProcess(trials);
      const verdict = await tried(process, model, provider, trials);
      if (verdict.agrees) {
        model.accept(provider);
        break;
      }
      model.refuse(provider, verdict.why);
    }
  }
  await process?.end();
}

function startTrialProcess({ memoryLimitMebibytes, closing }: ProviderTrials): EngineProcess {
  const process = new EngineProcess(memoryLimitMebibytes);
  closing.addEventListener('abort', () => void process.end(), { signal: process.gone });
  return process;
}

async function tried(
  process: EngineProcess,
  { source }: EngineModel,
  provider: ExecutionProvider,
  { threads, limitMilliseconds }: ProviderTrials,
): Promise<Verdict> {
  try {
    const request = { kind: 'probe', form: { source, provider, threads } } as const;
    return (await process.ask(request, 'probed', limitMilliseconds)).verdict;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    if (fault instanceof EngineCrashed || fault instanceof RunTimedOut) await process.end(); // the next trial gets another
    return { agrees: false, why: whyNot(fault) };
  }
}

function whyNot(fault: Fault): string {
  if (fault instanceof RunTimedOut) return `timed out after ${fault.milliseconds} ms`;
  if (fault instanceof EngineCrashed) return 'crashed';
  return `threw: ${fault instanceof RunFailed ? fault.reason : fault.message}`;
}
