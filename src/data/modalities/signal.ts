/** Signals: windows of recordings, float32 [L, C]. */
import { PretextError } from '../../contract/errors.ts';
import { signalPanel } from '../signals/panel.ts';
import { resampleWindow } from '../signals/resample.ts';
import type { DataModality } from './modality.ts';

export const signal: DataModality = {
  id: 'signal',
  steps(name, from, to) {
    const [length = 0, channels = 0] = from.shape;
    const [toLength = 0, toChannels = 0] = to.shape;
    if (channels !== toChannels)
      throw new PretextError({
        code: 'dataset.other-channels',
        message: `“${name}” has ${channels} channels, ${toChannels} are needed to put it together with the others.`,
        place: name,
        remedy: 'Import the datasets anew with the same channels, in the same order.',
      });
    return length === toLength ? [] : [{ step: 'resample', fromLength: length, toLength }];
  },
  convert(samples, { shape: [length = 0, channels = 0] }, { shape: [toLength = 0] }) {
    const converted = samples.map((bytes) => {
      const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      return new Uint8Array(resampleWindow(values, length, toLength, channels).buffer);
    });
    return Promise.resolve(converted);
  },
  panel: (values, shape) => Promise.resolve(signalPanel(values, shape)),
};
