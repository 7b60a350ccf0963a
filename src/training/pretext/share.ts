/** Which samples of a batch a process computes that shares it with others. */
import type { PretextConfig } from '../../contract/recipe/recipe.ts';
import type { Part } from './program.ts';

/**
 * Places of a batch that a process computes: of every micro-batch as many as each other process.
 *
 * @returns as many places of each micro-batch one after the other
 */
export function placesOfPart(
  { processes, rank }: Part,
  { batchSize, accumulation }: Pick<PretextConfig, 'batchSize' | 'accumulation'>,
): Int32Array {
  const micro = batchSize / accumulation;
  const own = micro / processes;
  return Int32Array.from({ length: accumulation * own }, (_, at) => {
    return Math.floor(at / own) * micro + rank * own + (at % own);
  });
}
