/** BrainVision: a header, the samples and the markers in three files. */
import { recordedSchema } from '../signals/recorded/options.ts';
import { recordedReader } from './recorded-reader.ts';

export const brainvision = recordedReader({
  id: 'brainvision',
  summary: 'EEG in three files: header (.vhdr), samples (.eeg) and markers (.vmrk).',
  extensions: ['vhdr'],
  options: recordedSchema,
});
