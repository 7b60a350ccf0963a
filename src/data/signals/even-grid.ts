/**
 * Rows at even times from rows at uneven ones: between two rows a value lies on the line from one to the other, as
 * `numpy.interp` has it. Each stretch between gaps stands for itself, and its grid begins at its first row.
 */
import { stretchAt, type ResampledStretch, type RowResampler } from './resample.ts';

/** Of a step: times that meet the grid but for rounding meet it. */
const ROUNDING = 1e-6;

export class EvenGrid implements RowResampler {
  readonly stretches: ResampledStretch[] = [{ start: 0, outputStart: 0 }];
  /** A row that is made lies between two that came. */
  readonly reach = 1;
  private readonly rate: number;
  private readonly channels: number;
  /** Seconds of each row that came; of one without a time, those of the row before it. */
  private times = new Float64Array(1024);
  private count = 0;
  private written = 0;
  /** Time of the stretch's first row; NaN before it came. */
  private origin = NaN;
  private lastTime = NaN;
  private readonly last: Float32Array;

  constructor(rate: number, channels: number) {
    this.rate = rate;
    this.channels = channels;
    this.last = new Float32Array(channels);
  }

  get outputRows(): number {
    return this.stretches.at(-1)!.outputStart + this.written;
  }

  outputRow(row: number): number {
    const { start, outputStart } = stretchAt(this.stretches, (stretch) => stretch.start <= row);
    const seconds = this.times[Math.min(row, this.count - 1)]! - this.times[start]!;
    // NaN before the first row that has a time.
    return outputStart + Math.max(0, Math.ceil(seconds * this.rate - ROUNDING) || 0);
  }

  inputRow(row: number): number {
    const stretch = stretchAt(this.stretches, ({ outputStart }) => outputStart <= row);
    const end = this.stretches[this.stretches.indexOf(stretch) + 1]?.start ?? this.count;
    const time = this.times[stretch.start]! + (row - stretch.outputStart + ROUNDING) / this.rate;
    let [low, high] = [stretch.start, end - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle]! <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** @param times seconds of each row, NaN where it has none: such a row is not used */
  push(values: Float32Array, times: ArrayLike<number>): Float32Array {
    const { channels, last } = this;
    const made: number[] = [];
    for (let row = 0; row < values.length / channels; row += 1) {
      const time = times[row]!;
      this.remember(Number.isNaN(time) ? this.lastTime : time);
      if (Number.isNaN(time)) continue;
      if (Number.isNaN(this.origin)) this.origin = time;
      for (let at = this.gridTime(); at <= time + ROUNDING / this.rate; at = this.gridTime()) {
        const share = time === this.lastTime || Number.isNaN(this.lastTime) ? 1 : this.shareOf(at, time);
        for (let channel = 0; channel < channels; channel += 1) {
          const value = values[row * channels + channel]!;
          // What does not count is not looked at: it may be missing.
          made.push(share === 1 ? value : last[channel]! + share * (value - last[channel]!));
        }
        this.written += 1;
      }
      last.set(values.subarray(row * channels, (row + 1) * channels));
      this.lastTime = time;
    }
    return Float32Array.from(made);
  }

  /** The grid ends with the last row. */
  finish(): Float32Array {
    return new Float32Array(0);
  }

  begin(row: number): void {
    this.stretches.push({ start: row, outputStart: this.outputRows });
    [this.written, this.origin, this.lastTime] = [0, NaN, NaN];
  }

  private gridTime = (): number => this.origin + this.written / this.rate;

  private shareOf(at: number, time: number): number {
    return Math.min(1, Math.max(0, (at - this.lastTime) / (time - this.lastTime)));
  }

  private remember(time: number): void {
    if (this.count === this.times.length) {
      const more = new Float64Array(2 * this.count);
      more.set(this.times);
      this.times = more;
    }
    this.times[this.count++] = time;
  }
}
