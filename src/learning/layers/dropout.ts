/** Dropout as a layer: random in training by the step's seed, nothing otherwise. */
import { dropout as drop } from '../../tensor/index.ts';
import { seedOf, type Layer } from './layer.ts';

/** @param rate share of values that are set to 0, from 0 to below 1 */
export const dropout = (name: string, rate: number): Layer => ({
  parameters: [],
  statistics: [],
  apply(x, pass) {
    const seed = seedOf(pass, name);
    return seed && rate > 0 ? drop(x, rate, seed) : x;
  },
});
