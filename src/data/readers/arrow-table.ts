/** Tables in Arrow and Feather files. */
import { tableSchema } from '../tables/options.ts';
import { looksLikeArrow, openArrowFile } from '../tables/stored/arrow.ts';
import { storedTableReader } from './stored-table-reader.ts';

export const arrowTable = storedTableReader({
  id: 'arrow-table',
  title: 'Tables in Arrow and Feather files',
  summary: 'Arrow files and streams, and Feather of version 2, a row a sample.',
  extensions: ['arrow', 'feather', 'ipc', 'arrows'],
  options: tableSchema,
  looksLike: looksLikeArrow,
  open: openArrowFile,
});
