import { atGreatest, logSoftmax, softmax, softplus } from '../autodiff/activation.js';
import { add, multiply, negate, reduceMean, reduceSum, scale, square, subtract } from '../autodiff/arithmetic.js';
import { reshape } from '../autodiff/shape.js';
import type { Tape, Value } from '../autodiff/tape.js';
import type { HeadOutputs } from '../networks/heads.js';

export interface Truths {
  /** [N, K], each row adds up to 1; one class, or a mixture */
  readonly targets: Value;
  /** [N]; divided by their sum, as torch's weighted mean */
  readonly weights: Value;
  /** [N, insight classes], each row adds up to 1, or to 0 where nothing is known */
  readonly insightTargets: Value;
  /** Shares of each place of the attention map that the finding covers, [N, 1, ...space], and [N, 1, ...1]: 0 where nothing is known. */
  readonly regions: { readonly shares: Value; readonly weights: Value } | undefined;
}

export interface Losses {
  /** one number */
  readonly total: Value;
  readonly probabilities: Value;
}

const UNCERTAINTY_SHARE = 0.1;
const INSIGHTS_SHARE = 0.1;
const REGIONS_SHARE = 0.5;

/**
 * Class-weighted cross-entropy + 0.1 × mean squared error of the uncertainty against "the prediction is wrong"
 * + 0.1 × cross-entropy from the insights alone, without which nothing would train their head
 * + 0.5 × cross-entropy of the attention map against where the finding lies, where that is taught.
 */
export function trainingLoss(tape: Tape, outputs: HeadOutputs, { targets, weights, insightTargets, regions }: Truths): Losses {
  const { logits, uncertainty, insightLogits, attentionLogits } = outputs;
  const total = tape.apply('ReduceSum', [weights], [1], { lists: [tape.whole([0])] });
  const shares = tape.apply('Div', [weights, total], weights.dims);
  const crossEntropy = (of: Value, truth: Value): Value => {
    const each = reshape(tape, reduceSum(tape, multiply(tape, truth, logSoftmax(tape, of)), [1]), weights.dims);
    return negate(tape, reduceSum(tape, multiply(tape, each, shares), [0]));
  };
  const miss = square(tape, subtract(tape, uncertainty, wrong(tape, logits, targets)));
  const parts = [
    crossEntropy(logits, targets),
    scale(tape, reduceMean(tape, miss, [0]), UNCERTAINTY_SHARE),
    scale(tape, crossEntropy(insightLogits, insightTargets), INSIGHTS_SHARE),
    ...(regions === undefined ? [] : [scale(tape, regionLoss(tape, attentionLogits, regions), REGIONS_SHARE)]),
  ];
  return { total: parts.reduce((sum, part) => add(tape, sum, part)), probabilities: softmax(tape, logits) };
}

/** Binary cross-entropy at each place, from what stands before the sigmoid: softplus(z) − share · z. */
function regionLoss(tape: Tape, attentionLogits: Value, { shares, weights }: NonNullable<Truths['regions']>): Value {
  const each = subtract(tape, softplus(tape, attentionLogits), multiply(tape, shares, attentionLogits));
  const axes = each.dims.map((_, axis) => axis);
  return reshape(tape, reduceMean(tape, multiply(tape, each, weights), axes), [1]);
}

/**
 * 1 where the greatest logit is not the target's class, else 0, [N]; of a mixture, or a smoothed label, the share of it that is not. No
 * gradient passes.
 */
function wrong(tape: Tape, logits: Value, targets: Value): Value {
  const right = tape.apply('Mul', [atGreatest(tape, logits), targets], targets.dims);
  const sum = tape.apply('ReduceSum', [right], [targets.dims[0]], {
    lists: [tape.whole([1])],
    attributes: { keepdims: { int: 0 } },
  });
  return tape.apply('Sub', [tape.scalar(1), sum], sum.dims);
}
