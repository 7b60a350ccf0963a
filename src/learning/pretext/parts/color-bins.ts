/** Colours as classes: the colour plane of CIELAB in square bins, as colorization predicts them. */
import { tf, type Tensor } from '../../../tensor/index.ts';
import { rgbToLab } from '../../views/lab.ts';

/** Neighbouring bins over which one colour is spread (Zhang et al. 2016). */
const NEIGHBOURS = 5;
/** Steps along each side of the cube of colours whose faces are looked through for bins in use. */
const STEPS = 128;

export interface ColorBins {
  /** Side of a bin, in units of a and b. */
  size: number;
  /** Centres (a, b), ordered by a, then b: every colour that a screen shows lies in one of them. */
  centres: readonly (readonly [number, number])[];
}

/** The bins that hold colours; TensorFlow must have been started. */
export function colorBins(size: number): ColorBins {
  const lab = tf.tidy(() => rgbToLab(colorsOnFaces()).dataSync());
  const found = new Map<string, [number, number]>();
  for (let at = 0; at < lab.length; at += 3) {
    const cell = [Math.round(lab[at + 1]! / size), Math.round(lab[at + 2]! / size)] as const;
    found.set(cell.join(), [cell[0] * size, cell[1] * size]);
  }
  return { size, centres: [...found.values()].toSorted((x, y) => x[0] - y[0] || x[1] - y[1]) };
}

/**
 * Colours on the six faces of the cube of red, green and blue, [M, 3]: changing the lightness of any colour, with
 * a and b as they are, ends on one of them, so every a and b that a screen can show is among theirs.
 */
function colorsOnFaces(): Tensor {
  const levels = STEPS + 1;
  const level = (step: number) => (255 * step) / STEPS;
  const colors = new Float32Array(6 * levels * levels * 3);
  for (let pixel = 0; pixel < colors.length / 3; pixel++) {
    const face = Math.floor(pixel / levels ** 2);
    const fixed = face % 3;
    colors[3 * pixel + fixed] = face < 3 ? 0 : 255;
    colors[3 * pixel + ((fixed + 1) % 3)] = level(Math.floor(pixel / levels) % levels);
    colors[3 * pixel + ((fixed + 2) % 3)] = level(pixel % levels);
  }
  return tf.tensor2d(colors, [colors.length / 3, 3]);
}

/**
 * Spreads each colour over its five nearest bins, by a Gaussian of their distance with half a bin's deviation
 * (5 for bins of 10, as in the paper).
 *
 * @param ab float32 [M, 2]
 * @returns float32 [M, bins], every row sums to 1
 */
export function spreadOverBins(ab: Tensor, { size, centres }: ColorBins): Tensor {
  return tf.tidy(() => {
    const places = tf.tensor2d(centres.map((centre) => [...centre]));
    const cross = tf.matMul(ab, places, false, true);
    const own = tf.sum(tf.square(ab), 1, true);
    const theirs = tf.reshape(tf.sum(tf.square(places), 1), [1, centres.length]);
    const distance = tf.sub(tf.add(own, theirs), tf.mul(2, cross));
    const nearness = tf.mul(distance, -1 / (2 * (size / 2) ** 2));
    const { values } = tf.topk(nearness, Math.min(NEIGHBOURS, centres.length), true);
    const farthest = tf.slice(values, [0, values.shape[1]! - 1], [ab.shape[0]!, 1]);
    // Bins as near as the fifth count with it.
    const near = tf.cast(tf.greaterEqual(nearness, farthest), 'float32');
    const weights = tf.mul(tf.exp(nearness), near);
    return tf.div(weights, tf.sum(weights, 1, true));
  });
}

/** Half of the frequencies' weight goes to all colours alike (λ of the paper). */
const EVEN_SHARE = 0.5;

/**
 * Weights that let rare colours count more: inverse to the frequency mixed with an even one, and 1 on average
 * over the colours of the data (Zhang et al. 2016, equation 4).
 *
 * @param frequency float32 [bins], sums to 1
 */
export function rarityWeights(frequency: Tensor): Tensor {
  return tf.tidy(() => {
    const bins = frequency.shape[0]!;
    const mixed = tf.add(tf.mul(frequency, 1 - EVEN_SHARE), EVEN_SHARE / bins);
    const inverse = tf.div(1, mixed);
    return tf.div(inverse, tf.sum(tf.mul(frequency, inverse)));
  });
}
