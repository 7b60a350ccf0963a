import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bandPass,
  highPass,
  lowPass,
  notch,
  type Section,
} from '../../../../../src/data/signals/preparation/butterworth.ts';
import {
  clip,
  detrend,
  meanAndDeviation,
  medianAndQuartiles,
  medianTogether,
  standardise,
  togetherOf,
} from '../../../../../src/data/signals/preparation/level.ts';
import { storeInMemory, type RowStore } from '../../../../../src/data/signals/preparation/row-store.ts';
import { filterBothWays } from '../../../../../src/data/signals/preparation/zero-phase.ts';

interface Filter {
  kind: 'low' | 'high' | 'band' | 'notch';
  order: number;
  edges: number[];
}
/** Written by SciPy 1.17.1: 420 rows of two channels. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../../fixtures/preparation/steps.json', import.meta.url), 'utf8'),
) as {
  rate: number;
  input: number[];
  filters: (Filter & { values: number[] })[];
  gains: (Filter & { at: number[]; gains: number[] })[];
  mean: number[];
  line: number[];
  zScore: number[];
  median: number[];
};

const made = (): { values: Float32Array; store: RowStore } => {
  const values = Float32Array.from(fixture.input);
  return { values, store: storeInMemory(values, 2) };
};

/** As a share of the largest value. */
function difference(found: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, at) => Math.abs(value - (found[at] ?? NaN)))) / largest;
}

function sectionsOf({ kind, order, edges: [first, last] }: Filter): Section[] {
  if (kind === 'notch') return notch(first!, order, fixture.rate);
  if (kind === 'band') return bandPass(order, first!, last!, fixture.rate);
  return (kind === 'low' ? lowPass : highPass)(order, first!, fixture.rate);
}

describe('filters', () => {
  it.each(fixture.filters)(
    '$kind pass of order $order at $edges Hz, both ways, is the one of SciPy',
    async (filter) => {
      const { values, store } = made();
      await filterBothWays(store, sectionsOf(filter));
      expect(difference(values, filter.values)).toBeLessThan(1e-5);
    },
  );

  it.each(fixture.gains)('$kind pass of order $order at $edges Hz lets as much through', (filter) => {
    const sections = sectionsOf(filter);
    filter.at.forEach((frequency, index) => {
      const angle = (2 * Math.PI * frequency) / fixture.rate;
      const part = (c0: number, c1: number, c2: number) =>
        Math.hypot(
          c0 + c1 * Math.cos(angle) + c2 * Math.cos(2 * angle),
          c1 * Math.sin(angle) + c2 * Math.sin(2 * angle),
        );
      const gain = sections.reduce(
        (product, [b0, b1, b2, a1, a2]) => (product * part(b0, b1, b2)) / part(1, a1, a2),
        1,
      );
      expect(gain).toBeCloseTo(filter.gains[index]!, 8);
    });
  });

  it('go over a recording in blocks as over the whole', async () => {
    // Half a million rows of two channels: two blocks.
    const rows = 500_000;
    const input = Float32Array.from({ length: 2 * rows }, (_, at) => Math.sin(at / 37) + (at % 7));
    const sections = lowPass(4, 20, fixture.rate);
    const [both, one] = [input.slice(), input.filter((_, at) => at % 2 === 0)];
    await filterBothWays(storeInMemory(both, 2), sections);
    await filterBothWays(storeInMemory(one, 1), sections);
    expect(
      difference(
        both.filter((_, at) => at % 2 === 0),
        Array.from(one.subarray(0, 100_000)),
      ),
    ).toBe(0);
    expect(both[2 * 300_000]).toBe(one[300_000]);
  });

  it('take recordings that are shorter than their edges', async () => {
    const values = new Float32Array([3, 3, 3]);
    await filterBothWays(storeInMemory(values, 1), lowPass(4, 20, fixture.rate));
    for (const value of values) expect(value).toBeCloseTo(3, 5);
  });
});

describe('levels', () => {
  it.each(['mean', 'line'] as const)('without their %s are those of SciPy', async (kind) => {
    const { values, store } = made();
    await detrend(store, kind);
    expect(difference(values, fixture[kind])).toBeLessThan(1e-5);
  });

  it('are scaled by mean and deviation, or by median and quartiles, as NumPy has them', async () => {
    const [one, other] = [made(), made()];
    await standardise(one.store, await meanAndDeviation([one.store]));
    expect(difference(one.values, fixture.zScore)).toBeLessThan(1e-5);
    await standardise(other.store, await medianAndQuartiles([other.store]));
    expect(difference(other.values, fixture.median)).toBeLessThan(1e-5);
  });

  it('are measured over all stretches of a recording', async () => {
    const parts = [storeInMemory(new Float32Array([1, 2]), 1), storeInMemory(new Float32Array([3, 10]), 1)];
    expect(await meanAndDeviation(parts)).toMatchObject({ center: new Float64Array([4]) });
    // numpy.quantile([1, 2, 3, 10], [0.25, 0.5, 0.75]) is 1.75, 2.5, 4.75.
    expect(await medianAndQuartiles(parts)).toEqual({
      center: new Float64Array([2.5]),
      spread: new Float64Array([3]),
    });
  });

  it('are measured over all channels together, where louder ones are to stay louder', async () => {
    // numpy.mean, numpy.std and numpy.quantile of [1, 10, 2, 30, 3, 20].
    const stores = [
      storeInMemory(new Float32Array([1, 10, 2, 30]), 2),
      storeInMemory(new Float32Array([3, 20]), 2),
    ];
    const { center, spread } = togetherOf(await meanAndDeviation(stores));
    expect([...center]).toEqual([11, 11].map((one) => expect.closeTo(one, 9) as number));
    expect([...spread]).toEqual([10.708252269, 10.708252269].map((one) => expect.closeTo(one, 8) as number));
    expect(await medianTogether(stores)).toEqual({
      center: new Float64Array([6.5, 6.5]),
      spread: new Float64Array([15.25, 15.25]),
    });
  });

  it('are clipped, hard or soft', async () => {
    const hard = new Float32Array([-9, 0.5, 4]);
    const soft = hard.slice();
    await clip(storeInMemory(hard, 1), 3, false);
    await clip(storeInMemory(soft, 1), 3, true);
    expect([...hard]).toEqual([-3, 0.5, 3]);
    expect(Math.abs(soft[0]!)).toBeLessThan(3);
    expect(soft[1]).toBeCloseTo(3 * Math.tanh(0.5 / 3), 6);
  });
});
