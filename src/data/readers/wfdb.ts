/** WFDB records, as PhysioNet keeps them. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const wfdb = recordedReader({
  id: 'wfdb',
  summary: 'ECG and other records of PhysioNet: header (.hea), samples (.dat) and annotations (.atr).',
  extensions: ['hea'],
  options: recordedSchema,
});
