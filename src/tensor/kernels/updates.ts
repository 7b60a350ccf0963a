/**
 * Steps of optimizers: written as operations on tensors, and told to a tracer as the one operation on variables that
 * does the same in a single pass over them.
 */
import { nativeBackend, type InPlaceUpdate } from '../backend.ts';
import { attribute, floatType } from '../native.ts';
import { tf, type Scalar, type Tensor } from '../tf.ts';

const attributes = [floatType, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)];

function tell(update: Omit<InPlaceUpdate, 'attributes'>): void {
  nativeBackend().listener?.updated({ ...update, attributes });
}

/** A parameter before a step: as it was, and as it is after its decay. */
interface Parameter {
  before: Tensor;
  decayed: Tensor;
}

const begun = ({ before, decayed }: Parameter) => (decayed === before ? {} : { begun: decayed });

/** Stochastic gradient descent with momentum: velocity = momentum · velocity + gradient, parameter −= rate · velocity. */
export function momentumStep(
  parameter: Parameter,
  velocity: Tensor,
  gradient: Tensor,
  options: { rate: Scalar; momentum: number },
): { parameter: Tensor; velocity: Tensor } {
  const { rate } = options;
  const momentum = tf.scalar(options.momentum);
  const nextVelocity = tf.add(tf.mul(velocity, momentum), gradient);
  const next = tf.sub(parameter.decayed, tf.mul(nextVelocity, rate));
  tell({
    op: 'ResourceApplyMomentum',
    variables: [
      { before: parameter.before, after: next },
      { before: velocity, after: nextVelocity },
    ],
    ...begun(parameter),
    inputs: [rate, gradient, momentum],
  });
  return { parameter: next, velocity: nextVelocity };
}

export interface AdamSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** What all parameters of a step have in common. */
export interface AdamClock {
  beta1: Scalar;
  beta2: Scalar;
  epsilon: Scalar;
  beta1Power: Scalar;
  beta2Power: Scalar;
  /** 1 − β1ᵗ, and the root of 1 − β2ᵗ. */
  meanCorrection: Scalar;
  rootCorrection: Scalar;
  /** ε times the root of 1 − β2ᵗ: TensorFlow's operation adds its ε before the correction. */
  earlyEpsilon: Scalar;
}

/** @param step steps taken, this one included */
export function adamClock(step: Scalar, settings: AdamSettings): AdamClock {
  const [beta1, beta2, epsilon] = [
    tf.scalar(settings.beta1),
    tf.scalar(settings.beta2),
    tf.scalar(settings.epsilon),
  ];
  const [beta1Power, beta2Power] = [tf.pow(beta1, step) as Scalar, tf.pow(beta2, step) as Scalar];
  const rootCorrection = tf.sqrt(tf.sub(tf.scalar(1), beta2Power)) as Scalar;
  return {
    beta1,
    beta2,
    epsilon,
    beta1Power,
    beta2Power,
    meanCorrection: tf.sub(tf.scalar(1), beta1Power) as Scalar,
    rootCorrection,
    earlyEpsilon: tf.mul(epsilon, rootCorrection) as Scalar,
  };
}

/**
 * A step of Adam (Kingma and Ba 2015). ε is added to the root of the corrected second moment, as in the paper and in
 * PyTorch.
 */
export function adamStep(
  parameter: Parameter,
  moments: { mean: Tensor; square: Tensor },
  gradient: Tensor,
  rate: Scalar,
  clock: AdamClock,
): { parameter: Tensor; mean: Tensor; square: Tensor } {
  const { beta1, beta2, epsilon, beta1Power, beta2Power, meanCorrection, rootCorrection } = clock;
  const rest = (beta: Scalar) => tf.sub(tf.scalar(1), beta);
  const mean = tf.add(tf.mul(moments.mean, beta1), tf.mul(gradient, rest(beta1)));
  const square = tf.add(tf.mul(moments.square, beta2), tf.mul(tf.square(gradient), rest(beta2)));
  const denominator = tf.add(tf.div(tf.sqrt(square), rootCorrection), epsilon);
  const change = tf.div(tf.mul(mean, tf.div(rate, meanCorrection)), denominator);
  const next = tf.sub(parameter.decayed, change);
  tell({
    op: 'ResourceApplyAdam',
    variables: [
      { before: parameter.before, after: next },
      { before: moments.mean, after: mean },
      { before: moments.square, after: square },
    ],
    ...begun(parameter),
    inputs: [beta1Power, beta2Power, rate, beta1, beta2, clock.earlyEpsilon, gradient],
  });
  return { parameter: next, mean, square };
}
