/**
 * Another number of samples for the same stretch of time, without aliasing: the polyphase filter of SciPy's
 * `resample_poly` (a Kaiser window of beta 5, ten zero crossings a side).
 */

export interface Resampler {
  /** So many output samples come of `down` input samples. */
  up: number;
  down: number;
  /** Taps at `up` times the input's rate: `half` on each side of the middle one. */
  taps: Float64Array;
  half: number;
}

const BETA = 5;
const ZERO_CROSSINGS = 10;
const LARGEST_FACTOR = 10_000;

export function createResampler(toRate: number, fromRate: number): Resampler {
  const [up, down] = ratioOf(toRate / fromRate);
  const most = Math.max(up, down);
  const half = most === 1 ? 0 : ZERO_CROSSINGS * most;
  const taps = new Float64Array(2 * half + 1);
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap += 1) {
    const at = tap - half;
    const angle = (Math.PI * at) / most;
    const sinc = at === 0 ? 1 : Math.sin(angle) / angle;
    taps[tap] = sinc * bessel(BETA * Math.sqrt(1 - (half === 0 ? 0 : (at / half) ** 2)));
    sum += taps[tap]!;
  }
  // A constant stays what it is.
  for (let tap = 0; tap < taps.length; tap += 1) taps[tap]! *= up / sum;
  return { up, down, taps, half };
}

/** The ratio in whole numbers, by its continued fraction: 52 / 104 is 1 / 2, 50 / 49.98 is as near as they get. */
function ratioOf(ratio: number): [up: number, down: number] {
  let [up, down, lastUp, lastDown] = [1, 0, 0, 1];
  let rest = ratio;
  for (let step = 0; step < 32; step += 1) {
    const whole = Math.floor(rest + 1e-9);
    const [nextUp, nextDown] = [whole * up + lastUp, whole * down + lastDown];
    if (Math.max(nextUp, nextDown) > LARGEST_FACTOR) break;
    [lastUp, lastDown, up, down] = [up, down, nextUp, nextDown];
    if (Math.abs(up / down - ratio) < 1e-9 * ratio || rest - whole < 1e-9) break;
    rest = 1 / (rest - whole);
  }
  return [Math.max(1, up), Math.max(1, down)];
}

/** The modified Bessel function of order zero, of which a Kaiser window is made. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * A window of a recording at another length. What lies outside of it is taken to lie on the line through its first
 * and last sample, so that its edges do not ring.
 * @param values [fromLength, channels] row-major
 * @returns [toLength, channels] in an array of its own
 */
export function resampleWindow(
  values: Float32Array,
  fromLength: number,
  toLength: number,
  channels: number,
): Float32Array<ArrayBuffer> {
  const resampler = resamplerBetween(toLength, fromLength);
  return resampleRows(values, { fromRows: fromLength, toRows: toLength, channels }, resampler);
}

/** The same by a filter of its own: so many rows, from the first on, at another rate. */
export function resampleRows(
  values: Float32Array,
  { fromRows, toRows, channels }: { fromRows: number; toRows: number; channels: number },
  { up, down, taps, half }: Resampler,
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(toRows * channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const first = values[channel]!;
    const last = values[(fromRows - 1) * channels + channel]!;
    const slope = fromRows > 1 ? (last - first) / (fromRows - 1) : 0;
    for (let row = 0; row < toRows; row += 1) {
      const from = Math.ceil((row * down - half) / up);
      const to = Math.floor((row * down + half) / up);
      let sum = 0;
      for (let at = from; at <= to; at += 1) {
        const inside = at >= 0 && at < fromRows;
        const value = inside ? values[at * channels + channel]! : first + slope * at;
        sum += value * taps[half + row * down - at * up]!;
      }
      output[row * channels + channel] = sum;
    }
  }
  return output;
}

let lastMade: { to: number; from: number; resampler: Resampler } | null = null;
/** By lengths or rates; all windows of a dataset want the same one. */
export function resamplerBetween(to: number, from: number): Resampler {
  if (lastMade?.from !== from || lastMade.to !== to)
    lastMade = { to, from, resampler: createResampler(to, from) };
  return lastMade.resampler;
}

/** A stretch of the input and where it begins in the output. */
export interface ResampledStretch {
  start: number;
  outputStart: number;
}

/** Brings the rows of a recording to others, as they come. */
export interface RowResampler {
  /** Rows of the recording that went out. */
  readonly outputRows: number;
  /** Rows of the input that one of the output is made from, on each side. */
  readonly reach: number;
  /** The first row of the output at or after this one of the input. */
  outputRow(row: number): number;
  /** The last row of the input at or before this one of the output. */
  inputRow(row: number): number;
  /** @param times seconds of each row, where they are known */
  push(values: Float32Array, times: ArrayLike<number>): Float32Array;
  finish(): Float32Array;
  begin(row: number): void;
}

/** The last stretch that this holds for; it holds for none after it. */
export function stretchAt(
  stretches: readonly ResampledStretch[],
  holds: (stretch: ResampledStretch) => boolean,
): ResampledStretch {
  let [low, high] = [0, stretches.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(stretches[middle]!)) low = middle;
    else high = middle - 1;
  }
  return stretches[low]!;
}

/** Resamples a recording as it comes, in memory that does not grow. Each stretch between gaps stands for itself. */
export class RecordingResampler implements RowResampler {
  readonly stretches: ResampledStretch[] = [{ start: 0, outputStart: 0 }];
  private readonly resampler: Resampler;
  private readonly channels: number;
  /** Rows that are still needed, from `bufferStart` of the stretch. */
  private buffer = new Float32Array(0);
  private buffered = 0;
  private bufferStart = 0;
  /** Rows of the stretch that came and that went out. */
  private rows = 0;
  private written = 0;

  constructor(resampler: Resampler, channels: number) {
    this.resampler = resampler;
    this.channels = channels;
  }

  /** Rows of the recording that went out. */
  get outputRows(): number {
    return this.stretches.at(-1)!.outputStart + this.written;
  }

  /** Rows of the input that one of the output is made from, on each side. */
  get reach(): number {
    return Math.ceil(this.resampler.half / this.resampler.up);
  }

  /** The first row of the output at or after this one of the input. */
  outputRow(row: number): number {
    const { start, outputStart } = stretchAt(this.stretches, ({ start }) => start <= row);
    const { up, down } = this.resampler;
    return outputStart + Math.ceil(((row - start) * up) / down);
  }

  /** The last row of the input at or before this one of the output. */
  inputRow(row: number): number {
    const { start, outputStart } = stretchAt(this.stretches, ({ outputStart }) => outputStart <= row);
    const { up, down } = this.resampler;
    return start + Math.floor(((row - outputStart) * down) / up);
  }

  push(values: Float32Array): Float32Array {
    const count = values.length / this.channels;
    this.keep(values);
    this.rows += count;
    const { up, down, half } = this.resampler;
    // The last output whose taps all lie on rows that are there.
    const ready = Math.floor(((this.rows - 1) * up - half) / down) + 1;
    return this.produce(Math.max(this.written, ready));
  }

  /** Ends a stretch, its last row standing for what would come after it. */
  finish(): Float32Array {
    const { up, down } = this.resampler;
    return this.produce(Math.ceil((this.rows * up) / down));
  }

  /** Begins the next stretch, at this row of the recording; the one before must have been finished. */
  begin(row: number): void {
    this.stretches.push({ start: row, outputStart: this.outputRows });
    [this.buffered, this.bufferStart, this.rows, this.written] = [0, 0, 0, 0];
  }

  private keep(values: Float32Array): void {
    const needed = this.buffered * this.channels + values.length;
    if (needed > this.buffer.length) {
      const larger = new Float32Array(needed * 2);
      larger.set(this.buffer.subarray(0, this.buffered * this.channels));
      this.buffer = larger;
    }
    this.buffer.set(values, this.buffered * this.channels);
    this.buffered += values.length / this.channels;
  }

  private produce(end: number): Float32Array {
    const { channels, buffer } = this;
    const { up, down, taps, half } = this.resampler;
    const output = new Float32Array(Math.max(0, end - this.written) * channels);
    if (this.rows === 0) return output.subarray(0, 0);
    for (let row = this.written; row < end; row += 1) {
      const from = Math.ceil((row * down - half) / up);
      const to = Math.floor((row * down + half) / up);
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let at = from; at <= to; at += 1) {
          const place = Math.min(Math.max(at, 0), this.rows - 1) - this.bufferStart;
          sum += buffer[place * channels + channel]! * taps[half + row * down - at * up]!;
        }
        output[(row - this.written) * channels + channel] = sum;
      }
    }
    this.written = Math.max(this.written, end);
    this.forget();
    return output;
  }

  private forget(): void {
    const { up, down, half } = this.resampler;
    const first = Math.max(0, Math.ceil((this.written * down - half) / up));
    // The last row stays, as it stands for what comes after the end.
    const gone = Math.min(first, this.rows - 1) - this.bufferStart;
    if (gone < 1024) return;
    this.buffer.copyWithin(0, gone * this.channels, this.buffered * this.channels);
    this.buffered -= gone;
    this.bufferStart += gone;
  }
}
