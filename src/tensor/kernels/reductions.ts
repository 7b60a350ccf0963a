/**
 * Better gradients for tfjs's own sums and means, and for its tile: the upstream gradient is spread by the native
 * BroadcastTo, where tfjs multiplies it with a tensor of ones as large as the input. And one for its split, which in tfjs
 * fails where all goes into one part.
 */
import { attribute, floatType, runNative } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';

/** Repeats a [.., 1, ..] tensor to the given shape. */
export function spread(x: Tensor, shape: number[]): Tensor {
  return runNative(
    'BroadcastTo',
    [floatType, attribute.type('Tidx', 'int32')],
    [x, tf.tensor1d(shape, 'int32')],
  );
}

/** Replaces the gradients of `tf.sum`, `tf.mean`, `tf.tile` and `tf.split`. Called once when TensorFlow starts. */
export function replaceReductionGradients(): void {
  replaceTileGradient();
  replaceSplitGradient();
  for (const kernelName of ['Sum', 'Mean']) {
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      inputsToSave: ['x'],
      gradFunc: (dy, [x], attrs) => {
        const shape = x!.shape;
        const axes = tf.util.parseAxisParam((attrs as unknown as { axis: number | number[] }).axis, shape);
        const count = axes.reduce((product, axis) => product * shape[axis]!, 1);
        const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
        return {
          x: () => {
            const share = kernelName === 'Mean' ? tf.mul(dy as Tensor, 1 / count) : (dy as Tensor);
            return spread(tf.reshape(share, kept), shape);
          },
        };
      },
    });
  }
}

/** Sums the copies at once, where tfjs cuts out one after another. */
function replaceTileGradient(): void {
  tf.unregisterGradient('Tile');
  tf.registerGradient({
    kernelName: 'Tile',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { reps } = attrs as unknown as { reps: number[] };
      const apart = x!.shape.flatMap((length, axis) => [reps[axis]!, length]);
      const copies = x!.shape.map((_, axis) => 2 * axis);
      return { x: () => tf.sum(tf.reshape(dy as Tensor, apart), copies) };
    },
  });
}

/** Of one part alone tfjs hands over the gradient itself, not a list of one. */
function replaceSplitGradient(): void {
  tf.unregisterGradient('SplitV');
  tf.registerGradient({
    kernelName: 'SplitV',
    gradFunc: (dy, _, attrs) => {
      const { axis } = attrs as unknown as { axis: number };
      return { x: () => (Array.isArray(dy) ? tf.concat(dy, axis) : dy.clone()) };
    },
  });
}
