/** Tables: rows, float32 [D]. */
import { PretextError } from '../../contract/errors.ts';
import { rowPanel } from '../tables/panel.ts';
import type { DataModality } from './modality.ts';

export const table: DataModality = {
  id: 'table',
  steps(name, from, to) {
    const [columns = 0] = from.shape;
    const [toColumns = 0] = to.shape;
    if (columns === toColumns) return [];
    throw new PretextError({
      code: 'dataset.other-columns',
      message: `Rows of “${name}” have ${columns} columns, ${toColumns} are needed to put it together with the others.`,
      place: name,
      remedy: 'Import only columns that all tables have, in the same order.',
    });
  },
  convert: (samples) => Promise.resolve([...samples]),
  panel: (values, _, about) => Promise.resolve(rowPanel(values, about)),
};
