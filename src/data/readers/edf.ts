/** EDF, EDF+, BDF and BDF+, of most makers of EEG and sleep recorders. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const edf = recordedReader({
  id: 'edf',
  summary:
    'EEG, sleep and other recordings with annotations; rate, units, channels, events, person and start come from the file.',
  extensions: ['edf', 'bdf', 'rec'],
  options: recordedSchema,
});
