/**
 * Views of table rows: cells take values of other rows (Bahri et al. 2022, SCARF), become unknown, or numbers get noise.
 *
 * First everything random is drawn (`sampleTableView`), then applied (`applyTableView`); both are pure.
 */
import { childSeed, integers, normal, tf, wholeBatch, wholeCount, type Tensor } from '../../tensor/index.ts';
import type { ChannelStatistics } from '../channels.ts';
import { groupField, numberField } from '../../contract/fields.ts';
import { isConstantChannel } from '../../contract/data/recordings/channels.ts';
import { drawYes } from './chance.ts';

const usual = {
  corruption: 0.3,
  missing: 0,
  noise: 0,
};
export type TableViewOptions = typeof usual;

/** The options of table views as one field of a pretext task; `defaults` replace the usual ones. */
export function tableViewField(defaults: Partial<TableViewOptions> = {}, title = 'Views') {
  const values = { ...usual, ...defaults };
  return groupField({
    title,
    help: 'How a row is changed at random.',
    modality: 'table',
    fields: {
      corruption: numberField({
        title: 'Replaced cells',
        help: 'Share of cells that take the value of another row.',
        minimum: 0,
        maximum: 0.95,
        default: values.corruption,
      }),
      missing: numberField({
        title: 'Emptied cells',
        help: 'Share of cells that become unknown.',
        minimum: 0,
        maximum: 0.95,
        default: values.missing,
      }),
      noise: numberField({
        title: 'Noise',
        help: 'Standard deviation of the noise on numbers, relative to each column’s own.',
        minimum: 0,
        maximum: 5,
        default: values.noise,
      }),
    },
  });
}

/** Options of table views with their defaults. */
export const tableViews = (changes: Partial<TableViewOptions> = {}): TableViewOptions => ({
  ...usual,
  ...changes,
});

/** What happens to the cells of rows [N, D]; null where nothing does. */
export interface TableViewDraw {
  /** Which cells are replaced, float32 [N, D], and the row that each would take its value from, int32 [N, D]. */
  corruption: { replaced: Tensor; rows: Tensor } | null;
  /** Which cells become unknown, float32 [N, D]. */
  emptied: Tensor | null;
  /** Deviations from the value, in deviations of the column, float32 [N, D]. */
  noise: Tensor | null;
}

export function sampleTableView(
  seed: Tensor,
  count: number,
  columns: number,
  { corruption, missing, noise }: TableViewOptions,
): TableViewDraw {
  const shape = [count, columns];
  return {
    corruption: corruption > 0 ? sampleCorruption(seed, count, columns, corruption) : null,
    emptied: missing > 0 ? drawYes(seed, 'emptied', shape, missing) : null,
    noise: noise > 0 ? tf.mul(normal(shape, childSeed(seed, 'noise')), noise) : null,
  };
}

/** Cells to replace, and of each the row of the batch whose value it gets: a draw from the column's marginal. */
export function sampleCorruption(
  seed: Tensor,
  count: number,
  columns: number,
  share: number,
): { replaced: Tensor; rows: Tensor } {
  return {
    replaced: drawYes(seed, 'replaced', [count, columns], share),
    rows: integers([count, columns], childSeed(seed, 'rows'), 0, wholeCount(count)),
  };
}

/** The values that stand in other rows of the same columns: cell [n, d] is `rows[sources[n, d], d]`. */
export function fromOtherRows(rows: Tensor, sources: Tensor): Tensor {
  const all = wholeBatch(rows);
  const [count, columns] = all.shape as [number, number];
  const places = tf.add(tf.mul(sources, tf.scalar(columns, 'int32')), tf.range(0, columns, 1, 'int32'));
  const picked = tf.gather(tf.reshape(all, [count * columns]), tf.reshape(places, [-1]) as never);
  return tf.reshape(picked, rows.shape);
}

/** `yes` where the mask is 1, else `no`; unlike a weighted sum it lets unknown values stand beside known ones. */
export const where = (mask: Tensor, yes: Tensor, no: Tensor): Tensor =>
  tf.where(tf.greater(mask, 0.5), yes, no);

/**
 * Makes the view that was drawn.
 *
 * @param rows float32 [N, D] in stored units, NaN where unknown
 * @returns the same
 */
export function applyTableView(
  rows: Tensor,
  { corruption, emptied, noise }: TableViewDraw,
  { mean, standardDeviation }: ChannelStatistics,
): Tensor {
  return tf.tidy(() => {
    let view: Tensor = rows;
    if (corruption) view = where(corruption.replaced, fromOtherRows(rows, corruption.rows), view);
    if (noise) {
      // Categories have no deviation, and get no noise.
      const scales = standardDeviation.map((value, at) => (isConstantChannel(mean[at]!, value) ? 0 : value));
      view = tf.add(view, tf.mul(noise, tf.tensor1d(scales)));
    }
    if (emptied) view = where(emptied, tf.fill(rows.shape, NaN), view);
    return view === rows ? rows.clone() : view;
  });
}

/** A view that shows some of the cells alone: all others are unknown. */
export function partOfRow(rows: Tensor, seed: Tensor, share: number): Tensor {
  return tf.tidy(() => {
    const shown = drawYes(seed, 'shown', rows.shape, share);
    return where(shown, rows, tf.fill(rows.shape, NaN));
  });
}
