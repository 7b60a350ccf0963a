/** The first dense layer of rows of a table, together with how they enter. */
import { ownCategoryDense, tf, type Tensor } from '../../tensor/index.ts';
import { dense, type DenseOptions } from './dense.ts';
import { variable, type Layer } from './layer.ts';
import type { RowVector, ToldRows } from './row-input.ts';

export type RowDenseOptions = Pick<DenseOptions, 'name' | 'outputs' | 'initial'> & { rectified: boolean };

/**
 * A dense layer of what rows [N, D] tell: [N, outputs]. Our own kernel, where it computes, takes categories as they are,
 * with no vector for each cell.
 *
 * @returns the layer, and the two that it stands for, in which its variables are grouped
 */
export function rowDense(input: RowVector, options: RowDenseOptions): { layer: Layer; stands: Layer[] } {
  const plain = dense({ ...options, inputs: input.width });
  const { name, rectified } = options;
  return {
    stands: [input, plain],
    layer: {
      parameters: [...input.parameters, ...plain.parameters],
      statistics: [],
      apply(rows, pass) {
        const told = input.tell(rows, pass);
        const weights = {
          kernel: variable(pass.parameters, `${name}/kernel`),
          bias: variable(pass.parameters, `${name}/bias`),
        };
        return byCategories(told, weights, rectified) ?? plain.apply(input.join(told, pass), pass);
      },
    },
  };
}

function byCategories(
  { numbers, categories }: ToldRows,
  weights: { kernel: Tensor; bias: Tensor },
  rectified: boolean,
): Tensor | null {
  if (!categories) return null;
  const { codes, vectors, sizes } = categories;
  const x = numbers.length > 0 ? tf.concat(numbers, 1) : tf.zeros([codes.shape[0]!, 0]);
  return ownCategoryDense({ x, codes, table: vectors, ...weights }, { rectified, sizes });
}
