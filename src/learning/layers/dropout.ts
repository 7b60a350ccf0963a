/** Dropout as a layer: random in training by the step's seed, nothing otherwise. */
import { dropout as drop, tf } from '../../tensor/index.ts';
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

/**
 * Dropout of whole channels (Tompson et al. 2015): [N, …, channels], each channel of a sample is kept or set to 0 as
 * a whole.
 */
export const channelDropout = (name: string, rate: number): Layer => ({
  parameters: [],
  statistics: [],
  apply(x, pass) {
    const seed = seedOf(pass, name);
    if (!seed || rate === 0) return x;
    const places = x.shape.slice(1, -1).map(() => 1);
    return tf.mul(x, drop(tf.ones([x.shape[0]!, ...places, x.shape.at(-1)!]), rate, seed));
  },
});
