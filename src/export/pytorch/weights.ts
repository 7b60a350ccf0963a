/** Weights with the names and layouts that PyTorch's modules have. */
import { safeDeviations } from '../../learning/channels.ts';
import type { StateArrays, TensorValues } from '../../tensor/index.ts';
import { transposed } from '../graph/transposed.ts';
import type { ExportedModel } from '../model.ts';

/** Last parts of our names as PyTorch's modules call them. */
const LAST_NAMES: Readonly<Record<string, string>> = {
  kernel: 'weight',
  bias: 'bias',
  offset: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

/** The state that the generated module loads: all weights, and the numbers that samples are normalised by. */
export function torchState(model: ExportedModel): StateArrays {
  const { channelStatistics, members, head } = model;
  const { weights } = members[0]!;
  const vector = (values: readonly number[]): TensorValues => ({
    shape: [values.length],
    dtype: 'float32',
    values: Float32Array.from(values),
  });
  const named = Object.entries(weights)
    .filter(([name]) => name.startsWith('encoder/') || (head !== null && name.startsWith('head/')))
    .map(([name, array]) => [torchName(name), torchLayout(name, array)] as const);
  return {
    'normalisation.mean': vector(channelStatistics.mean),
    'normalisation.deviation': vector(safeDeviations(channelStatistics)),
    ...Object.fromEntries(named),
  };
}

/** `encoder/stem/norm/variance` becomes `encoder.stem.norm.running_var`. */
export function torchName(name: string): string {
  const parts = name.split('/');
  const last = parts.pop()!;
  // A batch or layer norm's scale is its weight; that of a block is a number of its own.
  const isNorm = parts.at(-1) === 'norm';
  const own = last === 'scale' && isNorm ? 'weight' : (LAST_NAMES[last] ?? last);
  // Where our layer is a convolution and a norm under one name, PyTorch needs two.
  const convolves = /^(stem|reduction)$/.test(parts.at(-1)!) && (last === 'kernel' || last === 'bias');
  return [...parts, ...(convolves ? ['convolution'] : []), own].join('.');
}

/**
 * Kernels: [height, width, in, out] to [out, in, height, width], [length, in, out] to [out, in, length], [in, out] to
 * [out, in]; those of one channel each, [height, width, channels], to [channels, 1, height, width]. All else stays.
 */
export function torchLayout(name: string, array: TensorValues): TensorValues {
  if (!name.endsWith('/kernel')) return array;
  const { shape } = array;
  const depthwise = name.endsWith('/depthwise/kernel');
  const rank = shape.length;
  const order = depthwise
    ? [rank - 1, ...Array.from({ length: rank - 1 }, (_, axis) => axis)]
    : [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, axis) => axis)];
  const sides = order.map((axis) => shape[axis]!);
  return {
    shape: depthwise ? [sides[0]!, 1, ...sides.slice(1)] : sides,
    dtype: 'float32',
    values: transposed(array.values as Float32Array, shape, order),
  };
}
