/** NumPy arrays of recordings or trials. */
import { arraySchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const numpy = recordedReader({
  id: 'numpy',
  summary: 'Arrays of a recording or of its trials (.npy, .npz), with labels and groups beside them.',
  extensions: ['npy', 'npz'],
  options: arraySchema,
  certainty: 0.6,
});
