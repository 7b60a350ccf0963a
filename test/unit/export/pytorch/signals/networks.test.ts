import { expect, it } from 'vitest';
import { encoderSource } from '../../../../../src/export/pytorch/encoders.ts';
import { exportedModel } from '../../../../fixtures/exported-models.ts';
import { smallOptionsOf } from '../../../learning/small-encoders.ts';

/** That the modules answer as this program does is tested in weights.test.ts. */
const sourceOf = (
  family: string,
  inputShape: number[],
  options: Record<string, unknown>,
  about: { samplingRate?: number; mayMiss?: boolean } = {},
) => {
  const { setUp, forward } = encoderSource(
    exportedModel({ name: family, family, modality: 'signal', inputShape, options, about }),
  );
  return [...setUp, ...forward].join('\n');
};

it('writes down what follows from the rate of the recordings', () => {
  expect(sourceOf('stager-net', [600, 4], {}, { samplingRate: 100 })).toContain('(1, 13))');
  expect(sourceOf('stager-net', [600, 4], {})).toContain('(1, 16))');
  expect(sourceOf('tiny-sleep-net', [3000, 2], {}, { samplingRate: 200 })).toContain('100, 12, same=False');
});

it('fills short windows up, and tells as many places apart as the network does', () => {
  const source = sourceOf('eegnet', [20, 3], {});
  expect(source).toContain('long_enough(x, 32)');
  expect(source).toContain('features_of_places(x, 1)');
});

it('gives three blocks a shortcut, and what is left over none', () => {
  const source = sourceOf('inception-time', [49, 16], { filters: 4, depth: 4, kernelSize: 9 });
  // As many channels as the block has filters need no convolution.
  expect(source).toContain('Shortcut(16, 16)');
  expect(source.match(/before = x/g)).toHaveLength(1);
  expect(source).toContain('self.block3(x)');
});

it('leaves missing channels out of the mean where a channel may miss', () => {
  const options = smallOptionsOf('patch-transformer');
  expect(sourceOf('patch-transformer', [49, 3], options)).not.toContain('mean_of_present');
  expect(sourceOf('patch-transformer', [49, 3], options, { mayMiss: true })).toContain('mean_of_present');
});
