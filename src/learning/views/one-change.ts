/**
 * One change of a list for each sample, of a known kind and strength: what transformation recognition asks for.
 *
 * All changes run over the whole batch, neutral where they were not drawn, so that no sample is touched alone.
 */
import { childSeed, tf, type Tensor } from '../../tensor/index.ts';
import { drawWhole } from './patches.ts';
import { choose, drawUniform } from './chance.ts';
import { cropBoxes, insideImage } from './crop.ts';
import { applyImageView, imageViews } from './image.ts';
import { applySignalView, signalViews } from './signal.ts';
import type { ChannelStatistics } from '../channels.ts';

export interface Change {
  id: string;
  /** As the preview says it: "blurred". */
  title: string;
  /** Whether there is more and less of it. */
  graded: boolean;
}

const change = (id: string, title: string, graded = true): Change => ({ id, title, graded });

export const imageChanges = [
  change('zoom', 'zoomed in'),
  change('tall', 'drawn out upwards'),
  change('dark', 'darkened'),
  change('pale', 'with less contrast'),
  change('blur', 'blurred'),
  change('noise', 'noisy'),
  change('gap', 'with a gap'),
  change('fade', 'with faded colours'),
  change('upsideDown', 'upside down', false),
  change('mirror', 'mirrored', false),
] as const;

export const signalChanges = [
  change('stretch', 'stretched in time'),
  change('scale', 'made larger'),
  change('noise', 'noisy'),
  change('gap', 'with a gap'),
  change('permute', 'with segments permuted', false),
  change('reverse', 'backwards in time', false),
  change('negate', 'with its sign turned', false),
] as const;

export interface ChangeDraw {
  /** int32 [N]: 0 for none, else 1 + the number in the list. */
  kinds: Tensor;
  /** float32 [N], 0 to 1; 0 where there is no more and less. */
  strengths: Tensor;
  /** 1 where the kind has a strength. */
  graded: Tensor;
}

/** Draws a change (or none, as often as each) and its strength for every sample. */
export function sampleChanges(seed: Tensor, count: number, list: readonly Change[]): ChangeDraw {
  const kinds = tf.cast(drawWhole(seed, 'kind', [count], 0, list.length), 'int32');
  const grades = tf.tensor1d([0, ...list.map(({ graded }) => Number(graded))]);
  const graded = tf.gather(grades, kinds as never);
  return { kinds, graded, strengths: tf.mul(graded, drawUniform(seed, 'strength', count, 0, 1)) };
}

/** For one kind: 1 where it was drawn, and a value from `least` to `most` by strength there, else `neutral`. */
function reader(list: readonly Change[], { kinds, strengths }: ChangeDraw) {
  const is = (id: string): Tensor | null => {
    const number = list.findIndex((entry) => entry.id === id);
    return number < 0 ? null : tf.cast(tf.equal(kinds, number + 1), 'float32');
  };
  return {
    is,
    value(id: string, neutral: number, least: number, most: number): Tensor {
      const chosen = is(id);
      if (!chosen) return tf.fill(strengths.shape as [number], neutral);
      return choose(chosen, tf.add(tf.mul(strengths, most - least), least), neutral);
    },
  };
}

/** Strongest blur, in pixels, for images of that shorter side. */
const largestBlur = (side: number) => Math.max(1.2, side / 14);

/**
 * @param images uint8 or float32 [N, H, W, C], 0 to 255
 * @returns float32 of the same shape
 */
export function changeImages(
  images: Tensor,
  seed: Tensor,
  list: readonly Change[],
  draw: ChangeDraw,
  statistics: ChannelStatistics,
): Tensor {
  return tf.tidy(() => {
    const [count, height, width] = images.shape as [number, number, number, number];
    const { is, value } = reader(list, draw);
    const kept = value('zoom', 1, 0.85, 0.4);
    // Of the height less is kept than of the width: what is seen is drawn out upwards.
    const rows = tf.mul(kept, value('tall', 1, 0.85, 0.5));
    const at = (label: string) => drawUniform(seed, label, count, 0, 1);
    const crops = {
      top: tf.mul(tf.mul(height, tf.sub(1, rows)), at('zoom-top')),
      left: tf.mul(tf.mul(width, tf.sub(1, kept)), at('zoom-left')),
      height: tf.mul(height, rows),
      width: tf.mul(width, kept),
    };
    const flips = {
      vertical: is('upsideDown') ?? undefined,
      horizontal: is('mirror') ?? undefined,
    };
    const one = tf.ones([count]);
    const blur = largestBlur(Math.min(height, width));
    const side = value('gap', 0.01, 0.2, 0.6);
    const free = tf.sub(1, side);
    const has = (id: string) => list.some((entry) => entry.id === id);
    return applyImageView(
      images,
      {
        boxes: cropBoxes(crops, [height, width], [height, width], flips),
        colors: {
          brightness: value('dark', 1, 0.85, 0.35),
          contrast: value('pale', 1, 0.75, 0.2),
          saturation: value('fade', 1, 0.6, 0),
          hue: tf.zerosLike(one),
          grey: tf.zerosLike(one),
        },
        ...(has('blur') && { blurSigmas: value('blur', 0, 0.5, blur) }),
        ...(has('noise') && {
          noise: { deviations: tf.mul(255, value('noise', 0, 0.03, 0.25)), seed: childSeed(seed, 'noise') },
        }),
        ...(has('gap') && {
          gaps: {
            top: tf.mul(free, at('gap-top')),
            left: tf.mul(free, at('gap-left')),
            present: is('gap')!,
            size: side,
          },
        }),
      },
      { input: images.shape.slice(1) },
      imageViews({ blurSigma: blur }),
      statistics,
    );
  });
}

const SEGMENTS = 4;

/**
 * @param signals float32 [N, L, C]
 * @returns float32 of the same shape
 */
export function changeSignals(
  signals: Tensor,
  seed: Tensor,
  list: readonly Change[],
  draw: ChangeDraw,
  statistics: ChannelStatistics,
): Tensor {
  return tf.tidy(() => {
    const [count, , channels] = signals.shape as [number, number, number];
    const { is, value } = reader(list, draw);
    const has = (id: string) => list.some((entry) => entry.id === id);
    const share = value('stretch', 1, 0.85, 0.4);
    const start = tf.mul(tf.sub(1, share), drawUniform(seed, 'stretch-start', count, 0, 1));
    const gap = value('gap', 0, 0.1, 0.5);
    const gapStart = tf.mul(tf.sub(1, gap), drawUniform(seed, 'gap-start', count, 0, 1));
    const factor = value('scale', 1, 1.3, 3);
    const signed = has('negate') ? tf.mul(factor, tf.sub(1, tf.mul(2, is('negate')!))) : factor;
    return applySignalView(
      signals,
      {
        boxes: timeBoxes(start, tf.add(start, share), is('reverse')),
        factors: tf.mul(tf.reshape(signed, [count, 1]), tf.ones([1, channels])),
        ...(has('noise') && {
          noise: { deviations: value('noise', 0, 0.15, 1), seed: childSeed(seed, 'noise') },
        }),
        ...(has('gap') && { gap: { start: gapStart, end: tf.add(gapStart, gap) } }),
        ...(has('permute') && { order: segmentOrders(seed, is('permute')!) }),
      },
      signalViews({ segments: SEGMENTS }),
      statistics,
    );
  });
}

/** [N, 4] for `cropAndResize` on a picture of height 1; backwards is exchanged ends. */
function timeBoxes(start: Tensor, end: Tensor, reversed: Tensor | null): Tensor {
  const [low, high] = [insideImage(start), insideImage(end)];
  const turn = reversed ? tf.mul(reversed, tf.sub(high, low)) : tf.zerosLike(low);
  const zero = tf.zerosLike(low);
  return tf.stack([zero, tf.add(low, turn), zero, tf.sub(high, turn)], 1);
}

/** [N, segments]: another order than the given one where `permuted` is 1. */
function segmentOrders(seed: Tensor, permuted: Tensor): Tensor {
  const count = permuted.shape[0]!;
  const inOrder = Array.from({ length: SEGMENTS }, (_, i) => i);
  const orders = derangements(inOrder);
  const drawn = drawWhole(seed, 'segment-order', [count], 0, orders.length - 1);
  const chosen = tf.cast(tf.mul(permuted, tf.add(drawn, 1)), 'int32');
  return tf.gather(tf.tensor2d([inOrder, ...orders], undefined, 'int32'), chosen as never);
}

/** Orders in which nothing stays at its place. */
function derangements(things: readonly number[]): number[][] {
  const extend = (order: number[]): number[][] =>
    order.length === things.length
      ? [order]
      : things
          .filter((thing) => thing !== order.length && !order.includes(thing))
          .flatMap((thing) => extend([...order, thing]));
  return extend([]);
}
