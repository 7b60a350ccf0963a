/** What previews of tasks on table rows show: rows, and of them the cells that are asked for. */
import type { StoredColumn } from '../../../contract/data/columns.ts';
import { tf, type Tensor } from '../../../tensor/index.ts';
import { where } from '../../views/table.ts';
import type { Preview } from '../task.ts';

/** The cells that a mask names, all others unknown: float32 [N, D] in stored units. */
export const cellsOf = (rows: Tensor, mask: Tensor): Tensor => where(mask, rows, tf.fill(rows.shape, NaN));

/** “age, work and 3 more”: the columns of each row that a mask names. */
export function columnWords(mask: Tensor, columns: readonly StoredColumn[]): string[] {
  const values = mask.dataSync();
  return Array.from({ length: mask.shape[0]! }, (_, row) => {
    const names = columns
      .filter((_column, at) => values[row * columns.length + at]! > 0.5)
      .map(({ name }) => name);
    if (names.length === 0) return 'none';
    if (names.length <= MOST_NAMED) return names.join(', ');
    return `${names.slice(0, MOST_NAMED - 1).join(', ')} and ${names.length - MOST_NAMED + 1} more`;
  });
}
const MOST_NAMED = 4;

/** The row, what is made of it, and which cells are to be told. */
export function rowPreview(request: {
  samples: Tensor;
  views: readonly { title: string; values: Tensor }[];
  asked: Tensor;
  pseudoLabels: string[];
}): Preview {
  const { samples, views, asked, pseudoLabels } = request;
  return {
    columns: [
      { title: 'Row', role: 'input', values: samples },
      ...views.map((view) => ({ ...view, role: 'view' as const })),
      { title: 'To be told', role: 'target', values: cellsOf(samples, asked) },
    ],
    pseudoLabels,
  };
}
