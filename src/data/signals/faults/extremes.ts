/** Runs of values at the smallest or the largest of a whole recording: what an amplifier could not follow. */

export interface Run {
  channel: number;
  stretch: number;
  start: number;
  end: number;
}

export interface Extremes {
  begin(): void;
  take(values: Float32Array): void;
  /** In the order of their channels and rows. */
  runs(): Run[];
}

/** One side of one channel: its extreme so far, and the runs at it. */
interface Side {
  value: number;
  length: number;
  runs: Run[];
}

/** @param rows how many in a row make a run */
export function createExtremes(channels: number, rows: number): Extremes {
  let [stretch, row] = [-1, 0];
  const side = (): Side[] => Array.from({ length: channels }, () => ({ value: NaN, length: 0, runs: [] }));
  const [lowest, highest] = [side(), side()];
  const see = (one: Side, channel: number, value: number, isBeyond: boolean) => {
    if (isBeyond || Number.isNaN(one.value)) {
      // A further value: what was taken for the end of the scale was none.
      one.value = value;
      one.runs = [];
      one.length = 1;
    } else if (value === one.value) one.length += 1;
    else {
      one.length = 0;
      return;
    }
    if (one.length === rows) one.runs.push({ channel, stretch, start: row + 1 - rows, end: row + 1 });
    else if (one.length > rows) one.runs.at(-1)!.end = row + 1;
  };
  return {
    begin() {
      stretch += 1;
      row = 0;
      for (const one of [...lowest, ...highest]) one.length = 0;
    },
    take(values) {
      for (let at = 0; at < values.length; row += 1)
        for (let channel = 0; channel < channels; channel += 1, at += 1) {
          const value = values[at]!;
          see(lowest[channel]!, channel, value, value < lowest[channel]!.value);
          see(highest[channel]!, channel, value, value > highest[channel]!.value);
        }
    },
    runs: () =>
      lowest.flatMap((low, channel) => {
        const high = highest[channel]!;
        // A channel that never changes is flat, not clipped.
        if (low.value === high.value) return [];
        return [...low.runs, ...high.runs].sort(
          (one, other) => one.stretch - other.stretch || one.start - other.start,
        );
      }),
  };
}
