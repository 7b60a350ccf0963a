import {
  batchNormInference,
  batchNormTraining,
  childSeed,
  colorMatrix,
  conv1d,
  conv2d,
  conv2dTranspose,
  cropAndResize,
  dropout,
  gelu,
  globalAveragePool,
  gradients,
  integers,
  l2Normalize,
  layerNorm,
  maxPool2d,
  normal,
  permutation,
  projectiveTransform,
  relu,
  seedOf,
  softmaxCrossEntropy,
  softmaxCrossEntropySoft,
  stopGradient,
  tf,
  toFloat,
  uniform,
  type Entry,
  type State,
  type Tensor,
  type TensorSpec,
} from '../../../src/tensor/index.ts';
import { tensor } from './helpers.ts';

const image: TensorSpec = { shape: [4, 6, 6, 3], dtype: 'uint8' };
const seedSpec: TensorSpec = { shape: [2], dtype: 'int32' };

/** A model that uses every kernel, with state of all types, and entries that share it. */
export function everything(): { initial: State; entries: Record<string, Entry> } {
  const initial: State = {
    'model/kernel': tensor([3, 3, 3, 5]),
    'model/signal': tensor([3, 5, 5], -1, 1, 3),
    'model/up': tensor([2, 2, 2, 5]),
    'model/scale': tensor([5], 0.5, 1.5),
    'model/offset': tensor([5]),
    'model/head': tensor([5, 4]),
    'buffers/mean': tf.zeros([5]),
    'buffers/queue': tensor([8, 5], -1, 1, 11),
    'buffers/steps': tf.scalar(0, 'int32'),
    'buffers/flag': tf.tensor1d([true, false], 'bool'),
  };
  const network = (p: State, images: Tensor, seed: Tensor) => {
    const norm = batchNormTraining(conv2d(images, p['model/kernel']!), p['model/scale']!, p['model/offset']!);
    let h: Tensor = maxPool2d(gelu(relu(norm.y)), 2);
    const up = conv2dTranspose(h, p['model/up']!, 2);
    h = conv1d(tf.reshape(h, [h.shape[0]!, 9, 5]), p['model/signal']!, 2);
    h = batchNormInference(h, p['model/scale']!, p['model/offset']!, norm.mean, norm.variance);
    h = layerNorm(h, p['model/scale']!, p['model/offset']!);
    const features = l2Normalize(dropout(globalAveragePool(h), 0.2, seed));
    return { features, up, mean: norm.mean, logits: tf.matMul(features, p['model/head']!) };
  };
  const train = (batch: number): Entry => ({
    inputs: {
      images: { ...image, shape: [batch, 6, 6, 3] },
      classes: { shape: [batch], dtype: 'int32' },
      seed: seedSpec,
      rate: { shape: [], dtype: 'float32' },
      some: { shape: [batch], dtype: 'bool' },
    },
    run: (state, inputs) => {
      const names = Object.keys(state).filter((name) => name.startsWith('model/'));
      const { value, grads, extra } = gradients(
        (p) => {
          const out = network(p, toFloat(inputs.images!, 1 / 255), childSeed(inputs.seed!, 'dropout'));
          const losses = [
            tf.mean(
              tf.where(inputs.some!, softmaxCrossEntropy(out.logits, inputs.classes!), tf.zeros([batch])),
            ),
            tf.mean(softmaxCrossEntropySoft(out.logits, stopGradient(tf.softmax(out.logits)))),
            tf.mean(tf.square(tf.matMul(out.features, state['buffers/queue']!, false, true))),
            tf.mean(tf.abs(out.up)),
          ];
          return { loss: tf.addN(losses) as never, mean: out.mean, features: out.features };
        },
        Object.fromEntries(names.map((name) => [name, state[name]!])),
      );
      const next: State = Object.fromEntries(
        names.map((name) => [name, tf.sub(state[name]!, tf.mul(grads[name]!, inputs.rate!))]),
      );
      next['buffers/mean'] = tf.add(tf.mul(state['buffers/mean']!, 0.9), tf.mul(extra.mean, 0.1));
      next['buffers/queue'] = tf.slice(
        tf.concat([extra.features, state['buffers/queue']!], 0),
        [0, 0],
        [8, 5],
      );
      next['buffers/steps'] = tf.add(state['buffers/steps']!, tf.scalar(1, 'int32'));
      next['buffers/flag'] = tf.logicalNot(state['buffers/flag']!);
      return {
        state: next,
        outputs: {
          loss: value,
          before: state['buffers/steps']!,
          best: tf.argMax(extra.features, 1),
          flag: state['buffers/flag']!,
        },
      };
    },
  });
  const views: Entry = {
    inputs: { images: image, seed: seedSpec },
    run: (_, { images, seed }) => {
      const boxes = tf.concat(
        [uniform([4, 2], seed!, 0, 0.3), uniform([4, 2], childSeed(seed!, 'far'), 0.6, 1)],
        1,
      );
      const crops = cropAndResize(images!, boxes, tf.range(0, 4, 1, 'int32'), [5, 5]);
      const moves = tf.concat([tf.ones([4, 1]), uniform([4, 5], seed!, -0.2, 0.2), tf.zeros([4, 2])], 1);
      const moved = projectiveTransform(crops, moves, [5, 5], 'bilinear', 'reflect');
      const coloured = colorMatrix(moved, normal([4, 3, 3], seed!), normal([4, 3], seed!));
      const parts = tf.split(coloured, 5, 1);
      const stacked = tf.stack([parts[0]!, parts[3]!, tf.tile(parts[1]!, [1, 1, 1, 1])], 1);
      return {
        state: {},
        outputs: {
          coloured,
          stacked: tf.cumsum(
            tf.pad(tf.squeeze(stacked), [
              [0, 0],
              [1, 0],
              [0, 0],
              [0, 0],
            ]),
            2,
          ),
          order: permutation(9, seed!),
          numbers: integers([6], seed!, -3, 9),
          top: tf.topk(tf.reshape(moved, [4, 75]), 3).indices,
          oneHot: tf.oneHot(integers([3], seed!, 0, 4), 4),
          turned: tf.transpose(images!, [0, 2, 1, 3]),
          bright: tf.any(tf.greater(coloured, 0.5), -1),
          gathered: tf.gather(images!, tf.tensor1d([3, 0], 'int32')),
        },
      };
    },
  };
  return { initial, entries: { train: train(4), 'train last': train(3), views } };
}

/** What the entry `train` is called with in a step. */
export const inputs = (batch: number, step: number) => ({
  images: Uint8Array.from({ length: batch * 108 }, (_, i) => (i * 31 + step * 17) % 256),
  classes: Int32Array.from({ length: batch }, (_, i) => (i + step) % 4),
  seed: seedOf(5, step),
  rate: 0.1,
  some: Uint8Array.from({ length: batch }, (_, i) => (i % 3 === 0 ? 0 : 1)),
});
