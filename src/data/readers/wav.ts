/** WAV, of microphones and many machines. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const wav = recordedReader({
  id: 'wav',
  summary: 'Sound and vibration; values from −1 to 1.',
  extensions: ['wav'],
  options: recordedSchema,
});
