/**
 * Random numbers without a state: the same seed gives the same numbers, on every run, eager or compiled.
 *
 * A seed is an int32 tensor [2]. A step gets one from `seedOf(run, step)` and derives an independent one for
 * each purpose with `childSeed(seed, 'flip')`; two draws from one seed give the same numbers.
 * The generator is TensorFlow's Philox (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 *
 * Where a process computes a share of a batch, what is drawn for its rows are those of the draw for the whole batch.
 */
import { ownRows } from './kernels/across.ts';
import { attribute, runNative } from './native.ts';
import { layoutOf, presentShare } from './share.ts';
import { tf, type Tensor } from './tf.ts';

const seedType = [attribute.type('T', 'int32'), attribute.type('Tseed', 'int32')];
const floatDraw = [attribute.type('dtype', 'float32'), ...seedType];
const integerDraw = [attribute.type('dtype', 'int32'), ...seedType];

/** The seed of one step of one run, as plain numbers: what a program takes as its `seed` input. */
export function seedOf(run: number, step: number): Int32Array {
  return Int32Array.of(run | 0, step | 0);
}

/**
 * A seed for one purpose, whose stream has nothing to do with those of other labels or of the parent.
 *
 * The label is hashed into the key of the generator, whose output is the child.
 */
export function childSeed(seed: Tensor, label: string): Tensor {
  return tf.tidy(() => {
    const mixed = runNative(
      'BitwiseXor',
      [attribute.type('T', 'int32')],
      [seed, tf.tensor1d(hashLabel(label), 'int32')],
    );
    return draw('StatelessRandomUniformFullInt', integerDraw, [2], mixed);
  });
}

/** Uniform float32 numbers from `min` (included) to `max` (excluded). */
export function uniform(shape: number[], seed: Tensor, min = 0, max = 1): Tensor {
  return tf.tidy(() => {
    const unit = drawRows('StatelessRandomUniform', floatDraw, shape, seed);
    return min === 0 && max === 1 ? unit : tf.add(tf.mul(unit, max - min), min);
  });
}

/** Numbers with a normal distribution of mean 0 and variance 1, float32. */
export function normal(shape: number[], seed: Tensor): Tensor {
  return drawRows('StatelessRandomNormal', floatDraw, shape, seed);
}

/** Whole numbers from `min` (included) to `max` (excluded), int32. */
export function integers(shape: number[], seed: Tensor, min: number, max: number): Tensor {
  return tf.tidy(() => {
    const limits = [tf.scalar(min, 'int32'), tf.scalar(max, 'int32')];
    return drawRows('StatelessRandomUniformInt', integerDraw, shape, seed, limits);
  });
}

/** The numbers 0 … count − 1 in random order, int32 [count]. */
export function permutation(count: number, seed: Tensor): Tensor {
  return tf.tidy(() => {
    const keys = draw('StatelessRandomUniform', floatDraw, [count], seed);
    return tf.topk(keys, count, true).indices;
  });
}

type Drawing = [op: string, attributes: typeof floatDraw, shape: number[], seed: Tensor, limits?: Tensor[]];

function draw(...[op, attributes, shape, seed, limits = []]: Drawing): Tensor {
  return tf.tidy(() => runNative(op, attributes, [tf.tensor1d(shape, 'int32'), seed, ...limits]));
}

/** A draw for rows of samples: of a share of a batch those of the draw for the whole one. */
function drawRows(...[op, attributes, shape, seed, limits]: Drawing): Tensor {
  const [count, ...row] = shape;
  const share = presentShare();
  if (!share || count === undefined || !layoutOf(count)) return draw(op, attributes, shape, seed, limits);
  const whole = [count * share.processes, ...row];
  return tf.tidy(() => ownRows(draw(op, attributes, whole, seed, limits)));
}

/** Two 32-bit numbers from a text (FNV-1a, two bases, then the finish of MurmurHash3). */
function hashLabel(label: string): number[] {
  return [0x811c9dc5, 0x9e3779b9].map((base) => {
    let hash = base;
    for (const byte of Buffer.from(label, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) | 0;
  });
}
