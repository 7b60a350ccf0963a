/** Stretches of a recording that no window may cross: a gap in time or another subject parts them. */
import type { ClockBreak } from '../delimited/clock-watch.ts';
import type { Runs } from '../delimited/runs.ts';

export interface Segment {
  start: number;
  end: number;
  /** Values of the group columns. */
  columns: Record<string, string>;
}

export function segmentsOf(
  rowCount: number,
  breaks: readonly Pick<ClockBreak, 'row'>[],
  groups: readonly { name: string; runs: Pick<Runs, 'starts' | 'ids' | 'values'> }[],
): Segment[] {
  const starts = new Set([0, ...breaks.map(({ row }) => row), ...groups.flatMap(({ runs }) => runs.starts)]);
  const sorted = [...starts].filter((row) => row < rowCount).sort((one, other) => one - other);
  const places = groups.map(() => 0);
  return sorted.map((start, index) => {
    const columns: Record<string, string> = {};
    groups.forEach(({ name, runs }, group) => {
      while ((runs.starts[places[group]! + 1] ?? Infinity) <= start) places[group]! += 1;
      const value = runs.values[runs.ids[places[group]!] ?? -1];
      if (value !== undefined) columns[name] = value;
    });
    return { start, end: sorted[index + 1] ?? rowCount, columns };
  });
}

/** Seconds that are missing before each of some ascending rows; where the clock went back the recording goes on. */
export function lostSeconds(
  breaks: readonly Pick<ClockBreak, 'row' | 'seconds'>[],
  step: number,
  rows: readonly number[],
): number[] {
  let [lost, next] = [0, 0];
  return rows.map((before) => {
    for (; next < breaks.length && breaks[next]!.row <= before; next += 1)
      lost += Math.max(0, breaks[next]!.seconds - step);
    return lost;
  });
}
