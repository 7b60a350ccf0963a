/** Images: uint8 or uint16 [H, W, C] of any number of bands. */
import { PretextError } from '../../contract/errors.ts';
import { imagePanel } from '../images/panel.ts';
import { bandNames, imagesTogether, takeBands } from '../images/together.ts';
import { reshapePixels } from '../images/formats/reshape.ts';
import type { StoredShape } from '../images/formats/stored-size.ts';
import type { HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import type { DataModality, StoredForm } from './modality.ts';

export const image: DataModality = {
  id: 'image',
  steps(name, from, to) {
    const [height = 0, width = 0, channels = 0] = from.shape;
    const [toHeight = 0, toWidth = 0, toChannels = 0] = to.shape;
    const steps: HarmoniseStep[] = [];
    if (height !== toHeight || width !== toWidth)
      steps.push({ step: 'resize', from: [height, width], to: [toHeight, toWidth] });
    if (channels !== toChannels) {
      if (![1, 3].includes(channels) || ![1, 3].includes(toChannels))
        throw otherBands(name, channels, toChannels);
      steps.push({ step: toChannels === 1 ? 'to-grey' : 'to-color' });
    }
    if (from.dtype === 'uint8' && to.dtype === 'uint16') steps.push({ step: 'to-16-bit' });
    return steps;
  },
  convert: (samples, from, to, steps) => {
    const bands = steps.find((step) => step.step === 'channels' || step.step === 'luminance');
    const [stored, wanted] = [storedShape(from), storedShape(to)];
    return Promise.all(
      samples.map((pixels) => {
        if (!bands) return reshapePixels(pixels, stored, wanted);
        const values = stored.bits === 16 ? new Uint16Array(pixels.slice().buffer) : pixels;
        const taken = takeBands(values, stored.channels, bands);
        const bytes = new Uint8Array(taken.buffer, taken.byteOffset, taken.byteLength);
        return reshapePixels(bytes, { ...stored, channels: wanted.channels }, wanted);
      }),
    );
  },
  together: imagesTogether,
  channelNames: bandNames,
  panel: imagePanel,
};

function otherBands(name: string, channels: number, needed: number): PretextError {
  return new PretextError({
    code: 'dataset.other-channels',
    message: `“${name}” has ${channels} bands, ${needed} are needed to put it together with the others.`,
    place: name,
    remedy:
      'Say in `data.together` how bands are put together (`match`); grey and color are brought to each other without.',
  });
}

function storedShape({ shape, dtype }: StoredForm): StoredShape {
  const [height = 0, width = 0, channels = 1] = shape;
  return { height, width, channels, bits: dtype === 'uint16' ? 16 : 8 };
}
