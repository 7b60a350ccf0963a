import { describe, expect, it } from 'vitest';
import { statisticsOfColumns } from '../../../../src/contract/data/columns.ts';
import { rowPanel } from '../../../../src/data/tables/panel.ts';
import { previewItems } from '../../../../src/learning/pretext/preview.ts';
import {
  companionsOf,
  findPretextTask,
  pretextOptions,
  pretextTasks,
} from '../../../../src/learning/pretext/registry.ts';
import { rowHead } from '../../../../src/learning/pretext/parts/row-head.ts';
import { hideCells } from '../../../../src/learning/pretext/tasks/masked-features.ts';
import { corruptRows } from '../../../../src/learning/pretext/tasks/scarf.ts';
import { columnSubsets, subsetAgreement } from '../../../../src/learning/pretext/tasks/subtab.ts';
import { replaceCells } from '../../../../src/learning/pretext/tasks/vime.ts';
import { createPass, initialState } from '../../../../src/learning/layers/layer.ts';
import { ntXent } from '../../../../src/learning/losses/nt-xent.ts';
import { normalizeChannels } from '../../../../src/learning/channels.ts';
import { normal, tf, type Tensor } from '../../../../src/tensor/index.ts';
import { seed } from '../helpers.ts';
import { tableColumns, tableRows } from '../tables.ts';

const count = 300;
const rows = tf.tensor2d(tableRows(count), [count, 6]);
const cells = (tensor: Tensor) => Array.from(tensor.dataSync());
const original = cells(rows);
const about = { columns: tableColumns };
const channelStatistics = statisticsOfColumns(tableColumns);

describe('SCARF', () => {
  it('replaces the same number of cells of every row, and leaves the others as they are', () => {
    const { view, replaced } = corruptRows(rows, seed(1), 0.6);
    const mask = cells(replaced);
    for (let row = 0; row < count; row++)
      // 0.6 of 6 cells.
      expect(mask.slice(6 * row, 6 * row + 6).reduce((sum, value) => sum + value, 0)).toBe(4);
    cells(view).forEach((value, place) => {
      if (mask[place] === 0) expect(value).toBe(original[place]);
    });
    const moved = cells(view).filter((value, place) => place % 6 === 0 && value !== original[place]).length;
    expect(moved).toBeGreaterThan(150);
  });
});

describe('VIME', () => {
  it('asks for the cells that differ, not for those that were given the value they had', () => {
    const { view, changed } = replaceCells(rows, seed(1), 0.5);
    const found = cells(view);
    cells(changed).forEach((yes, place) =>
      expect(yes).toBe(Object.is(found[place], original[place]) ? 0 : 1),
    );
    const share = (column: number) =>
      cells(changed).filter((yes, place) => place % 6 === column && yes === 1).length / count;
    // Numbers nearly never meet themselves; of a category of two, half of the replaced cells do.
    expect(share(0)).toBeGreaterThan(0.4);
    expect(share(3)).toBeLessThan(0.35);
  });
});

describe('masked features', () => {
  it('hide the same number of cells of every row', () => {
    const { view, hidden } = hideCells(rows, seed(1), 0.5);
    const mask = cells(hidden);
    for (let row = 0; row < count; row++)
      expect(mask.slice(6 * row, 6 * row + 6).reduce((sum, value) => sum + value, 0)).toBe(3);
    cells(view).forEach((value, place) => expect(value).toBe(mask[place] === 1 ? NaN : original[place]));
  });
});

describe('the head that tells cells', () => {
  it('counts no cell that is unknown, whatever it says of it', () => {
    const head = rowHead({ name: 'values', inputs: 4, hidden: 8, columns: tableColumns });
    const pass = createPass({ parameters: initialState(head.parameters, 1), statistics: {} }, false);
    const features = normal([count, 4], seed(2));
    const normalized = normalizeChannels(rows, channelStatistics);
    const lossOf = (asked: Tensor) => head.errors(features, normalized, asked, pass).loss.dataSync()[0]!;
    const known = tf.sub(1, tf.cast(tf.isNaN(rows), 'float32'));
    expect(lossOf(tf.onesLike(rows))).toBeCloseTo(lossOf(known), 6);
    expect(lossOf(tf.sub(1, known))).toBe(0);
    expect(Number.isFinite(lossOf(known))).toBe(true);
  });
});

describe('SubTab', () => {
  it('parts the columns side by side, each subset with a share of the next', () => {
    expect(columnSubsets(8, 4, 0.5)).toEqual([
      [1, 1, 1, 0, 0, 0, 0, 0],
      [0, 0, 1, 1, 1, 0, 0, 0],
      [0, 0, 0, 0, 1, 1, 1, 0],
      [1, 0, 0, 0, 0, 0, 1, 1],
    ]);
    // Every column is in some subset, also where columns and subsets do not divide.
    for (const [columns, subsets] of [
      [7, 3],
      [14, 4],
      [5, 5],
    ] as const)
      for (let column = 0; column < columns; column++)
        expect(columnSubsets(columns, subsets, 0).some((subset) => subset[column] === 1)).toBe(true);
  });

  it('takes the means over all pairs of subsets', () => {
    const [a, b, c] = [1, 2, 3].map((number) => normal([6, 4], seed(number))) as [Tensor, Tensor, Tensor];
    const { contrast, distance } = subsetAgreement([a, b, c], 0.2);
    const pairs = [
      [a, b],
      [a, c],
      [b, c],
    ] as const;
    const mean = (value: (first: Tensor, second: Tensor) => Tensor) =>
      pairs.reduce((sum, [first, second]) => sum + value(first, second).dataSync()[0]! / 3, 0);
    expect(contrast.dataSync()[0]).toBeCloseTo(
      mean((first, second) => ntXent(first, second, 0.2).loss),
      5,
    );
    expect(distance.dataSync()[0]).toBeCloseTo(
      mean((first, second) => tf.mean(tf.square(tf.sub(first, second)))),
      5,
    );
  });

  it('is refused a table of fewer columns than subsets', () => {
    const context = { modality: 'table', inputShape: [3], sampleCount: 100 };
    expect(() => pretextOptions('subtab', { subsets: 4 }, context)).toThrow(
      /at least as many columns. Found: 3/,
    );
  });
});

describe.each(pretextTasks.filter(({ modalities }) => modalities.includes('table')).map(({ id }) => id))(
  'the preview of %s',
  (id) => {
    it('shows rows in the person’s own columns, and says what is asked', () => {
      const context = { modality: 'table' as const, inputShape: [6], sampleCount: 100, about };
      const options = pretextOptions(id, {}, context);
      const few = tf.slice(rows, [0, 0], [3, 6]);
      const each = companionsOf(id, {}, context)?.count ?? 0;
      // Other rows of the same group, for tasks that look at some.
      const companions = tf.reshape(tf.slice(rows, [3, 0], [3 * Math.max(1, each), 6]), [
        3,
        Math.max(1, each),
        6,
      ]);
      const facts = each > 0 ? { companions, found: tf.ones([3, each]) } : undefined;
      const request = {
        modality: 'table',
        options,
        channelStatistics,
        samples: few,
        seed: seed(1),
        about,
        facts,
      };
      const items = previewItems(findPretextTask(id, 'table'), request, [0, 1, 2]);
      for (const { panels, pseudoLabel } of items) {
        expect(pseudoLabel.length).toBeGreaterThan(5);
        expect(panels.length).toBeGreaterThan(1);
        for (const { values, shape } of panels) {
          expect(shape).toEqual([6]);
          const content = rowPanel(values, about);
          if (content.kind !== 'row') throw new Error('It is a row.');
          expect(content.cells.map(({ name }) => name)).toEqual(tableColumns.map(({ name }) => name));
          // Codes stay codes: every known cell of a category has a name.
          for (const at of [1, 3, 5])
            if (!Number.isNaN(values[at])) expect(content.cells[at]!.text).not.toBeNull();
        }
      }
    });
  },
);

describe.each(['simclr', 'byol', 'barlow-twins', 'vicreg'])('the views of %s on rows', (id) => {
  it('are two of each row, cells of which stand in other rows of the same column', () => {
    const context = { modality: 'table', inputShape: [6], sampleCount: count, about } as const;
    const options = pretextOptions(id, { tableViews: { corruption: 0.4 } }, context);
    const request = {
      modality: 'table',
      options,
      channelStatistics,
      samples: rows,
      seed: seed(1),
      about,
    } as const;
    const items = previewItems(findPretextTask(id, 'table'), request, [...Array(count).keys()]);
    const columns = Array.from(
      { length: 6 },
      (_, d) => new Set(original.filter((_value, at) => at % 6 === d)),
    );
    const [one, other] = [0, 1].map((place) =>
      items.flatMap(({ panels }) => [...panels.filter(({ role }) => role === 'view')[place]!.values]),
    );
    for (const view of [one!, other!]) {
      view.forEach((value, at) => expect(columns[at % 6]!.has(value)).toBe(true));
      // Of a column of numbers that are all different, nearly each replaced cell is another.
      const moved = view.filter((value, at) => at % 6 === 0 && value !== original[at]).length / count;
      expect(Math.abs(moved - 0.4)).toBeLessThan(0.1);
    }
    expect(one).not.toEqual(other);
  });
});
