import { logSoftmax, softmax } from '../autodiff/activation.js';
import { add, multiply, negate, reduceMean, reduceSum, scale, square, subtract } from '../autodiff/arithmetic.js';
import { reshape } from '../autodiff/shape.js';
import type { Tape, Value } from '../autodiff/tape.js';
import type { HeadOutputs } from '../networks/heads.js';

export interface Losses {
  /** one number */
  readonly total: Value;
  readonly probabilities: Value;
}

const UNCERTAINTY_SHARE = 0.1;
const INSIGHTS_SHARE = 0.1;

/**
 * Class-weighted cross-entropy + 0.1 × mean squared error of the uncertainty against "the prediction is wrong"
 * + 0.1 × the same cross-entropy from the insights alone, without which nothing would train their head.
 * @param logits       [N, K]
 * @param uncertainty  [N], 0..1
 * @param targets      [N, K], each row adds up to 1; one class, or a mixture
 * @param weights      [N]; divided by their sum, as torch's weighted mean
 */
export function trainingLoss(tape: Tape, { logits, uncertainty, insightLogits }: HeadOutputs, targets: Value, weights: Value): Losses {
  const total = tape.apply('ReduceSum', [weights], [1], { lists: [tape.whole([0])] });
  const shares = tape.apply('Div', [weights, total], weights.dims);
  const crossEntropy = (of: Value): Value => {
    const each = reshape(tape, reduceSum(tape, multiply(tape, targets, logSoftmax(tape, of)), [1]), weights.dims);
    return negate(tape, reduceSum(tape, multiply(tape, each, shares), [0]));
  };
  const miss = square(tape, subtract(tape, uncertainty, wrong(tape, logits, targets)));
  const doubt = scale(tape, reduceMean(tape, miss, [0]), UNCERTAINTY_SHARE);
  const likeness = scale(tape, crossEntropy(insightLogits), INSIGHTS_SHARE);
  return { total: add(tape, add(tape, crossEntropy(logits), doubt), likeness), probabilities: softmax(tape, logits) };
}

/** 1 where the greatest logit is not the target's class, else 0, [N]; of a mixture, the share that is not. No gradient passes. */
function wrong(tape: Tape, logits: Value, targets: Value): Value {
  const highest = tape.apply('ReduceMax', [logits], [logits.dims[0], 1], { attributes: { axes: { ints: [1] }, keepdims: { int: 1 } } });
  const equal = tape.apply('Equal', [logits, highest], logits.dims);
  const chosen = tape.apply('Cast', [equal], logits.dims, { attributes: { to: { int: 1 } } }); // 1: float32
  const right = tape.apply('Mul', [chosen, targets], targets.dims);
  const sum = tape.apply('ReduceSum', [right], [targets.dims[0]], { lists: [tape.whole([1])], attributes: { keepdims: { int: 0 } } });
  return tape.apply('Sub', [tape.scalar(1), sum], sum.dims);
}
