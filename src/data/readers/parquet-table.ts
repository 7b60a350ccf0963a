/** Tables in Parquet files. */
import { looksLikeParquet } from '../recordings/formats/parquet-table.ts';
import { tableSchema } from '../tables/options.ts';
import { looksLikeRecording, openParquetFile } from '../tables/stored/parquet.ts';
import { storedTableReader } from './stored-table-reader.ts';

export const parquetTable = storedTableReader({
  id: 'parquet-table',
  title: 'Tables in Parquet files',
  summary: 'Parquet, a row a sample; the kind of each column is found, and can be chosen.',
  extensions: ['parquet', 'parq', 'pq'],
  options: tableSchema,
  looksLike: looksLikeParquet,
  certainty: async (file) => ((await looksLikeRecording(file)) === 'recording' ? 0.5 : 1),
  orSignals: {
    reader: 'parquet-signals',
    of: async (file) => (await looksLikeRecording(file)) === 'either',
  },
  open: openParquetFile,
});
