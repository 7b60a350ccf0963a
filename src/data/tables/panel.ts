/** What a person sees of a row: its cells, by the names and in the words of their own columns. */
import { valueWords } from '../../contract/data/columns.ts';
import type { Panel } from '../../contract/data/preview.ts';
import type { SampleDescription } from '../../contract/data/sample-description.ts';

/** A row [D]; cells of columns that are not described are plain numbers. */
export function rowPanel(values: ArrayLike<number>, { columns }: SampleDescription): Panel['content'] {
  return {
    kind: 'row',
    cells: Array.from(values, (value, place) => {
      const column = columns?.[place];
      const plain = Number.isNaN(value) ? null : String(Number(value.toPrecision(6)));
      return {
        name: column?.name ?? `column ${place + 1}`,
        text: column ? valueWords(column, value) : plain,
      };
    }),
  };
}
