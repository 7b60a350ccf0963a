import { describe, expect, it } from 'vitest';
import { togetherSchema } from '../../../../src/contract/recipe/together.ts';
import type { z } from 'zod';
import { bandNames, imagesTogether, takeBands } from '../../../../src/data/images/together.ts';
import { dataModality } from '../../../../src/data/modalities/registry.ts';
import type { Source } from '../../../../src/data/together/request.ts';
import { failureOf } from '../../../fixtures/imports.ts';

const source = (name: string, shape: number[], dtype: 'uint8' | 'uint16' = 'uint8'): Source => ({
  name,
  modality: 'image',
  shape,
  dtype,
  channelStatistics: { mean: shape.map(() => 0), standardDeviation: shape.map(() => 1) },
});
const photos = source('photos', [2, 2, 3]);
const satellite = source('satellite', [4, 4, 4], 'uint16');
const scans = source('scans', [2, 2, 1]);
const names = { satellite: { '1': 'Blue', '2': 'green', '3': 'red', '4': 'infrared' } };

const together = (
  sources: Source[],
  wishes: z.input<typeof togetherSchema> = {},
  shape: readonly number[] = sources[0]!.shape,
) => imagesTogether({ sources, like: sources[0]!, wishes: togetherSchema.parse(wishes), shape });
const refused = (...given: Parameters<typeof together>) => failureOf((async () => together(...given))());

describe('images of other bands', () => {
  it('go by names: those that all have, in the order and the size of the first', () => {
    expect(together([photos, satellite], { names })).toEqual({
      shape: [2, 2, 3],
      about: { channelNames: ['red', 'green', 'blue'] },
      steps: {
        photos: [{ step: 'channels', names: ['red', 'green', 'blue'], take: [0, 1, 2] }],
        satellite: [
          { step: 'channels', names: ['red', 'green', 'blue'], take: [2, 1, 0] },
          { step: 'resize', from: [4, 4], to: [2, 2] },
        ],
      },
    });
  });

  it('keep all bands that any has, with a mask', () => {
    const form = together([photos, satellite], { match: 'all', names })!;
    expect(form).toMatchObject({ shape: [2, 2, 4], about: { mayMiss: true } });
    expect(form.steps['photos']).toMatchObject([{ take: [0, 1, 2, -1] }]);
    expect(together([scans, photos], { match: 'all' })!.about).toEqual({
      channelNames: ['grey', 'red', 'green', 'blue'],
      mayMiss: true,
    });
  });

  it('become one brightness: colours weighed as the eye does, other bands alike', () => {
    const { shape, steps } = together([scans, photos, satellite], { match: 'luminance', names })!;
    expect(shape).toEqual([2, 2, 1]);
    expect(steps['scans']).toEqual([{ step: 'luminance', weights: [1] }]);
    expect(steps['photos']).toEqual([{ step: 'luminance', weights: [0.299, 0.587, 0.114] }]);
    expect(steps['satellite']![0]).toEqual({ step: 'luminance', weights: [0.25, 0.25, 0.25, 0.25] });
  });

  it('are left to their shapes where they are grey or coloured alone', () => {
    expect(together([scans, photos])).toBeNull();
    expect(bandNames(2)).toEqual(['1', '2']);
  });

  it('are left to their shapes where all have as many, and nobody has named them', () => {
    const other = source('other', [8, 8, 4]);
    expect(together([satellite, other])).toBeNull();
    expect(together([satellite, other], { match: 'in-order' })!.shape).toEqual([4, 4, 4]);
  });

  it('say why not, and what would make it possible', async () => {
    expect(await refused([photos, satellite])).toMatchObject({
      code: 'together.no-names',
      place: 'data.together.names.satellite',
      message: expect.stringContaining('the 4 bands of “satellite”'),
      remedy: expect.stringContaining('luminance'),
    });
    expect(await refused([scans, satellite], { names })).toMatchObject({
      code: 'together.no-common-channel',
      message: expect.stringContaining('“scans” has grey; “satellite” has Blue, green, red, infrared'),
    });
    const twice = { satellite: { ...names.satellite, '4': 'RED' } };
    expect((await refused([photos, satellite], { names: twice })).code).toBe('together.ambiguous');
    expect((await refused([photos, satellite], { match: 'in-order' })).code).toBe('together.other-counts');
    expect((await refused([photos, satellite], { names }, [2, 2, 1])).place).toBe('data.color');
  });
});

describe('bands of a picture', () => {
  it('are taken by their places, 0 where one is missing', () => {
    const take = { step: 'channels' as const, names: ['c', 'x', 'a'], take: [2, -1, 0] };
    expect([...takeBands(Uint8Array.of(1, 2, 3, 4, 5, 6), 3, take)]).toEqual([3, 0, 1, 6, 0, 4]);
    const grey = { step: 'luminance' as const, weights: [0.299, 0.587, 0.114] };
    // 0.299 × 200 + 0.587 × 100 + 0.114 × 50 = 124.2
    expect([...takeBands(Uint8Array.of(200, 100, 50), 3, grey)]).toEqual([124]);
    expect([...takeBands(Uint16Array.of(60_000, 0), 2, { step: 'luminance', weights: [0.5, 0.5] })]).toEqual([
      30_000,
    ]);
  });

  it('come with size and depth of the others: 8 bits are spread over 16', async () => {
    const { steps } = together([satellite, photos], { match: 'all', names })!;
    const pixels = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const [bytes] = await dataModality('image').convert(
      [pixels],
      { shape: [2, 2, 3], dtype: 'uint8' },
      { shape: [2, 2, 4], dtype: 'uint16' },
      steps['photos']!,
    );
    const values = new Uint16Array(bytes!.slice().buffer);
    // In the order of the satellite: blue, green, red, and no infrared.
    expect(values.slice(0, 4)).toEqual(Uint16Array.of(3 * 257, 2 * 257, 257, 0));
    expect(values.slice(12)).toEqual(Uint16Array.of(12 * 257, 11 * 257, 10 * 257, 0));
  });
});
