/** Arrays of numbers in a file whose axes are trials, time and channels in any order. */
import type { ByteSource } from './bytes.ts';
import { bytesOf, decodeNumbers, type NumberType } from './numbers.ts';
import type { Stretch } from './recording.ts';

export type Axis = 'trial' | 'time' | 'channel';

export interface NumberArray {
  type: NumberType;
  isLittleEndian: boolean;
  dims: number[];
  /** In numbers: so many lie between neighbours along an axis. */
  strides: number[];
  source: ByteSource;
  /** Where the first number stands, in bytes. */
  offset: number;
}

const SPAN_BYTES = 8 * 1024 * 1024;

/** The strides of an array that is written whole; `isFortran` where the first axis changes fastest. */
export function stridesOf(dims: readonly number[], isFortran: boolean): number[] {
  const strides = new Array<number>(dims.length);
  let step = 1;
  for (let at = 0; at < dims.length; at += 1) {
    const axis = isFortran ? at : dims.length - 1 - at;
    strides[axis] = step;
    step *= dims[axis]!;
  }
  return strides;
}

interface Side {
  stride: number;
  /** The same among the values that come out. */
  into: number;
  from: number;
  to: number;
}

/**
 * Rows of all trials one behind the other.
 * @param axes what each axis of the array is
 * @returns [to − from, channels]
 */
export async function readArrayRows(
  array: NumberArray,
  axes: readonly Axis[],
  from: number,
  to: number,
): Promise<Float32Array> {
  const sizeOf = (axis: Axis) => (axes.includes(axis) ? array.dims[axes.indexOf(axis)]! : 1);
  const [steps, channels] = [sizeOf('time'), sizeOf('channel')];
  const values = new Float32Array((to - from) * channels);
  const into: Record<Axis, number> = { trial: steps * channels, time: channels, channel: 1 };
  const sides = (trials: [number, number], time: [number, number]): Side[] =>
    axes
      .map((axis, index) => {
        const [first, last] = axis === 'trial' ? trials : axis === 'time' ? time : [0, channels];
        return { stride: array.strides[index]!, into: into[axis], from: first, to: last };
      })
      .sort((one, other) => other.stride - one.stride);
  // Whole trials go in one; those that the stretch cuts, each for itself.
  for (let row = from; row < to;) {
    const trial = Math.floor(row / steps);
    const begin = row - trial * steps;
    const whole = begin === 0 ? Math.floor((to - row) / steps) : 0;
    const end = whole > 0 ? steps : Math.min(steps, to - trial * steps);
    const trials: [number, number] = [trial, trial + Math.max(1, whole)];
    await gather(array, sides(trials, [begin, end]), values, -from * channels);
    row = whole > 0 ? row + whole * steps : trial * steps + end;
  }
  return values;
}

/**
 * Reads what lies close together in one go, and goes along the widest axis where it does not.
 * @param origin where the number at the array's beginning would come among the values
 */
async function gather(
  array: NumberArray,
  sides: readonly Side[],
  values: Float32Array,
  origin: number,
): Promise<void> {
  const bytes = bytesOf(array.type);
  const walk = async (depth: number, base: number, target: number): Promise<void> => {
    const rest = sides.slice(depth);
    const first = rest.reduce((sum, { stride, from }) => sum + stride * from, base);
    const last = rest.reduce((sum, { stride, to }) => sum + stride * (to - 1), base);
    if ((last - first + 1) * bytes <= SPAN_BYTES || rest.length === 0) {
      const buffer = await array.source.read(array.offset + first * bytes, (last - first + 1) * bytes);
      scatter(decodeNumbers(buffer, array.type, array.isLittleEndian), values, rest, base - first, target);
      return;
    }
    const { stride, into, from, to } = rest[0]!;
    const isLast = rest.length === 1;
    // A single axis that is longer than a span is read in pieces.
    const atOnce = isLast ? Math.max(1, Math.floor(SPAN_BYTES / bytes / stride)) : 1;
    for (let index = from; index < to; index += atOnce) {
      if (isLast) {
        const piece = { stride, into, from: index, to: Math.min(to, index + atOnce) };
        const begin = base + stride * index;
        const count = stride * (piece.to - 1 - index) + 1;
        const buffer = await array.source.read(array.offset + begin * bytes, count * bytes);
        const numbers = decodeNumbers(buffer, array.type, array.isLittleEndian);
        scatter(numbers, values, [piece], base - begin, target);
      } else {
        await walk(depth + 1, base + stride * index, target + into * index);
      }
    }
  };
  await walk(0, 0, origin);
}

/** Numbers along all sides to their places: `base` and `target` are where those of index 0 stand and come. */
function scatter(
  numbers: ArrayLike<number>,
  values: Float32Array,
  [side, ...deeper]: readonly Side[],
  base: number,
  target: number,
): void {
  if (!side) {
    values[target] = numbers[base]!;
    return;
  }
  const { stride, into, from, to } = side;
  for (let index = from; index < to; index += 1)
    if (deeper.length > 0) scatter(numbers, values, deeper, base + stride * index, target + into * index);
    else values[target + into * index] = numbers[base + stride * index]!;
}

/** A stretch a trial. */
export function trialStretches(
  trials: number,
  steps: number,
  describe: (trial: number) => Pick<Stretch, 'label' | 'columns'> = () => ({}),
): Stretch[] {
  return Array.from({ length: trials }, (_, trial) => ({
    start: trial * steps,
    end: (trial + 1) * steps,
    seconds: 0,
    ...describe(trial),
  }));
}
