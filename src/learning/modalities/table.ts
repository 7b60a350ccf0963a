/** Tables: rows, float32 [D] in stored units, codes of categories among them, NaN where nothing is known. */
import {
  applyTableView,
  partOfRow,
  sampleTableView,
  tableViewField,
  tableViews,
  type TableViewOptions,
} from '../views/table.ts';
import { defineModality, type ViewRequest } from './modality.ts';

/** Share of its cells that a part of a row shows. */
const SHOWN = 0.5;

export const table = defineModality<TableViewOptions>({
  id: 'table',
  views: {
    field: 'tableViews',
    options: tableViews,
    schema: tableViewField,
    random,
    part: ({ samples, seed }) => partOfRow(samples, seed, SHOWN),
    presets: { mild: tableViews({ corruption: 0.1 }), strong: tableViews({ corruption: 0.3 }) },
    // Cells stay: each of them may be what is to be restored.
    gentle: { corruption: 0 },
  },
  training: { contrast: { learningRate: 0.001, epochs: 30 }, twoViews: { epochs: 30 } },
  leastSide: 1,
  partsTell: () => false,
  fillsIn: 'Columns of a table tell of each other.',
});

function random({ samples, seed, options, statistics }: ViewRequest<TableViewOptions>) {
  const [count, columns] = samples.shape as [number, number];
  return applyTableView(samples, sampleTableView(seed, count, columns, options), statistics);
}
