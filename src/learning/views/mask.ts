/** What is covered of a sample: many patches, or one block. */
import { childSeed, integers, tf, uniform, type Tensor } from '../../tensor/index.ts';

/** A draw for each patch of each sample, [count, patches], the greatest of which are covered, and how many those are. */
export function drawPatches(
  seed: Tensor,
  count: number,
  patches: number,
  ratio: number,
): { draws: Tensor; covered: number } {
  const covered = Math.min(patches - 1, Math.max(1, Math.round(ratio * patches)));
  return { draws: uniform([count, patches], childSeed(seed, 'mask')), covered };
}

/** 1 where one of the `covered` greatest draws of a row is, else 0. */
export function greatest(draws: Tensor, covered: number): Tensor {
  const limit = tf.min(tf.topk(draws, covered, false).values, 1, true);
  return tf.cast(tf.greaterEqual(draws, limit), 'float32');
}

/**
 * Covers a fixed number of patches of each sample, drawn without regard to what they show.
 *
 * @param sides [H, W] or [L]
 * @returns float32 [count, …sides, 1], 1 where covered
 */
export function samplePatchMask(
  seed: Tensor,
  count: number,
  sides: readonly number[],
  patch: number,
  ratio: number,
): Tensor {
  return tf.tidy(() => {
    const grid = sides.map((side) => Math.ceil(side / patch));
    const patches = grid.reduce((product, side) => product * side, 1);
    const { draws, covered } = drawPatches(seed, count, patches, ratio);
    const mask = greatest(draws, covered);
    if (patch === 1) return tf.reshape(mask, [count, ...sides, 1]);
    const spread = grid.flatMap((side) => [side, 1]);
    const repeats = grid.flatMap(() => [1, patch]);
    const tiled = tf.tile(tf.reshape(mask, [count, ...spread]), [1, ...repeats]);
    const whole = tf.reshape(tiled, [count, ...grid.map((side) => side * patch), 1]);
    return tf.slice(whole, new Array(whole.rank).fill(0), [count, ...sides, 1]);
  });
}

export interface Block {
  /** Share of each side (or of the length) that the block takes. */
  share: number;
  place: 'centre' | 'random';
}

/**
 * Covers one block of each sample: a rectangle of an image, a stretch of a signal, in whole pixels or points.
 *
 * @param sides [H, W] or [L]
 * @returns float32 [count, …sides, 1], 1 where covered
 */
export function sampleBlockMask(
  seed: Tensor,
  count: number,
  sides: readonly number[],
  { share, place }: Block,
): Tensor {
  return tf.tidy(() => {
    const along = sides.map((side, axis) => {
      const length = Math.min(side - 1, Math.max(1, Math.round(share * side)));
      const start =
        place === 'centre'
          ? tf.fill([count, 1], Math.floor((side - length) / 2))
          : integers([count, 1], childSeed(seed, `block/${axis}`), 0, side - length + 1);
      const distance = tf.sub(tf.range(0, side, 1, 'float32'), tf.cast(start, 'float32'));
      const inside = tf.logicalAnd(tf.greaterEqual(distance, 0), tf.less(distance, length));
      const shape = sides.map((_, other) => (other === axis ? side : 1));
      return tf.reshape(tf.cast(inside, 'float32'), [count, ...shape, 1]);
    });
    return along.reduce((mask, axis) => tf.mul(mask, axis));
  });
}
