/** A training step and nothing else: residual network, ten classes, SGD with momentum. */
import { linearHead } from '../../../src/learning/layers/dense.ts';
import { createPass, initialState } from '../../../src/learning/layers/layer.ts';
import {
  atPrecision,
  compileProgram,
  gradients,
  softmaxCrossEntropy,
  startTensorFlow,
  tf,
  type Entry,
  type Precision,
  type Program,
  type Scalar,
  type State,
} from '../../../src/tensor/index.ts';
import { createOptimizer } from '../../../src/training/step/optimizers.ts';
import { precisionOf } from '../../../src/training/step/precision.ts';
import { pick } from '../../../src/training/step/program.ts';
import { serve } from '../protocol.ts';
import { benchEncoder, imageShape, noiseBytes, parameterCount } from './network.ts';

const CLASSES = 10;

interface Options {
  width: number;
  batch: number;
  /** Products in 16 bits: bfloat16 on a processor, float16 on a GPU. */
  mixed?: boolean;
}

let program: Program;
let inputs: Record<string, Float32Array | Int32Array | number>;

await serve<Options>({
  async start({ width, batch, mixed = false }) {
    const { device } = await startTensorFlow();
    const precision = precisionOf(mixed ? 'mixed' : 'float32', device);
    const { initial, entry, count } = design(width, batch, precision);
    program = compileProgram(initial, { train: entry });
    const images = Float32Array.from(noiseBytes(batch * 32 * 32 * 3), (byte) => byte / 128 - 1);
    const classes = Int32Array.from({ length: batch }, (_, index) => index % CLASSES);
    inputs = { images, classes, learningRate: 0.01 };
    return { parameters: count };
  },
  async run(count) {
    for (let step = 0; step < count; step++) program.run('train', inputs);
  },
});

function design(width: number, batch: number, precision: Precision) {
  const encoder = benchEncoder(width);
  const head = linearHead('head', encoder.featureCount, CLASSES);
  const optimizer = createOptimizer({ kind: 'momentum', weightDecay: 0 });
  const parameters = { ...encoder.parameters(1), ...initialState(head.parameters, 1) };
  const statistics = encoder.statistics();
  const slots = optimizer.slots(parameters);
  const entry: Entry = {
    inputs: {
      images: { shape: [batch, ...imageShape], dtype: 'float32' },
      classes: { shape: [batch], dtype: 'int32' },
      learningRate: { shape: [], dtype: 'float32' },
    },
    run(state, given) {
      const moving = pick(state, Object.keys(statistics));
      const weights = pick(state, Object.keys(parameters));
      const forward = (own: State) => {
        const layers = { parameters: own, statistics: moving };
        const encoded = encoder.apply(layers, given['images']!, { training: true });
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
