import { Fault, InternalFault } from '../../faults.js';
import { ModelHashMismatch, ModelUnreadable, RunFailed } from '../faults.js';
import { ModelOutputInvalid } from '../onnx/faults.js';
import { ImageUnpreparable, WindowInvalid } from '../preparation/faults.js';
import { HounsfieldImplausible } from '../preparation/volume/faults.js';
import type { EngineFault } from './engine-messages.js';

/** The faults that an engine process finds, each made anew on the parent's side, where a class does not survive the copy. */
const FOUND_BY_PROCESS: Readonly<Record<string, (reason: string) => Fault>> = {
  'image-unpreparable': (reason) => new ImageUnpreparable(reason),
  'window-invalid': () => new WindowInvalid(),
  'hounsfield-implausible': (reason) => new HounsfieldImplausible(reason),
  'model-output-invalid': (reason) => new ModelOutputInvalid(reason),
  'model-hash-mismatch': () => new ModelHashMismatch(),
  'model-unreadable': () => new ModelUnreadable('model.onnx'),
  'run-failed': (reason) => new RunFailed(reason),
};

/** In the process. What is none of these is a mistake of ours: it crosses as its stack, for the parent's InternalFault. */
export function toMessage(thrown: unknown): EngineFault {
  if (!(thrown instanceof Fault) || FOUND_BY_PROCESS[thrown.code] === undefined)
    return { kind: 'fault', code: 'internal', reason: thrown instanceof Error ? (thrown.stack ?? thrown.name) : 'not an Error' };
  return { kind: 'fault', code: thrown.code, reason: thrown instanceof RunFailed ? thrown.reason : thrown.message };
}

/** In the parent. */
export function fromMessage({ code, reason }: EngineFault): Fault {
  return FOUND_BY_PROCESS[code]?.(reason) ?? new InternalFault(new Error(reason));
}
