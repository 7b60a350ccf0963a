/** Recordings and epochs of EEGLAB. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const eeglab = recordedReader({
  id: 'eeglab',
  summary: 'EEG recordings and epochs of EEGLAB (.set, with .fdt beside it), with channels and events.',
  extensions: ['set'],
  options: recordedSchema,
});
