/** Tables: rows, float32 [D]. */
import { PretextError } from '../../contract/errors.ts';
import { convertRow, tablesTogether } from '../tables/together.ts';
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
      remedy:
        'Say in `data.together` how columns are put together, or import only those that all tables have, in the same order.',
    });
  },
  convert(samples, _from, _to, [step]) {
    if (step?.step !== 'columns') return Promise.resolve([...samples]);
    const converted = samples.map((bytes) => {
      const row = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      return new Uint8Array(convertRow(row, step).buffer);
    });
    return Promise.resolve(converted);
  },
  together: tablesTogether,
  panel: (values, _, about) => Promise.resolve(rowPanel(values, about)),
};
