/** A training step and nothing else: an encoder, a linear head for ten classes, SGD with momentum. */
import type { Encoder } from '../../../src/learning/encoders/encoder.ts';
import { linearHead } from '../../../src/learning/layers/dense.ts';
import { createPass, initialState } from '../../../src/learning/layers/layer.ts';
import {
  atPrecision,
  childSeed,
  compileProgram,
  gradients,
  seedOf,
  softmaxCrossEntropy,
  tf,
  type Entry,
  type Precision,
  type Scalar,
  type State,
} from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/step/optimizers.ts';
import { pick } from '../../../src/training/step/program.ts';
import { noiseBytes, parameterCount } from './network.ts';

const CLASSES = 10;

export interface ClassifierStep {
  /** Trainable numbers. */
  parameters: number;
  run(count: number): void;
}

/**
 * @param shape of one sample
 * @param batch samples of a step, the same in every one
 */
export function prepareClassifierStep(
  encoder: Encoder,
  shape: readonly number[],
  batch: number,
  precision: Precision,
): ClassifierStep {
  const { initial, entry, count } = design(encoder, [batch, ...shape], precision);
  const program = compileProgram(initial, { train: entry });
  const size = shape.reduce((product, side) => product * side, batch);
  const samples = Float32Array.from(noiseBytes(size), (byte) => byte / 128 - 1);
  const classes = Int32Array.from({ length: batch }, (_, index) => index % CLASSES);
  return {
    parameters: count,
    run(steps) {
      for (let step = 0; step < steps; step++)
        program.run('train', { samples, classes, seed: seedOf(1, step), learningRate: 0.01 });
    },
  };
}

function design(encoder: Encoder, shape: number[], precision: Precision) {
  const head = linearHead('head', encoder.featureCount, CLASSES);
  const optimizer = createOptimizer({ kind: 'momentum', weightDecay: 0 });
  const parameters = { ...encoder.parameters(1), ...initialState(head.parameters, 1) };
  const statistics = encoder.statistics();
  const slots = optimizer.slots(parameters);
  const entry: Entry = {
    inputs: {
      samples: { shape, dtype: 'float32' },
      classes: { shape: [shape[0]!], dtype: 'int32' },
      seed: { shape: [2], dtype: 'int32' },
      learningRate: { shape: [], dtype: 'float32' },
    },
    run(state, given) {
      const moving = pick(state, Object.keys(statistics));
      const weights = pick(state, Object.keys(parameters));
      const forward = (own: State) => {
        const layers = { parameters: own, statistics: moving };
        const random = { seed: childSeed(given['seed']!, 'dropout'), pass: 'encoder' };
        const encoded = encoder.apply(layers, given['samples']!, { training: true, random });
        const logits = head.apply(encoded.features, createPass(layers, true));
        const loss = tf.mean(softmaxCrossEntropy(logits, given['classes']!)) as Scalar;
        return { loss, statistics: encoded.statistics };
      };
      const { value, grads, extra } = atPrecision(precision, () => gradients(forward, weights));
      const rate = given['learningRate'] as Scalar;
      const next = optimizer.update(weights, grads, pick(state, Object.keys(slots)), rate);
      return {
        state: { ...next.parameters, ...next.slots, ...extra.statistics },
        outputs: { loss: value },
      };
    },
  };
  return {
    initial: { ...parameters, ...statistics, ...slots },
    entry,
    count: parameterCount(parameters),
  };
}
