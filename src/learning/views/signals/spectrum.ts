/**
 * Changes of signals in their spectrum: frequencies moved, phases turned or exchanged, noise of one band, filters.
 *
 * All take and give [N, L, C], whole batches at once; what is random comes in as arguments. As selfEEG's, each
 * compared with it in the tests. Frequencies are in hertz.
 */
import {
  inverseRealFourier,
  realFourier,
  tf,
  wholeBatch,
  type Spectrum,
  type Tensor,
} from '../../../tensor/index.ts';
import { perSample } from '../chance.ts';

const channelsFirst = (x: Tensor): Tensor => tf.transpose(x, [0, 2, 1]);
const channelsLast = channelsFirst;

/** [⌊L / 2⌋ + 1]: in hertz. */
const frequenciesOf = (length: number, rate: number): Tensor =>
  tf.mul(tf.range(0, Math.floor(length / 2) + 1, 1, 'float32'), rate / length);

const turned = ({ real, imaginary }: Spectrum, phase: Tensor): Spectrum => {
  const [cosine, sine] = [tf.cos(phase), tf.sin(phase)];
  return {
    real: tf.sub(tf.mul(real, cosine), tf.mul(imaginary, sine)),
    imaginary: tf.add(tf.mul(real, sine), tf.mul(imaginary, cosine)),
  };
};

/**
 * Moves all frequencies up (or down, where negative): the real part of the analytic signal times a turning phase.
 *
 * @param hertz [N]
 */
export function shiftFrequency(x: Tensor, hertz: Tensor, rate: number): Tensor {
  const length = x.shape[1]!;
  const own = channelsFirst(x);
  const { real, imaginary } = realFourier(own);
  // A quarter of a turn back for every frequency but 0 and the highest: the imaginary part of the analytic signal.
  const inner = Array.from({ length: real.shape.at(-1)! }, (_, k) => Number(k > 0 && 2 * k < length));
  const hilbert = inverseRealFourier(
    { real: tf.mul(imaginary, inner), imaginary: tf.neg(tf.mul(real, inner)) },
    length,
  );
  const time = tf.mul(tf.range(0, length, 1, 'float32'), (2 * Math.PI) / rate);
  const phase = tf.mul(perSample(hertz, 3), time);
  return channelsLast(tf.sub(tf.mul(own, tf.cos(phase)), tf.mul(hilbert, tf.sin(phase))));
}

/**
 * The amplitudes of each window with the phases of another one.
 *
 * @param partners int32 [N]: whose phases of the whole batch; a window’s own number leaves it as it is
 */
export function swapPhases(x: Tensor, partners: Tensor): Tensor {
  const { real, imaginary } = realFourier(channelsFirst(x));
  const amplitude = tf.sqrt(tf.add(tf.square(real), tf.square(imaginary)));
  const phase = tf.gather(wholeBatch(tf.atan2(imaginary, real)), partners as never);
  const spectrum = { real: tf.mul(amplitude, tf.cos(phase)), imaginary: tf.mul(amplitude, tf.sin(phase)) };
  return channelsLast(inverseRealFourier(spectrum, x.shape[1]!));
}

/**
 * Turns the phase of every frequency but 0 and the highest, the same for all channels of a window.
 *
 * @param phases [N, ⌊(L − 1) / 2⌋], in radians
 */
export function turnPhases(x: Tensor, phases: Tensor): Tensor {
  const length = x.shape[1]!;
  const ends: [number, number] = [1, length % 2 === 0 ? 1 : 0];
  const all = tf.expandDims(tf.pad(phases, [[0, 0], ends]), 1);
  return channelsLast(inverseRealFourier(turned(realFourier(channelsFirst(x)), all), length));
}

/**
 * Noise of one band, scaled to the deviations asked for: [N, L, 1].
 *
 * @param band [N, 2]: lowest and highest frequency, in hertz
 * @param phases [N, ⌊(L − 1) / 2⌋], in radians
 * @param deviations [N]
 */
export function bandNoise(
  length: number,
  { band, phases, deviations }: { band: Tensor; phases: Tensor; deviations: Tensor },
  rate: number,
): Tensor {
  const count = band.shape[0]!;
  // Whole numbers of periods in the window, cut off as selfEEG does.
  const [first, last] = tf.unstack(tf.floor(tf.mul(band, length / rate)), 1) as [Tensor, Tensor];
  const places = tf.range(0, Math.floor(length / 2) + 1, 1, 'float32');
  const inside = tf.cast(
    tf.logicalAnd(
      tf.greaterEqual(places, tf.expandDims(first, 1)),
      tf.lessEqual(places, tf.expandDims(last, 1)),
    ),
    'float32',
  );
  const all = tf.pad(phases, [
    [0, 0],
    [1, length % 2 === 0 ? 1 : 0],
  ]);
  const noise = inverseRealFourier(
    { real: tf.mul(inside, tf.cos(all)), imaginary: tf.mul(inside, tf.sin(all)) },
    length,
  );
  // PyTorch's deviation divides by one less.
  const centred = tf.sub(noise, tf.mean(noise, 1, true));
  const variance = tf.div(tf.sum(tf.square(centred), 1), length - 1);
  const factors = tf.div(deviations, tf.sqrt(tf.maximum(variance, 1e-12)));
  return tf.reshape(tf.mul(noise, tf.expandDims(factors, 1)), [count, length, 1]);
}

/** What a filter lets through: below or above the edge, between two edges, or all but that. */
export type FilterKind = 'low' | 'high' | 'band' | 'stop';

/**
 * A Butterworth filter, run forwards and backwards so that nothing is delayed; beyond the window are zeros.
 *
 * By its gain in closed form: the square of what one pass lets through, 1 / (1 + Ω^(2 order)), where Ω is the
 * analog frequency of the bilinear transform relative to the edge.
 *
 * @param edges [N, 2] in hertz; the first alone counts for `low` and `high`
 */
export function filterSignals(
  x: Tensor,
  { kind, edges, order }: { kind: FilterKind; edges: Tensor; order: number },
  rate: number,
): Tensor {
  const length = x.shape[1]!;
  const padded = 2 * length;
  const { real, imaginary } = realFourier(channelsFirst(x), padded);
  const gain = tf.expandDims(squaredGain(kind, edges, order, frequenciesOf(padded, rate), rate), 1);
  const filtered = inverseRealFourier(
    { real: tf.mul(real, gain), imaginary: tf.mul(imaginary, gain) },
    padded,
  );
  return channelsLast(tf.slice(filtered, [0, 0, 0], [-1, -1, length]));
}

/** [N, F] */
function squaredGain(
  kind: FilterKind,
  edges: Tensor,
  order: number,
  frequencies: Tensor,
  rate: number,
): Tensor {
  const analog = (hertz: Tensor) => tf.tan(tf.minimum(tf.mul(hertz, Math.PI / rate), Math.PI / 2 - 1e-4));
  const own = tf.expandDims(analog(frequencies), 0);
  const [low, high] = tf.split(analog(edges), 2, 1) as [Tensor, Tensor];
  const least = 1e-9;
  const relative = (): Tensor => {
    if (kind === 'low') return tf.div(own, low);
    if (kind === 'high') return tf.div(low, tf.maximum(own, least));
    const centre = tf.sub(tf.square(own), tf.mul(low, high));
    const width = tf.mul(tf.sub(high, low), own);
    return kind === 'band'
      ? tf.div(centre, tf.maximum(width, least))
      : tf.div(width, tf.maximum(tf.abs(centre), least));
  };
  // Beyond this all is shut off, and a higher power would be too large a number.
  const bounded = tf.minimum(tf.abs(relative()), 1e3);
  return tf.div(1, tf.add(1, tf.pow(bounded, 2 * order)));
}
