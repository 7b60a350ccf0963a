/** Cholesky's triangular root of a symmetric matrix, inverted: what whitening multiplies by. */
import { attribute, defineNative, floatType, runNative } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';
import { unitMatrix } from './unit-matrix.ts';

/** 1 below the diagonal, `diagonal` on it, 0 above. */
function lowerMask(size: number, diagonal: number): Tensor {
  const [row, column] = [tf.reshape(tf.range(0, size), [size, 1]), tf.reshape(tf.range(0, size), [1, size])];
  const below = tf.cast(tf.greater(row, column), 'float32');
  return diagonal === 0 ? below : tf.add(below, tf.mul(unitMatrix(size), diagonal));
}

const solve = [attribute.bool('lower', true), attribute.bool('adjoint', false), floatType];

const inverse = defineNative<object>(
  {
    name: 'PretextInverseCholesky',
    forward: ({ matrix }) => {
      const root = runNative('Cholesky', [floatType], [matrix!]);
      const unit = unitMatrix(matrix!.shape[0]!);
      return [runNative('MatrixTriangularSolve', solve, [root, unit]), root];
    },
    gradient: ([dy], _, [w, root]) => ({
      matrix: () => {
        const size = root!.shape[0]!;
        // dW = −W dL W, and L is lower triangular.
        const slope = tf.matMul(tf.matMul(w!, dy!, true, false), w!, false, true);
        const dRoot = tf.mul(slope, tf.neg(lowerMask(size, 1)));
        // Murray 2016, "Differentiation of the Cholesky decomposition", equation 10.
        const inner = tf.mul(tf.matMul(root!, dRoot, true, false), lowerMask(size, 0.5));
        const half = tf.matMul(tf.matMul(w!, inner, true, false), w!);
        return tf.mul(tf.add(half, tf.transpose(half)), 0.5);
      },
    }),
  },
  ['matrix'],
);

/**
 * W with W · A · Wᵀ = 1: the inverse of the lower triangular L with L · Lᵀ = A.
 *
 * @param matrix float32 [D, D], symmetric and positive definite; TensorFlow refuses all others
 */
export function inverseCholesky(matrix: Tensor): Tensor {
  return inverse({ matrix }, {})[0]!;
}
