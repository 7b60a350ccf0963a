/**
 * A filter forward and backward, so that nothing is shifted in time: SciPy's `sosfiltfilt`, over rows that need not
 * fit in memory. What lies beyond an end is the signal turned about its last value.
 */
import type { Section } from './butterworth.ts';
import { eachBlock, type RowStore } from './row-store.ts';

/** Rows beyond each end, three times what the filter reaches. */
function edgeRows(sections: readonly Section[], rows: number): number {
  const single = sections.filter(([, , b2, , a2]) => b2 === 0 && a2 === 0).length;
  return Math.max(0, Math.min(3 * (2 * sections.length + 1 - single), rows - 1));
}

/** States of all sections for a signal that has been 1 for ever (SciPy's `sosfilt_zi`). */
function steadyStates(sections: readonly Section[]): Float64Array {
  const states = new Float64Array(2 * sections.length);
  let level = 1;
  sections.forEach(([b0, b1, b2, a1, a2], index) => {
    const first = (b1 - a1 * b0 + b2 - a2 * b0) / (1 + a1 + a2);
    states[2 * index] = level * first;
    states[2 * index + 1] = level * ((1 + a1) * first - (b1 - a1 * b0));
    level *= (b0 + b1 + b2) / (1 + a1 + a2);
  });
  return states;
}

/** Filters a row after the other; it remembers what came before. */
function createRun(sections: readonly Section[], channels: number, first: ArrayLike<number>) {
  const steady = steadyStates(sections);
  const states = new Float64Array(channels * steady.length);
  for (let channel = 0; channel < channels; channel += 1)
    for (let at = 0; at < steady.length; at += 1)
      states[channel * steady.length + at] = steady[at]! * first[channel]!;
  // One list of numbers: taking sections apart for every value would take most of the time.
  const factors = Float64Array.from(sections.flat());
  return (values: Float32Array | Float64Array, row: number): void => {
    let state = 0;
    for (let place = row * channels; place < (row + 1) * channels; place += 1) {
      let value = values[place]!;
      for (let at = 0; at < factors.length; at += 5) {
        const result = factors[at]! * value + states[state]!;
        states[state] = factors[at + 1]! * value - factors[at + 3]! * result + states[state + 1]!;
        states[state + 1] = factors[at + 2]! * value - factors[at + 4]! * result;
        state += 2;
        value = result;
      }
      values[place] = value;
    }
  };
}

/** Rows beyond an end, from the nearest on: 2·last − mirrored. `rows` begin at the end itself. */
function turned(rows: Float32Array, channels: number, count: number): Float64Array {
  const beyond = new Float64Array(count * channels);
  for (let row = 0; row < count; row += 1)
    for (let channel = 0; channel < channels; channel += 1)
      beyond[row * channels + channel] = 2 * rows[channel]! - rows[(row + 1) * channels + channel]!;
  return beyond;
}

function reversed(rows: Float32Array, channels: number): Float32Array {
  const count = rows.length / channels;
  const turnedRound = new Float32Array(rows.length);
  for (let row = 0; row < count; row += 1)
    turnedRound.set(rows.subarray(row * channels, (row + 1) * channels), (count - 1 - row) * channels);
  return turnedRound;
}

export async function filterBothWays(store: RowStore, sections: readonly Section[]): Promise<void> {
  const { rows, channels } = store;
  if (rows === 0 || sections.length === 0) return;
  const edge = edgeRows(sections, rows);
  const before = turned(await store.read(0, edge + 1), channels, edge);
  const after = turned(reversed(await store.read(rows - edge - 1, rows), channels), channels, edge);
  const firstRow = edge > 0 ? before.slice((edge - 1) * channels) : await store.read(0, 1);
  const forward = createRun(sections, channels, firstRow);
  for (let row = edge - 1; row >= 0; row -= 1) forward(before, row);
  let lastRow: ArrayLike<number> = [];
  await eachBlock(store, (values) => {
    const count = values.length / channels;
    for (let row = 0; row < count; row += 1) forward(values, row);
    lastRow = values.slice((count - 1) * channels);
  });
  for (let row = 0; row < edge; row += 1) forward(after, row);
  const backward = createRun(sections, channels, edge > 0 ? after.slice((edge - 1) * channels) : lastRow);
  for (let row = edge - 1; row >= 0; row -= 1) backward(after, row);
  const goBack = (values: Float32Array) => {
    for (let row = values.length / channels - 1; row >= 0; row -= 1) backward(values, row);
  };
  await eachBlock(store, goBack, { isBackward: true });
}
