/** Time series of the UCR and UEA archives. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const ucrArchive = recordedReader({
  id: 'ucr-archive',
  summary: 'Cases of .ts and .arff, each with its class; of unequal lengths, too.',
  extensions: ['ts', 'arff'],
  options: recordedSchema,
});
