/** Tables in NumPy's archives. */
import { textField } from '../../contract/fields.ts';
import { tableSchema } from '../tables/options.ts';
import { holdsMatrix, openNpzFile } from '../tables/stored/npz.ts';
import { storedTableReader } from './stored-table-reader.ts';

export const npzTable = storedTableReader({
  id: 'npz-table',
  title: 'Tables in NumPy archives (NPZ)',
  summary: 'A matrix [rows × columns] of an .npz, a row a sample, with arrays of as many values beside it.',
  extensions: ['npz'],
  options: tableSchema.extend({
    matrix: textField({
      title: 'Matrix',
      help: 'Name of the array that holds the rows. Default: the only one of two axes; asked where there are several.',
      optional: true,
    }),
  }),
  looksLike: (head) => Buffer.from(head.subarray(0, 2)).toString('latin1') === 'PK',
  certainty: async (file) => ((await holdsMatrix(file)) ? 0.7 : 0.1),
  orSignals: { reader: 'numpy', of: holdsMatrix },
  open: (file, { matrix }) => openNpzFile(file, matrix),
});
