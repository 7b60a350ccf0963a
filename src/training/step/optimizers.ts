/**
 * Optimizers as pure functions over named tensors: parameters, gradients and slots go in, new ones come out.
 */
import {
  adamClock,
  adamStep,
  momentumStep,
  tf,
  type Scalar,
  type State,
  type Tensor,
} from '../../tensor/index.ts';

export interface OptimizerOptions {
  kind: 'adamw' | 'momentum' | 'lars';
  weightDecay: number;
  /** Factor on the learning rate by parameter name (layer-wise decay); 1 where it names nothing. */
  learningRateScales?: Record<string, number>;
}

export interface OptimizerUpdate {
  parameters: State;
  slots: State;
}

export interface Optimizer {
  /** Slots for these parameters, all zero: to be kept with them. */
  slots(parameters: State): State;
  /** `learningRate` is a float32 scalar. Only parameters named in `gradients` move. */
  update(parameters: State, gradients: State, slots: State, learningRate: Scalar): OptimizerUpdate;
}

const MOMENTUM = 0.9;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;
const TRUST = 1e-3;
const STEP_SLOT = 'optimizer/step';

/** Kernels are decayed; biases, offsets, scales and single tokens are not (a decay there only harms batch norm). */
function isDecayed(parameter: Tensor): boolean {
  return parameter.rank >= 2;
}

/**
 * `adamw`: Adam with decoupled weight decay (Loshchilov and Hutter 2019), β1 0.9, β2 0.999, ε 1e-8, as in
 * PyTorch: decay is `learningRate · weightDecay · parameter`.
 * `momentum`: SGD with momentum 0.9 and the same decoupled decay.
 * `lars`: layer-wise adaptive rates (You et al. 2017), momentum 0.9, trust coefficient 0.001, as in LightlySSL:
 * a kernel's decayed gradient is scaled by the length of the kernel through that of the gradient; biases and
 * norms get plain momentum.
 */
export function createOptimizer(options: OptimizerOptions): Optimizer {
  if (options.kind === 'adamw') return adamW(options);
  return options.kind === 'lars' ? lars(options) : momentum(options);
}

/** Learning rate of one parameter, or null where the scale is zero and it stands still. */
function rateOf(name: string, learningRate: Scalar, options: OptimizerOptions): Scalar | null {
  const scale = options.learningRateScales?.[name] ?? 1;
  if (scale === 0) return null;
  return scale === 1 ? learningRate : tf.mul(learningRate, tf.scalar(scale));
}

function decayed(parameter: Tensor, rate: Scalar, weightDecay: number): Tensor {
  if (weightDecay === 0 || !isDecayed(parameter)) return parameter;
  return tf.mul(parameter, tf.sub(tf.scalar(1), tf.mul(rate, tf.scalar(weightDecay))));
}

const velocityName = (name: string) => `optimizer/momentum/${name}`;
const velocities = (parameters: State): State =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [velocityName(name), tf.zerosLike(value)]),
  );

function lars(options: OptimizerOptions): Optimizer {
  return {
    slots: velocities,
    update(parameters, gradients, slots, learningRate) {
      const next: OptimizerUpdate = { parameters: {}, slots: {} };
      for (const [name, gradient] of Object.entries(gradients)) {
        const parameter = parameters[name]!;
        const change = isDecayed(parameter) ? trusted(parameter, gradient, options.weightDecay) : gradient;
        const velocity = tf.add(tf.mul(slots[velocityName(name)]!, tf.scalar(MOMENTUM)), change);
        next.slots[velocityName(name)] = velocity;
        const rate = rateOf(name, learningRate, options);
        if (rate) next.parameters[name] = tf.sub(parameter, tf.mul(velocity, rate));
      }
      return next;
    },
  };
}

/** The decayed gradient, scaled by equation 6 of the paper; as it is where one of the two has no length. */
function trusted(parameter: Tensor, gradient: Tensor, weightDecay: number): Tensor {
  const length = (x: Tensor) => tf.sqrt(tf.sum(tf.square(x)));
  const [own, slope] = [length(parameter), length(gradient)];
  const decay = tf.scalar(weightDecay);
  const ratio = tf.div(
    tf.mul(own, tf.scalar(TRUST)),
    tf.add(tf.add(slope, tf.mul(own, decay)), tf.scalar(EPSILON)),
  );
  const some = tf.cast(tf.greater(tf.mul(own, slope), 0), 'float32');
  const scaled = tf.mul(tf.add(gradient, tf.mul(parameter, decay)), ratio);
  return tf.add(tf.mul(scaled, some), tf.mul(gradient, tf.sub(tf.scalar(1), some)));
}

function momentum(options: OptimizerOptions): Optimizer {
  return {
    slots: velocities,
    update(parameters, gradients, slots, learningRate) {
      const next: OptimizerUpdate = { parameters: {}, slots: {} };
      for (const [name, gradient] of Object.entries(gradients)) {
        const rate = rateOf(name, learningRate, options);
        const before = parameters[name]!;
        const velocity = slots[velocityName(name)]!;
        const moved = momentumStep(
          { before, decayed: rate ? decayed(before, rate, options.weightDecay) : before },
          velocity,
          gradient,
          { rate: rate ?? tf.scalar(0), momentum: MOMENTUM },
        );
        next.slots[velocityName(name)] = moved.velocity;
        if (rate) next.parameters[name] = moved.parameter;
      }
      return next;
    },
  };
}

function adamW(options: OptimizerOptions): Optimizer {
  const mean = (name: string) => `optimizer/mean/${name}`;
  const square = (name: string) => `optimizer/square/${name}`;
  return {
    slots(parameters) {
      const slots: State = { [STEP_SLOT]: tf.scalar(0) };
      for (const [name, value] of Object.entries(parameters)) {
        slots[mean(name)] = tf.zerosLike(value);
        slots[square(name)] = tf.zerosLike(value);
      }
      return slots;
    },
    update(parameters, gradients, slots, learningRate) {
      const step = tf.add(slots[STEP_SLOT]!, tf.scalar(1)) as Scalar;
      const next: OptimizerUpdate = { parameters: {}, slots: { [STEP_SLOT]: step } };
      const clock = adamClock(step, { beta1: BETA1, beta2: BETA2, epsilon: EPSILON });
      for (const [name, gradient] of Object.entries(gradients)) {
        const rate = rateOf(name, learningRate, options);
        const before = parameters[name]!;
        const moved = adamStep(
          { before, decayed: rate ? decayed(before, rate, options.weightDecay) : before },
          { mean: slots[mean(name)]!, square: slots[square(name)]! },
          gradient,
          rate ?? tf.scalar(0),
          clock,
        );
        next.slots[mean(name)] = moved.mean;
        next.slots[square(name)] = moved.square;
        if (rate) next.parameters[name] = moved.parameter;
      }
      return next;
    },
  };
}
