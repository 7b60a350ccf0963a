/** Steps that take away or set what a channel stands at: trend, scale, limits. */
import { quantilesInPlace, quantilesOf } from './quantiles.ts';
import { eachBlock, type RowStore } from './row-store.ts';

/** Takes the mean of each channel away, or the line that fits it best (SciPy's `detrend`). */
export async function detrend(store: RowStore, kind: 'mean' | 'line'): Promise<void> {
  const { rows, channels } = store;
  if (rows === 0) return;
  const middle = (rows - 1) / 2;
  const [sums, products] = [new Float64Array(channels), new Float64Array(channels)];
  await eachBlock(
    store,
    (values, from) => {
      for (let at = 0; at < values.length; at += 1) {
        const channel = at % channels;
        sums[channel]! += values[at]!;
        products[channel]! += values[at]! * (from + (at - channel) / channels - middle);
      }
    },
    { isWritten: false },
  );
  // The sum of squares of the distances from the middle.
  const spread = (rows * (rows ** 2 - 1)) / 12;
  const slopes = products.map((product) => (kind === 'line' && rows > 1 ? product / spread : 0));
  await eachBlock(store, (values, from) => {
    for (let at = 0; at < values.length; at += 1) {
      const channel = at % channels;
      const row = from + (at - channel) / channels;
      values[at] = values[at]! - sums[channel]! / rows - slopes[channel]! * (row - middle);
    }
  });
}

/** What is taken away, and what is divided by, of each channel. */
export interface Levels {
  center: Float64Array;
  spread: Float64Array;
}

/** Mean and deviation of each channel over all stretches of a recording. */
export async function meanAndDeviation(stores: readonly RowStore[]): Promise<Levels> {
  const channels = stores[0]?.channels ?? 0;
  const count = stores.reduce((sum, { rows }) => sum + rows, 0);
  const sums = await sumsOf(stores, new Float64Array(channels), 1);
  const center = sums.map((sum) => sum / count);
  const squares = await sumsOf(stores, center, 2);
  return { center, spread: squares.map((sum) => Math.sqrt(sum / count)) };
}

/** Of each channel the sum of distances from its center, or of their squares. */
async function sumsOf(
  stores: readonly RowStore[],
  center: Float64Array<ArrayBuffer>,
  power: 1 | 2,
): Promise<Float64Array<ArrayBuffer>> {
  const channels = center.length;
  const sums = new Float64Array(channels);
  const add = (values: Float32Array) => {
    for (let at = 0, channel = 0; at < values.length; at += 1) {
      const apart = values[at]! - center[channel]!;
      sums[channel]! += power === 1 ? apart : apart * apart;
      channel = channel + 1 === channels ? 0 : channel + 1;
    }
  };
  for (const store of stores) await eachBlock(store, add, { isWritten: false });
  return sums;
}

const VALUES_KEPT = 8 * 1024 * 1024;

/** Median and distance of the quartiles of each channel, exact: so many channels at once as fit in memory. */
export async function medianAndQuartiles(stores: readonly RowStore[]): Promise<Levels> {
  const channels = stores[0]?.channels ?? 0;
  const count = stores.reduce((sum, { rows }) => sum + rows, 0);
  const [center, spread] = [new Float64Array(channels), new Float64Array(channels)];
  const atOnce = Math.max(1, Math.floor(VALUES_KEPT / Math.max(1, count)));
  for (let first = 0; first < channels; first += atOnce) {
    const last = Math.min(channels, first + atOnce);
    const columns = Array.from({ length: last - first }, () => new Float32Array(count));
    let begin = 0;
    for (const store of stores) {
      const offset = begin;
      await eachBlock(
        store,
        (values, from) => {
          for (let row = 0; row < values.length / channels; row += 1)
            for (let channel = first; channel < last; channel += 1)
              columns[channel - first]![offset + from + row] = values[row * channels + channel]!;
        },
        { isWritten: false },
      );
      begin += store.rows;
    }
    columns.forEach((column, index) => {
      const [low = 0, median = 0, high = 0] = quantilesInPlace(column, [0.25, 0.5, 0.75]);
      center[first + index] = median;
      spread[first + index] = high - low;
    });
  }
  return { center, spread };
}

/** One level for all channels together: each channel's own put together. */
export function togetherOf({ center, spread }: Levels): Levels {
  const channels = Math.max(1, center.length);
  const mean = center.reduce((sum, one) => sum + one / channels, 0);
  const variance = spread.reduce(
    (sum, one, at) => sum + (one ** 2 + (center[at]! - mean) ** 2) / channels,
    0,
  );
  return { center: center.map(() => mean), spread: spread.map(() => Math.sqrt(variance)) };
}

/** Median and distance of the quartiles of all channels together. */
export async function medianTogether(stores: readonly RowStore[]): Promise<Levels> {
  const channels = stores[0]?.channels ?? 0;
  const [low = 0, median = 0, high = 0] = await quantilesOf(stores, [0.25, 0.5, 0.75]);
  return {
    center: new Float64Array(channels).fill(median),
    spread: new Float64Array(channels).fill(high - low),
  };
}

/** A channel that never changes is only moved to zero. */
export async function standardise(store: RowStore, { center, spread }: Levels): Promise<void> {
  const { channels } = store;
  const factors = spread.map((one) => (one > 0 ? 1 / one : 1));
  await eachBlock(store, (values) => {
    for (let at = 0; at < values.length; at += 1) {
      const channel = at % channels;
      values[at] = (values[at]! - center[channel]!) * factors[channel]!;
    }
  });
}

export const multiply = (store: RowStore, factor: number): Promise<void> =>
  eachBlock(store, (values) => {
    for (let at = 0; at < values.length; at += 1) values[at] = values[at]! * factor;
  });

/** Nothing is further from zero than `limit`; softly, by a hyperbolic tangent that leaves small values as they are. */
export const clip = (store: RowStore, limit: number, isSoft: boolean): Promise<void> =>
  eachBlock(store, (values) => {
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at]!;
      values[at] = isSoft ? limit * Math.tanh(value / limit) : Math.max(-limit, Math.min(limit, value));
    }
  });
