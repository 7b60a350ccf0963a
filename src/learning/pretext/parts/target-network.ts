/**
 * A target network: a second copy of encoder and heads that follows the trained one slowly.
 *
 * Tarvainen and Valpola 2017 (mean teacher), MoCo (He et al. 2020) and BYOL (Grill et al. 2020) train against
 * such a copy. Its weights are an exponential moving average of the trained ones, no gradient reaches it, and
 * all of it is kept in the buffers, under `target/…`, so that it is saved and resumed with the run.
 */
import { tf, withoutGradients, type Scalar, type State, type Tensor } from '../../../tensor/index.ts';
import type { Encoder, EncoderOutput } from '../../encoders/encoder.ts';
import {
  createPass,
  initialState,
  statisticsAfter,
  variable,
  type Layer,
  type Pass,
} from '../../layers/layer.ts';
import type { DataContext, RunLength, PretextStep } from '../task.ts';

const PREFIX = 'target/';

export interface TargetNetwork {
  /** Its first values, those of the trained network of the same seed: part of the task's buffers. */
  buffers(seed: number): State;
  /**
   * Moves the target a step towards the trained weights, and makes it ready to run.
   *
   * It is moved at the beginning of a step, towards the weights that the step before has left: the same
   * sequence as when it is moved behind every step of the optimizer. At the very first step it becomes equal
   * to the trained network, wherever that one's weights came from. Outside of training it stands still.
   *
   * @param momentum share of the target that is kept, a number or a float32 scalar
   */
  follow(step: PretextStep, momentum: Tensor | number): TargetPass;
}

/** The moved target during one step. No gradient flows through what it gives. */
export interface TargetPass {
  /** For heads: `head.apply(features, target.pass)`. */
  pass: Pass;
  /** Runs the target's encoder on normalised float32 input; called again, its statistics move on. */
  encode(x: Tensor): Omit<EncoderOutput, 'statistics'>;
  /** All of the target after this step, to be returned with the task's buffers. */
  buffers(): State;
}

/** @param network the encoder, and those heads of the task that the target has too (no predictor) */
export function targetNetwork(network: { encoder: Encoder; heads: readonly Layer[] }): TargetNetwork {
  const { encoder, heads } = network;
  const parameterSpecs = heads.flatMap((head) => head.parameters);
  const statisticSpecs = heads.flatMap((head) => head.statistics);
  const firstParameters = (seed: number) => ({
    ...encoder.parameters(seed),
    ...initialState(parameterSpecs, seed),
  });
  const firstStatistics = () => ({ ...encoder.statistics(), ...initialState(statisticSpecs, 0) });
  const names = namesOf(firstParameters, firstStatistics);
  return {
    buffers: (seed) => prefixed({ ...firstParameters(seed), ...firstStatistics() }),
    follow(step, momentum) {
      const { parameters, statistics } = withoutGradients(() => moved(step, names(), momentum));
      const { seed } = step;
      const pass = createPass({ parameters, statistics }, step.training, { seed, pass: 'target/heads' });
      let passes = 0;
      let encoderStatistics = statistics;
      return {
        pass,
        encode(x) {
          const { statistics: next, ...output } = encoder.apply(
            { parameters, statistics: encoderStatistics },
            x,
            { training: step.training, random: { seed, pass: `target/encoder/${passes++}` } },
          );
          encoderStatistics = { ...encoderStatistics, ...next };
          return output;
        },
        buffers: () =>
          prefixed({ ...parameters, ...encoderStatistics, ...statisticsAfter(pass, statisticSpecs) }),
      };
    },
  };
}

/** The names of all variables, found out once and only when they are needed. */
function namesOf(parameters: (seed: number) => State, statistics: () => State) {
  let names: { parameters: string[]; statistics: string[] } | undefined;
  return () => {
    names ??= { parameters: takeNames(parameters(0)), statistics: takeNames(statistics()) };
    return names;
  };
}

function takeNames(state: State): string[] {
  for (const tensor of Object.values(state)) tensor.dispose();
  return Object.keys(state);
}

function moved(
  step: PretextStep,
  names: { parameters: string[]; statistics: string[] },
  momentum: Tensor | number,
): { parameters: State; statistics: State } {
  const { buffers, parameters, pass, training, progress } = step;
  const target = (name: string) => variable(buffers, PREFIX + name);
  const each = (list: string[], value: (name: string) => Tensor) =>
    Object.fromEntries(list.map((name) => [name, value(name)]));
  if (!training)
    return { parameters: each(names.parameters, target), statistics: each(names.statistics, target) };
  const started = tf.cast(tf.greater(progress, 0), 'float32');
  const towards = (from: Tensor, to: Tensor, share: Tensor) => tf.add(from, tf.mul(tf.sub(to, from), share));
  // Before the first step the whole way is gone.
  const share = tf.sub(1, tf.mul(momentum, started));
  return {
    parameters: each(names.parameters, (name) => towards(target(name), variable(parameters, name), share)),
    statistics: each(names.statistics, (name) =>
      towards(target(name), variable(pass.statistics, name), tf.sub(1, started)),
    ),
  };
}

const prefixed = (state: State): State =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [PREFIX + name, value]));

/**
 * Momentum that rises from `start` to 1 along half a cosine, as in BYOL.
 *
 * @param progress share of the run that is done, float32 scalar from 0 to 1
 */
export function cosineMomentum(start: number, progress: Tensor): Scalar {
  return tf.tidy(() => {
    const open = tf.mul(tf.add(tf.cos(tf.mul(progress, Math.PI)), 1), (1 - start) / 2);
    return tf.sub(1, open) as Scalar;
  });
}

/**
 * A first momentum that suits the length of a run: a target that needs more steps than there are to move away
 * from its random beginning teaches nothing. 0.996 (BYOL's and DINO's) from 1,250 steps on, 0.99 at 500.
 *
 * @param proposed how long the run is where nothing else is known of it
 */
export function suitableMomentum(
  { sampleCount, runLength }: Pick<DataContext, 'sampleCount' | 'runLength'>,
  proposed: RunLength,
): number {
  const { epochs, batchSize } = runLength ?? proposed;
  const steps = epochs * Math.max(1, Math.floor(sampleCount / batchSize));
  return Math.round(1000 * Math.min(0.996, Math.max(0.5, 1 - 5 / steps))) / 1000;
}
