/** Follows the times of a recording's rows: gaps, jumps backwards, and how fast the rows really came. */

export interface ClockBreak {
  /** First row after it, from 0. */
  row: number;
  /** Its line in the file, from 1. */
  line: number;
  /** Seconds that are missing; negative where the clock went back. */
  seconds: number;
}

/** So many steps without a row are a gap; fewer are jitter or a lost row. */
const GAP_STEPS = 10;
const DAY = 86_400;

export class ClockWatch {
  readonly breaks: ClockBreak[] = [];
  /** Seconds between rows as expected. */
  readonly step: number;
  private last = NaN;
  private lastRow = 0;
  private days = 0;
  private elapsed = 0;
  private rows = 0;

  /** Of rows since they were taken last; null where nobody takes them. */
  private times: number[] | null;

  /**
   * @param hz Rows per second as expected.
   * @param keepsTimes for `takeTimes`
   */
  constructor(hz: number, keepsTimes = false) {
    this.step = 1 / hz;
    this.times = keepsTimes ? [] : null;
  }

  /** Seconds of each row since the last call. */
  takeTimes(): number[] {
    const taken = this.times ?? [];
    if (this.times) this.times = [];
    return taken;
  }

  /** @param time Seconds; NaN where the row has none. @returns seconds without midnights in them */
  add(time: number, row: number, line: number): number {
    const now = this.follow(time, row, line);
    this.times?.push(now);
    return now;
  }

  private follow(time: number, row: number, line: number): number {
    if (Number.isNaN(time)) return NaN;
    let now = time + this.days * DAY;
    let distance = now - this.last;
    // A time of day starts over at midnight.
    if (distance < -DAY / 2 && distance > -DAY) {
      this.days += 1;
      now += DAY;
      distance += DAY;
    }
    if (Number.isNaN(distance)) {
      this.last = now;
      this.lastRow = row;
      return now;
    }
    // Clocks coarser than the rows stand still for some rows.
    if (distance === 0) return now;
    const rows = row - this.lastRow;
    if (distance < 0 || distance > (rows - 1 + GAP_STEPS) * this.step) {
      this.breaks.push({ row, line, seconds: distance });
    } else {
      this.elapsed += distance;
      this.rows += rows;
    }
    this.last = now;
    this.lastRow = row;
    return now;
  }

  /** Rows per second without the gaps; null for too few rows. */
  get hz(): number | null {
    return this.rows >= 8 && this.elapsed > 0 ? this.rows / this.elapsed : null;
  }
}
