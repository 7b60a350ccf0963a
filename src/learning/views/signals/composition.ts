/** Which of the changes each window of a batch gets: several one after the other, one at random, or one in turn. */
import { childSeed, tf, uniform, type Tensor } from '../../../tensor/index.ts';
import { drawUniform, drawYes } from '../chance.ts';

type Shares = Readonly<Record<string, unknown>> & { composition: 'sequence' | 'one' | 'in-turn' };

/** 1 for the windows that get the change of that name: float32 [N]. `label` is its stream of random numbers. */
export type Choosing = (name: string, seed: Tensor, label: string) => Tensor;

/** Each channel is lost by itself, whatever else happens. */
const APART = 'channelDrop';

/**
 * As selfEEG's compositions: `sequence` (SequentialAug of changes that each happen with a share), `one` (RandomAug,
 * weighted by the shares) and `in-turn` (CircularAug, from window to window, beginning anywhere).
 */
export function choosing(seed: Tensor, count: number, options: Shares): Choosing {
  const shareOf = (name: string) => options[`${name}Probability`] as number;
  if (options.composition === 'sequence')
    return (name, own, label) => drawYes(own, label, [count], shareOf(name));
  const names = Object.keys(options)
    .filter((key) => key.endsWith('Probability') && (options[key] as number) > 0)
    .map((key) => key.slice(0, -'Probability'.length))
    .filter((name) => name !== APART);
  const chosen = options.composition === 'one' ? drawn(names.map(shareOf)) : inTurn(names.length);
  return (name) => {
    const at = names.indexOf(name);
    return at < 0 ? tf.zeros([count]) : tf.cast(tf.equal(chosen, at), 'float32');
  };

  /** Numbers of changes by their weights: float32 [N]. */
  function drawn(weights: readonly number[]): Tensor {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const where = drawUniform(seed, 'one-of', count, 0, 1);
    let edge = 0;
    const passed = weights.slice(0, -1).map((weight) => {
      edge += weight / total;
      return tf.cast(tf.greaterEqual(where, edge), 'float32');
    });
    return passed.reduce((sum, own) => tf.add(sum, own), tf.zeros([count]));
  }

  function inTurn(length: number): Tensor {
    const start = tf.floor(uniform([1], childSeed(seed, 'in-turn'), 0, length));
    return tf.mod(tf.add(tf.range(0, count, 1, 'float32'), start), length);
  }
}
