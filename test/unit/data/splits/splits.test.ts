import { describe, expect, it } from 'vitest';
import { drawSplits, strataOfNumbers } from '../../../../src/data/splits/draw.ts';
import { groupSamples } from '../../../../src/data/splits/groups.ts';
import { createRandom, permutation } from '../../../../src/data/shards/random.ts';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';
import { assertDisjoint, filesToPart, splitSamples } from '../../../../src/data/splits/splits.ts';
import { failureOf } from '../../../fixtures/imports.ts';

const all = (count: number) => Int32Array.from({ length: count }, (_, at) => at);
const countOf = (codes: Uint8Array, code: number) => codes.filter((found) => found === code).length;

/** One file a sample, with the given columns and folder splits. */
function tableOf(
  files: { columns?: Record<string, string>; split?: -1 | 0 | 1 | 2; label?: number }[],
): SampleTable {
  const table = new SampleTable();
  files.forEach(({ columns = {}, split = -1, label = 0 }, at) => {
    const file = table.addFile({ path: `${at}.png`, folderSplit: split, columns });
    table.add({ offset: at * 10, file, row: -1, label, number: NaN, block: 0 });
  });
  return table;
}
const strataOf = (table: SampleTable) => table.labels.slice(0, table.count);

describe('a random split', () => {
  it('never parts a group, over many random cases', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const random = createRandom(seed, 77);
      const count = 3 + random.below(200);
      const groupCount = 1 + random.below(30);
      const groups = Int32Array.from({ length: count }, () => random.below(groupCount));
      const strata = Int32Array.from({ length: count }, () => random.below(5) - 1);
      const codes = new Uint8Array(count).fill(9);
      drawSplits({ strata, groups, candidates: all(count), validation: 0.2, test: 0.3, seed }, codes);
      const splitOf = new Map<number, number>();
      codes.forEach((code, at) => {
        expect(code).toBeLessThan(3);
        const group = groups[at]!;
        expect(splitOf.get(group) ?? code, `seed ${seed}, group ${group}`).toBe(code);
        splitOf.set(group, code);
      });
      const labeledGroups = new Set([...groups].filter((_, at) => strata[at]! >= 0));
      if (labeledGroups.size >= 3) expect(new Set(codes).size, `seed ${seed}`).toBe(3);
    }
  });

  it('takes the wanted share of every class, and leaves unlabeled samples in training', () => {
    const strata = Int32Array.from({ length: 1100 }, (_, at) => (at < 100 ? 0 : at < 1000 ? 1 : -1));
    const codes = new Uint8Array(1100);
    drawSplits({ strata, groups: null, candidates: all(1100), validation: 0.15, test: 0.2, seed: 3 }, codes);
    const of = (stratum: number, code: number) =>
      codes.filter((found, at) => found === code && strata[at] === stratum).length;
    expect([of(0, 0), of(0, 1), of(0, 2)]).toEqual([65, 15, 20]);
    expect([of(1, 0), of(1, 1), of(1, 2)]).toEqual([585, 135, 180]);
    expect(of(-1, 0)).toBe(100);
  });

  it('comes near the wanted shares with whole groups', () => {
    const strata = Int32Array.from({ length: 1000 }, (_, at) => at % 4);
    const groups = Int32Array.from({ length: 1000 }, (_, at) => Math.floor(at / 20));
    const codes = new Uint8Array(1000);
    drawSplits({ strata, groups, candidates: all(1000), validation: 0.1, test: 0.3, seed: 1 }, codes);
    expect([countOf(codes, 1), countOf(codes, 2)]).toEqual([100, 300]);
  });

  it('is the same for a seed and another for another', () => {
    const draw = (seed: number) => {
      const codes = new Uint8Array(200);
      const strata = new Int32Array(200);
      drawSplits({ strata, groups: null, candidates: all(200), validation: 0.2, test: 0.2, seed }, codes);
      return codes.join('');
    };
    expect(draw(5)).toBe(draw(5));
    expect(draw(5)).not.toBe(draw(6));
  });

  it('cuts target numbers into ten strata of equal size', () => {
    const numbers = Float32Array.from({ length: 100 }, (_, at) => (at === 50 ? NaN : (at * 37) % 100));
    const strata = strataOfNumbers(numbers);
    expect(strata[50]).toBe(-1);
    const sizes = Array.from(
      { length: 10 },
      (_, stratum) => strata.filter((found) => found === stratum).length,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBe(99);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(9);
    expect(strata[[...numbers].indexOf(0)]).toBe(0);
    expect(strata[[...numbers].indexOf(99)]).toBe(9);
  });

  it('gives equal numbers to strata in their order', () => {
    // By rank, as NumPy has it: np.floor(np.argsort(np.argsort(x, kind='stable')) * count / n).
    const ranked = (numbers: Float32Array) => {
      const known = [...numbers.keys()].filter((at) => !Number.isNaN(numbers[at]));
      const order = known.toSorted((a, b) => numbers[a]! - numbers[b]! || a - b);
      const count = Math.min(10, Math.max(1, Math.round(order.length / 10)));
      const strata = new Int32Array(numbers.length).fill(-1);
      order.forEach((at, rank) => (strata[at] = Math.floor((rank * count) / order.length)));
      return strata;
    };
    for (const [length, values] of [
      [0, 1],
      [7, 3],
      [57, 2],
      [97, 4],
      [1000, 1],
      [1003, 13],
      [1003, 5000],
    ] as const) {
      const numbers = Float32Array.from({ length }, (_, at) =>
        at % 11 === 3 ? NaN : ((at * 7919) % 104729) % values,
      );
      expect(strataOfNumbers(numbers)).toEqual(ranked(numbers));
    }
  });
});

describe('a split by folder or column', () => {
  it('draws validation from training where there is none, groups whole', () => {
    const files = Array.from({ length: 60 }, (_, at) => ({
      split: at < 20 ? (2 as const) : (0 as const),
      columns: { patient: `p${Math.floor(at / 4)}` },
      label: at % 2,
    }));
    const table = tableOf(files);
    const grouping = groupSamples(table, 'patient', false, false);
    const { codes, by } = splitSamples(table, { by: 'folder' }, strataOf(table), grouping);
    expect(countOf(codes, 2)).toBe(20);
    expect(countOf(codes, 1)).toBeGreaterThanOrEqual(4);
    expect(countOf(codes, 1) % 4).toBe(0);
    expect(by).toBe(
      'folder; validation 15 % drawn from training (seed 1), stratified by label, whole groups by patient',
    );
  });

  it('goes by the values of a column', () => {
    const table = tableOf(
      Array.from({ length: 30 }, (_, at) => ({ columns: { session: `${(at % 3) + 1}` } })),
    );
    const rule = { by: 'column' as const, column: 'session', validation: ['2'], test: ['3'] };
    const { codes, by } = splitSamples(
      table,
      rule,
      strataOf(table),
      groupSamples(table, undefined, false, false),
    );
    expect([...codes.subarray(0, 6)]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(by).toBe('column “session”');
  });

  it('is refused when it would part a group, naming the group', async () => {
    const table = tableOf([
      { columns: { session: '1', person: 'ann' } },
      { columns: { session: '2', person: 'ann' } },
    ]);
    const grouping = groupSamples(table, 'person', false, false);
    const rule = { by: 'column' as const, column: 'session', validation: [], test: ['2'] };
    const failure = await failureOf((async () => splitSamples(table, rule, strataOf(table), grouping))());
    expect(failure.code).toBe('split.group-parted');
    expect(failure.message).toContain('“ann”');
  });

  it('is refused for values and columns that do not occur, naming those that do', async () => {
    const table = tableOf([{ columns: { session: '1' } }, { columns: { session: '2' } }]);
    const grouping = groupSamples(table, undefined, false, false);
    const split = (column: string, test: string[]) =>
      failureOf(
        (async () =>
          splitSamples(table, { by: 'column', column, validation: [], test }, strataOf(table), grouping))(),
      );
    expect(await split('session', ['3'])).toMatchObject({ code: 'split.no-value' });
    expect((await split('session', ['3'])).message).toContain('Found: 1, 2');
    expect(await split('day', ['1'])).toMatchObject({ code: 'import.no-column' });
    const noFolders = failureOf(
      (async () => splitSamples(table, { by: 'folder' }, strataOf(table), grouping))(),
    );
    expect(await noFolders).toMatchObject({ code: 'split.no-folders' });
  });
});

describe('the check of disjointness', () => {
  const alone = { ids: null, names: [], description: null, named: false };
  it('finds overlapping samples of different splits and parted groups', () => {
    const offsets = Float64Array.of(0, 8, 16);
    expect(() => assertDisjoint(offsets, 8, alone, Uint8Array.of(0, 1, 2))).not.toThrow();
    expect(() => assertDisjoint(offsets, 9, alone, Uint8Array.of(0, 0, 2))).toThrow('overlaps');
    expect(() => assertDisjoint(Float64Array.of(16, 0, 12), 8, alone, Uint8Array.of(0, 0, 1))).toThrow(
      'overlaps',
    );
    const groups = { ...alone, ids: Int32Array.of(0, 0, 1), names: ['ann', 'bob'] };
    expect(() => assertDisjoint(offsets, 8, groups, Uint8Array.of(0, 1, 2))).toThrow('ann');
  });
});

describe('random numbers', () => {
  it('give permutations, evenly spread and repeatable', () => {
    const order = permutation(1000, createRandom(1, 2));
    expect([...order].sort((one, other) => one - other)).toEqual([...all(1000)]);
    expect(order.join()).toBe(permutation(1000, createRandom(1, 2)).join());
    expect(order.join()).not.toBe(permutation(1000, createRandom(2, 1)).join());
    const random = createRandom(9);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) counts[random.below(10)]! += 1;
    // Chi-squared with 9 degrees of freedom: 27.9 is its 99.9th percentile.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  });
});

it('parts recordings by time where those that a split is drawn from are too few to keep each whole', () => {
  const files = (...runs: string[]) => tableOf(runs.map((run) => ({ columns: { run } })));
  const test = { by: 'column' as const, column: 'run', validation: [], test: ['6'] };
  const random = { by: 'random', validation: 0.2, test: 0.2, seed: 1 } as const;
  const parted = (table: SampleTable, rule: Parameters<typeof filesToPart>[1]) =>
    filesToPart(table, rule) && [...filesToPart(table, rule)!];
  // Validation is drawn from one recording, or from two of which one can be given.
  expect(parted(files('4', '6'), test)).toEqual([0]);
  expect(parted(files('4', '5', '6'), test)).toBeNull();
  // Nothing is drawn.
  expect(parted(files('4', '6'), { ...test, validation: ['4'] })).toBeNull();
  expect(parted(files('4', '6'), random)).toEqual([0, 1]);
  expect(parted(files('4', '5', '6'), random)).toBeNull();
  expect(parted(tableOf([{ split: 0 }, { split: 0 }]), { by: 'folder' })).toEqual([0, 1]);
});
