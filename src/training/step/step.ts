/**
 * What every step of training does around its loss: precision, loss scaling, gradient accumulation, optimizer.
 *
 * A step may be taken over several micro-batches: all but the last only add up their gradients (`accumulate`), the
 * last one moves the weights by the mean of all (`take`). Where several processes share a batch, by the mean of all of
 * theirs.
 */
import {
  atPrecision,
  gradients,
  meansOfLarge,
  tf,
  type Precision,
  type Scalar,
  type State,
  type Tensor,
} from '../../tensor/index.ts';
import { allFinite, lossScale, nextScaling, scalingSlots, unlessSkipped, unscaled } from './loss-scaling.ts';
import type { Optimizer } from './optimizers.ts';

export interface TrainingStepOptions {
  optimizer: Optimizer;
  precision?: Precision;
  /** Micro-batches of one step. */
  accumulation?: number;
}

/** What a step is taken on. */
export interface StepInput<Extra extends object> {
  loss(parameters: State): { loss: Scalar } & Extra;
  /** The parameters that move. */
  parameters: State;
  slots: State;
}

export interface TrainingStep {
  /** Everything that is kept from step to step, as training begins. */
  slots(parameters: State): State;
  /** Adds the gradients of one micro-batch to those before; new slots come back. */
  accumulate<Extra extends object>(input: StepInput<Extra>): { value: Scalar; extra: Extra; slots: State };
  /** Moves the weights; new parameters and slots come back together. `metrics` tell of the loss scaling. */
  take<Extra extends object>(
    input: StepInput<Extra>,
    learningRate: Scalar,
  ): { value: Scalar; extra: Extra; state: State; metrics: Record<string, Tensor> };
}

const sumName = (name: string) => `optimizer/sum/${name}`;

export function createTrainingStep(options: TrainingStepOptions): TrainingStep {
  const { optimizer, precision = 'float32', accumulation = 1 } = options;
  const scaled = precision === 'float16';

  /** Gradients of the scaled loss, with those of earlier micro-batches; the value is that of the loss itself. */
  const differentiate = <Extra extends object>({ loss, parameters, slots }: StepInput<Extra>) => {
    const { value, grads, extra } = atPrecision(precision, () =>
      gradients((moving) => {
        const result = loss(moving);
        return scaled ? { ...result, loss: tf.mul(result.loss, lossScale(slots)) as Scalar } : result;
      }, parameters),
    );
    const sums =
      accumulation === 1
        ? grads
        : Object.fromEntries(
            Object.entries(grads).map(([name, gradient]) => [name, tf.add(slots[sumName(name)]!, gradient)]),
          );
    const own = scaled ? (tf.div(value, lossScale(slots)) as Scalar) : value;
    return { value: own, sums, extra: extra as unknown as Extra };
  };

  const emptySums = (parameters: State): State =>
    accumulation === 1
      ? {}
      : Object.fromEntries(
          Object.entries(parameters).map(([name, value]) => [sumName(name), tf.zerosLike(value)]),
        );

  return {
    slots: (parameters) => ({
      ...optimizer.slots(parameters),
      ...(scaled ? scalingSlots() : {}),
      ...emptySums(parameters),
    }),
    accumulate(input) {
      const { value, sums, extra } = differentiate(input);
      const slots = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [sumName(name), sum]));
      return { value, extra, slots };
    },
    take(input, learningRate) {
      const { parameters, slots } = input;
      const { value, sums: shared, extra } = differentiate(input);
      const sums = meansOfLarge(shared);
      const own = scaled ? unscaled(sums, lossScale(slots)) : sums;
      const grads = accumulation === 1 ? own : mean(own, accumulation);
      const next = optimizer.update(parameters, grads, slots, learningRate);
      const state: State = { ...next.parameters, ...next.slots };
      const cleared = emptySums(parameters);
      if (!scaled) return { value, extra, state: { ...state, ...cleared }, metrics: {} as Metrics };
      const good = allFinite(sums);
      const kept = unlessSkipped(good, state, { ...parameters, ...slots });
      const metrics: Metrics = {
        lossScale: lossScale(slots),
        skipped: tf.sub(tf.scalar(1), tf.cast(good, 'float32')),
      };
      return { value, extra, state: { ...kept, ...nextScaling(good, slots), ...cleared }, metrics };
    },
  };
}

type Metrics = Record<string, Tensor>;

const mean = (sums: State, count: number): State =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, tf.mul(sum, 1 / count)]));
