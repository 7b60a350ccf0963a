/** From the events of a recording to windows with their labels. */
import type { RecordedEvent } from '../../recordings/recording.ts';
import type { BadStretch } from './rows.ts';

/** A stretch of a recording as it stands in the shard. */
export interface StoredStretch {
  /** Rows of the recording in the shard. */
  start: number;
  end: number;
  /** Of its own; behind them a trial is filled up with zeros. */
  rows: number;
  /** Of its first row, since the recording began. */
  seconds: number;
  label?: string | null | undefined;
  columns: Record<string, string>;
  /** Rows from its first. */
  bad: BadStretch[];
  /** The same of channels that are bad there; no window is to touch them. */
  faulty?: BadStretch[];
  /** Of trials: from 1. */
  trial: number | null;
}

export interface LabeledWindow {
  /** Row of the recording in the shard. */
  start: number;
  stretch: StoredStretch;
  label: string | null;
}

export interface SpanCounts {
  /** Windows left out for values that are missing. */
  bad: number;
  /** Windows left out for bad channels. */
  faulty: number;
  /** Events whose window does not lie within one stretch. */
  outside: number;
}

export interface CutPlan {
  cut: 'inside' | 'around' | 'whole' | 'sliding';
  length: number;
  stride: number;
  rate: number;
  /** Seconds from an event to the beginning of its window. */
  from: number;
  /** Class of an event; null for none. */
  classOf: (name: string) => string | null;
  keepOthers: boolean;
}

/** Windows in the order of their rows; none twice. */
export function* windowsOf(
  stretches: readonly StoredStretch[],
  events: readonly RecordedEvent[],
  plan: CutPlan,
  counts: SpanCounts,
): Generator<LabeledWindow> {
  const placed =
    plan.cut === 'inside' || plan.cut === 'around' ? placeEvents(stretches, events, plan, counts) : null;
  for (const stretch of stretches) {
    const found =
      plan.cut === 'whole'
        ? [{ start: stretch.start, label: stretch.label ?? null }]
        : placed
          ? plan.cut === 'around'
            ? aroundEvents(stretch, placed.get(stretch) ?? [], plan, counts)
            : insideEvents(stretch, placed.get(stretch) ?? [], plan)
          : sliding(stretch.start, stretch.end, stretch.label ?? null, plan);
    let last = -1;
    for (const window of found) {
      // Two events at one row would be one sample with two labels: the first stands.
      if (window.start === last) continue;
      last = window.start;
      const from = window.start - stretch.start;
      const touches = ({ start, end }: BadStretch) => start < from + plan.length && end > from;
      if (stretch.bad.some(touches)) counts.bad += 1;
      else if (stretch.faulty?.some(touches)) counts.faulty += 1;
      else yield { ...window, stretch };
    }
  }
}

interface PlacedEvent {
  start: number;
  end: number;
  label: string | null;
}

/** Events by the stretch that they begin in. */
function placeEvents(
  stretches: readonly StoredStretch[],
  events: readonly RecordedEvent[],
  { rate, classOf, cut, keepOthers }: CutPlan,
  counts: SpanCounts,
): Map<StoredStretch, PlacedEvent[]> {
  const placed = new Map<StoredStretch, PlacedEvent[]>();
  let at = 0;
  for (const { seconds, duration, name } of events) {
    const label = classOf(name);
    // What has no class is no stretch of its own, yet windows around it may be kept.
    if (label === null && !(cut === 'around' && keepOthers)) continue;
    while (at + 1 < stretches.length && stretches[at + 1]!.seconds <= seconds + 0.5 / rate) at += 1;
    const stretch = stretches[at];
    if (!stretch) continue;
    const start = stretch.start + Math.round((seconds - stretch.seconds) * rate);
    if (start < stretch.start || start >= stretch.end) {
      counts.outside += 1;
      continue;
    }
    const end = Math.min(stretch.end, start + Math.round(duration * rate));
    const there = placed.get(stretch);
    if (there) there.push({ start, end, label });
    else placed.set(stretch, [{ start, end, label }]);
  }
  return placed;
}

function* sliding(start: number, end: number, label: string | null, { length, stride }: CutPlan) {
  for (let row = start; row + length <= end; row += stride) yield { start: row, label };
}

function* aroundEvents(stretch: StoredStretch, events: PlacedEvent[], plan: CutPlan, counts: SpanCounts) {
  const shift = Math.round(plan.from * plan.rate);
  for (const { start, label } of events) {
    const row = start + shift;
    if (row >= stretch.start && row + plan.length <= stretch.end) yield { start: row, label };
    else counts.outside += 1;
  }
}

/** Windows from the beginning of each labelled stretch on, and between them where these are kept. */
function* insideEvents(stretch: StoredStretch, events: PlacedEvent[], plan: CutPlan) {
  let free = stretch.start;
  for (const { start, end, label } of events) {
    const begin = Math.max(start, free);
    if (end <= begin) continue;
    if (plan.keepOthers) yield* sliding(free, begin, null, plan);
    yield* sliding(begin, end, label, plan);
    free = end;
  }
  if (plan.keepOthers) yield* sliding(free, stretch.end, null, plan);
}
