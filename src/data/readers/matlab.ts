/** MATLAB matrices of recordings or trials, of version 5 and 7.3. */
import { arraySchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const matlab = recordedReader({
  id: 'matlab',
  summary:
    'Matrices of a recording or of its trials, with labels, groups, names of channels and the rate beside them.',
  extensions: ['mat'],
  options: arraySchema,
  certainty: 0.9,
});
