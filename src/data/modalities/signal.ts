/** Signals: windows of recordings, float32 [L, C]. */
import { PretextError } from '../../contract/errors.ts';
import { signalPanel } from '../signals/panel.ts';
import { convertWindow } from '../signals/together/convert.ts';
import { signalsTogether } from '../signals/together/form.ts';
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
        remedy:
          'Say in `data.together` how channels are put together, or import the datasets anew with the same ones.',
      });
    return length === toLength ? [] : [{ step: 'resample', fromLength: length, toLength }];
  },
  convert(samples, { shape }, _to, steps) {
    const converted = samples.map((bytes) => {
      const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      return bytesOf(convertWindow(values, shape, steps));
    });
    return Promise.resolve(converted);
  },
  together: signalsTogether,
  panel: (values, shape) => Promise.resolve(signalPanel(values, shape)),
};

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
