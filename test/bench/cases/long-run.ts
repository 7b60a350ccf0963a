/**
 * Does a long run keep its memory? Trains a small residual network for 1,000 steps, in which the heap of JavaScript
 * finds its size, then for 2,000 more, and prints how much resident memory those added.
 *
 * Run: node test/bench/cases/long-run.ts [steps]
 */
import {
  batchNormTraining,
  childSeed,
  compileProgram,
  conv2d,
  cropAndResize,
  dropout,
  globalAveragePool,
  gradients,
  normal,
  relu,
  seedOf,
  softmaxCrossEntropy,
  startTensorFlow,
  tf,
  uniform,
  type Entry,
  type State,
  type Tensor,
} from '../../../src/tensor/index.ts';
import { nativeBackend } from '../../../src/tensor/backend.ts';

const steps = Number(process.argv[2] ?? 2000);
const warmUp = 1000;
const batch = 32;
const channels = 8;

await startTensorFlow({ threads: 2 });
const seed = tf.tensor1d(seedOf(1, 0), 'int32');
const initial: State = {
  head: tf.mul(normal([channels, 10], seed), 0.1),
  'head/velocity': tf.zeros([channels, 10]),
};
for (const layer of ['stem', 'first', 'second']) {
  const shape = [3, 3, layer === 'stem' ? 3 : channels, channels];
  initial[layer] = tf.mul(normal(shape, childSeed(seed, layer)), 0.1);
  initial[`${layer}/velocity`] = tf.zeros(shape);
}

function network(p: State, views: Tensor, dropSeed: Tensor): Tensor {
  const ones = tf.ones([channels]);
  const zeros = tf.zeros([channels]);
  const layer = (name: string, x: Tensor) => batchNormTraining(conv2d(x, p[name]!), ones, zeros).y;
  const stem = relu(layer('stem', views));
  const block = relu(tf.add(stem, layer('second', relu(layer('first', stem)))));
  return tf.matMul(dropout(globalAveragePool(block), 0.1, dropSeed), p['head']!);
}

const train: Entry = {
  inputs: {
    images: { shape: [batch, 16, 16, 3], dtype: 'uint8' },
    classes: { shape: [batch], dtype: 'int32' },
    seed: { shape: [2], dtype: 'int32' },
  },
  run: (state, inputs) => {
    const corners = [
      uniform([batch, 2], inputs['seed']!, 0, 0.3),
      uniform([batch, 2], inputs['seed']!, 0.7, 1),
    ];
    const views = cropAndResize(
      inputs['images']!,
      tf.concat(corners, 1),
      tf.range(0, batch, 1, 'int32'),
      [16, 16],
    );
    const names = Object.keys(state).filter((name) => !name.endsWith('/velocity'));
    const { value, grads } = gradients(
      (p) => {
        const logits = network(p, tf.mul(views, 1 / 255), childSeed(inputs['seed']!, 'drop'));
        return { loss: tf.mean(softmaxCrossEntropy(logits, inputs['classes']!)) as never };
      },
      Object.fromEntries(names.map((name) => [name, state[name]!])),
    );
    const next: State = {};
    for (const name of names) {
      const velocity = tf.add(tf.mul(state[`${name}/velocity`]!, 0.9), grads[name]!);
      next[`${name}/velocity`] = velocity;
      next[name] = tf.sub(state[name]!, tf.mul(velocity, 0.01));
    }
    return { state: next, outputs: { loss: value } };
  },
};

const program = compileProgram(initial, { train });
const mebibytes = () => process.memoryUsage().rss / 2 ** 20;
const tensors = nativeBackend().binding.getNumOfTensors();
let settled = 0;
let peak = 0;
for (let step = 0; step < warmUp + steps; step++) {
  if (step === warmUp) settled = mebibytes();
  // A fresh batch each step, as from a file.
  const images = Uint8Array.from({ length: batch * 768 }, (_, index) => (index * 31 + step * 17) & 255);
  const classes = Int32Array.from({ length: batch }, (_, index) => (index + step) % 10);
  program.run('train', { images, classes, seed: seedOf(1, step) });
  if (step % 100 === 99) program.readState();
  if (step >= warmUp) peak = Math.max(peak, mebibytes());
}
console.log(
  JSON.stringify({
    settledMiB: settled,
    growthMiB: mebibytes() - settled,
    peakGrowthMiB: peak - settled,
    tensorsLeft: nativeBackend().binding.getNumOfTensors() - tensors,
  }),
);
