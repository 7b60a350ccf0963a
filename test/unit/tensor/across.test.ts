/**
 * What looks across processes, with a group of one: the operations are TensorFlow's own, and what comes out must be what
 * the plain operations give. Groups of two are in test/integration/together.test.ts.
 */
import { expect, it } from 'vitest';
import {
  asShare,
  batchNormTraining,
  compileProgram,
  gradients,
  meansOfLarge,
  ownRows,
  sumOfBatch,
  tf,
  wholeBatch,
  type Scalar,
  type State,
  type Tensor,
} from '../../../src/tensor/index.ts';
import './helpers.ts';

const alone = { processes: 1, rank: 0, samples: 4 };
const values = (size: number, factor: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(factor * i + 1) + 0.3 * i);

/** Loss and gradients, compiled, of a function of parameters, as a share and as a whole. */
function bothWays(initial: State, loss: (parameters: State) => Tensor) {
  const entry = (share: typeof alone | null) => ({
    inputs: {},
    run: (state: State) =>
      asShare(share, () => {
        const { value, grads } = gradients((parameters) => ({ loss: loss(parameters) as Scalar }), state);
        return { state: {}, outputs: { loss: value as Tensor, ...meansOfLarge(grads) } };
      }),
  });
  const program = compileProgram(initial, { whole: entry(null), share: entry(alone) });
  const found = { whole: program.run('whole', {}), share: program.run('share', {}) };
  program.dispose();
  return found;
}

function expectAlike({ whole, share }: ReturnType<typeof bothWays>) {
  expect(Object.keys(share)).toEqual(Object.keys(whole));
  for (const [name, expected] of Object.entries(whole))
    expected.forEach((value, i) => expect(share[name]![i]!, `${name} ${i}`).toBeCloseTo(value, 4));
}

it('normalises by the statistics of all, with the gradients of the plain batch norm', () => {
  const initial = {
    x: tf.tensor(values(24, 1.7), [4, 2, 3]),
    scale: tf.tensor1d([1.5, 0.5, -1]),
    offset: tf.tensor1d([0.1, 0.2, 0.3]),
  };
  const moving = () => ({ mean: tf.tensor1d([1, 2, 3]), variance: tf.tensor1d([1, 2, 3]), share: 0.1 });
  expectAlike(
    bothWays(initial, ({ x, scale, offset }) => {
      const { y, mean, variance } = batchNormTraining(x!, scale!, offset!, 1e-5, moving());
      const weights = tf.tensor(values(24, 0.9), [4, 2, 3]);
      return tf.add(tf.sum(tf.mul(tf.square(y), weights)), tf.sum(tf.add(mean, variance)));
    }),
  );
});

it('gathers rows and sums, through which gradients come back', () => {
  const initial = { x: tf.tensor(values(24, 1.1), [8, 3]) };
  expectAlike(
    bothWays(initial, ({ x }) => {
      const all = wholeBatch(x!);
      const products = tf.matMul(all, all, false, true);
      const own = ownRows(tf.softmax(products as never));
      return tf.div(sumOfBatch(tf.mul(own, tf.range(0, 8))), tf.add(sumOfBatch(tf.square(x!)), 1));
    }),
  );
});
