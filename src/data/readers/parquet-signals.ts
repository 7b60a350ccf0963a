/** Parquet tables of signals. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const parquetSignals = recordedReader({
  id: 'parquet-signals',
  summary:
    'A column a channel, or a row a value with the name of its channel; the rate comes from a column of times.',
  extensions: ['parquet', 'pq'],
  options: recordedSchema,
  certainty: 0.55,
});
