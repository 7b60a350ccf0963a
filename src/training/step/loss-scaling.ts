/**
 * Dynamic loss scaling (Micikevicius et al. 2018): gradients of 16 bits vanish below 6e-8, so the loss is multiplied
 * before they are computed and they are divided afterwards. A step whose gradients overflowed is left out and the
 * factor halved; after many good steps it doubles.
 */
import { select, tf, type Scalar, type State, type Tensor } from '../../tensor/index.ts';

const FIRST_SCALE = 2 ** 15;
const LARGEST_SCALE = 2 ** 24;
const STEPS_TO_GROW = 2000;
const SCALE = 'optimizer/lossScale';
const GOOD_STEPS = 'optimizer/goodSteps';

/** What the scaling keeps between steps, beside the optimizer's slots and in checkpoints. */
export const scalingSlots = (): State => ({
  [SCALE]: tf.scalar(FIRST_SCALE),
  [GOOD_STEPS]: tf.scalar(0),
});

export const lossScale = (slots: State): Scalar => slots[SCALE] as Scalar;

export function unscaled(gradients: State, scale: Scalar): State {
  const factor = tf.div(tf.scalar(1), scale);
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]),
  );
}

/** bool []: no gradient holds an infinity or what is no number. */
export function allFinite(gradients: State): Tensor {
  const each = Object.values(gradients).map((gradient) => tf.all(tf.isFinite(gradient)));
  return tf.all(tf.stack(each));
}

/** The new state where the step was good, else the old one. */
export function unlessSkipped(good: Tensor, next: State, before: State): State {
  return Object.fromEntries(
    Object.entries(next).map(([name, value]) => [name, select(good, value, before[name]!)]),
  );
}

/** The scaling's own slots after a step. */
export function nextScaling(good: Tensor, slots: State): State {
  const scale = slots[SCALE]!;
  const run = tf.add(slots[GOOD_STEPS]!, tf.scalar(1));
  const grows = tf.greaterEqual(run, STEPS_TO_GROW);
  const raised = select(grows, tf.minimum(tf.mul(scale, 2), LARGEST_SCALE), scale);
  return {
    [SCALE]: select(good, raised, tf.maximum(tf.div(scale, 2), 1)),
    [GOOD_STEPS]: select(good, select(grows, tf.scalar(0), run), tf.scalar(0)),
  };
}
