/** Trains a small residual network for 30 steps and prints the SHA-256 of its state, and its last loss. */
import { createHash } from 'node:crypto';
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
} from '../../../src/tensor/index.ts';

await startTensorFlow({ threads: 2 });
const start = tf.tensor1d(seedOf(1, 0), 'int32');
const weights = (name: string, shape: number[]) => tf.mul(normal(shape, childSeed(start, name)), 0.15);
const channels = 16;
const initial: State = { head: weights('head', [channels, 10]) };
for (const layer of ['stem', 'first', 'second']) {
  initial[`${layer}/kernel`] = weights(layer, [3, 3, layer === 'stem' ? 3 : channels, channels]);
  initial[`${layer}/scale`] = tf.ones([channels]);
  initial[`${layer}/offset`] = tf.zeros([channels]);
}
const train: Entry = {
  inputs: {
    images: { shape: [64, 20, 20, 3], dtype: 'uint8' },
    classes: { shape: [64], dtype: 'int32' },
    seed: { shape: [2], dtype: 'int32' },
  },
  run: (state, { images, classes, seed }) => {
    const corners = [uniform([64, 2], seed!, 0, 0.3), uniform([64, 2], childSeed(seed!, 'ends'), 0.7, 1)];
    const views = cropAndResize(images!, tf.concat(corners, 1), tf.range(0, 64, 1, 'int32'), [16, 16]);
    const { value, grads } = gradients((p) => {
      const layer = (name: string, x: typeof views) =>
        batchNormTraining(conv2d(x, p[`${name}/kernel`]!), p[`${name}/scale`]!, p[`${name}/offset`]!).y;
      const stem = relu(layer('stem', tf.mul(views, 1 / 255)));
      const block = relu(tf.add(stem, layer('second', relu(layer('first', stem)))));
      const logits = tf.matMul(dropout(globalAveragePool(block), 0.1, childSeed(seed!, 'drop')), p['head']!);
      return { loss: tf.mean(softmaxCrossEntropy(logits, classes!)) as never };
    }, state);
    const next = Object.fromEntries(
      Object.entries(state).map(([name, old]) => [name, tf.sub(old, tf.mul(grads[name]!, 0.1))]),
    );
    return { state: next, outputs: { loss: value } };
  },
};
const program = compileProgram(initial, { train });
let loss = 0;
for (let step = 0; step < 30; step++) {
  const images = Uint8Array.from(
    { length: 64 * 1200 },
    (_, i) => (Math.imul(i + step * 7919, 2654435761) >>> 24) & 255,
  );
  const classes = Int32Array.from({ length: 64 }, (_, i) => (i * 7 + step) % 10);
  loss = program.run('train', { images, classes, seed: seedOf(1, step) })['loss']![0]!;
}
const hash = createHash('sha256');
for (const { values } of Object.values(program.readState())) hash.update(new Uint8Array(values.buffer));
console.log(hash.digest('hex'), loss);
