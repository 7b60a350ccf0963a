/** Images: uint8 or uint16 [H, W, C] of any number of bands. */
import { PretextError } from '../../contract/errors.ts';
import { imagePanel } from '../images/panel.ts';
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
  convert: (samples, from, to) =>
    Promise.all(samples.map((pixels) => reshapePixels(pixels, storedShape(from), storedShape(to)))),
  panel: imagePanel,
};

function otherBands(name: string, channels: number, needed: number): PretextError {
  return new PretextError({
    code: 'dataset.other-channels',
    message: `“${name}” has ${channels} bands, ${needed} are needed to put it together with the others.`,
    place: name,
    remedy: 'Put only images of the same bands together; grey and color can be brought to each other.',
  });
}

function storedShape({ shape, dtype }: StoredForm): StoredShape {
  const [height = 0, width = 0, channels = 1] = shape;
  return { height, width, channels, bits: dtype === 'uint16' ? 16 : 8 };
}
