import { describe, expect, it } from 'vitest';
import { buildEncoder, encoders, findEncoder } from '../../../../src/learning/encoders/registry.ts';
import { stageWidths } from '../../../../src/learning/encoders/stages.ts';
import { toPatches } from '../../../../src/learning/layers/patches.ts';
import { maxDifference } from '../helpers.ts';
import { smallOptionsOf } from '../small-encoders.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';

const inputs: Record<string, number[][]> = {
  image: [
    [28, 28, 1],
    [17, 33, 3],
    [96, 80, 3],
  ],
  signal: [
    [128, 8],
    [50, 3],
  ],
  table: [[6]],
};
const cases = encoders.flatMap((encoder) =>
  encoder.modalities.flatMap((modality) =>
    inputs[modality]!.map((inputShape) => ({
      id: encoder.id,
      modality,
      inputShape,
      name: `${encoder.id} on ${inputShape.join(' × ')}`,
    })),
  ),
);

describe.each(cases)('$name', ({ id, modality, inputShape }) => {
  const encoder = buildEncoder({ family: id, options: {} }, modality, inputShape);
  const state = { parameters: encoder.parameters(1), statistics: encoder.statistics() };
  const x = tf.randomNormal([4, ...inputShape], 0, 1, 'float32', 3);

  it('gives features and the maps that it promises', () => {
    const { features, stages, statistics } = encoder.apply(state, x, { training: true });
    expect(features.shape).toEqual([4, encoder.featureCount]);
    expect(stages.map((stage) => stage.shape)).toEqual(encoder.stageShapes.map((shape) => [4, ...shape]));
    expect(Object.keys(statistics).sort()).toEqual(Object.keys(state.statistics).sort());
    const last = stages.at(-1)!;
    const places = last.shape.slice(1, -1).map((_, axis) => axis + 1);
    // Networks of the field keep the last maps as they are, or what the last place holds.
    const expected =
      encoder.featureCount === last.shape.at(-1)!
        ? id === 'tiny-sleep-net'
          ? tf.reshape(tf.slice(last, [0, last.shape[1]! - 1, 0], [-1, 1, -1]), features.shape)
          : tf.mean(last, places)
        : tf.reshape(last, [4, -1]);
    expect(maxDifference(features, expected)).toBeLessThan(1e-4);
  });

  it('moves statistics in training only, and answers each sample for itself otherwise', () => {
    const trained = encoder.apply(state, x, { training: true }).statistics;
    for (const [name, value] of Object.entries(trained))
      expect(maxDifference(value, state.statistics[name]!)).toBeGreaterThan(0);
    const whole = encoder.apply(state, x, { training: false });
    for (const [name, value] of Object.entries(whole.statistics)) expect(value).toBe(state.statistics[name]);
    const first = encoder.apply(state, tf.slice(x, [0], [1]), { training: false }).features;
    expect(maxDifference(first, tf.slice(whole.features, [0, 0], [1, encoder.featureCount]))).toBeLessThan(
      1e-3,
    );
  });

  it('names every trainable variable once in its layers, from input to output', () => {
    const listed = encoder.layers.flat();
    expect(listed.toSorted()).toEqual(Object.keys(state.parameters).toSorted());
    for (const name of listed) expect(name).toMatch(/^encoder\//);
    expect(encoder.layers.length).toBeGreaterThan(1);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const { features, stages, statistics } = encoder.apply(state, x, { training: true });
    expect(tf.memory().numTensors - before).toBe(1 + stages.length + Object.keys(statistics).length);
    tf.dispose([features, stages, statistics] as never);
  });
});

describe.each(cases)('on other sides, $name', ({ id, modality, inputShape }) => {
  const encoder = buildEncoder({ family: id, options: smallOptionsOf(id) }, modality, inputShape);
  const state = { parameters: encoder.parameters(1), statistics: encoder.statistics() };
  const others: Record<string, number[][]> = {
    image: [
      [12, 12],
      [28, 20],
      [64, 64],
    ],
    signal: [[24], [128], [500]],
    // Rows have no sides.
    table: [[]],
  };

  it('gives features all the same', () => {
    for (const sides of others[modality]!) {
      const x = tf.randomNormal([2, ...sides, inputShape.at(-1)!], 0, 1, 'float32', 3);
      const { features, stages } = encoder.apply(state, x, { training: true });
      expect(features.shape).toEqual([2, encoder.featureCount]);
      expect(features.dataSync().every(Number.isFinite)).toBe(true);
      expect(stages.at(-1)!.rank).toBe(x.rank);
      expect(encoder.featureCount % stages.at(-1)!.shape.at(-1)!).toBe(0);
    }
  });
});

describe('the vision transformer', () => {
  const build = (options: Record<string, unknown>, inputShape = [28, 28, 1]) =>
    buildEncoder({ family: 'vit', options }, 'image', inputShape);

  it('fits its patches to the samples', () => {
    expect(build({}).stageShapes[0]).toEqual([7, 7, 96]);
    expect(build({}, [32, 32, 3]).stageShapes[0]).toEqual([8, 8, 96]);
    expect(build({}, [64, 96, 3]).stageShapes[0]).toEqual([8, 12, 96]);
    const signal = (length: number) => buildEncoder({ family: 'vit', options: {} }, 'signal', [length, 2]);
    expect(signal(128).stageShapes[0]).toEqual([32, 96]);
    expect(signal(500).stageShapes[0]).toEqual([32, 96]);
  });

  it('reads a chosen part of the patches as if there were no others', () => {
    for (const options of [{}, { positions: 'learned', pooling: 'class-token' }]) {
      const encoder = build({ ...smallOptionsOf('vit'), ...options }, [8, 12, 1]);
      const state = { parameters: encoder.parameters(2), statistics: {} };
      const x = tf.randomNormal([3, 8, 12, 1], 0, 1, 'float32', 5);
      const all = tf.tile(tf.range(0, 6, 1, 'int32').expandDims(0), [3, 1]);
      const read = (samples: Tensor, visible: Tensor) =>
        encoder.tokens!.encode(state.parameters, toPatches(samples, 4), [2, 3], visible);
      const whole = encoder.apply(state, x, { training: true }).stages.at(-1)!;
      expect(maxDifference(read(x, all), tf.reshape(whole, [3, 6, 16]))).toBeLessThan(1e-5);
      // Patches 0 to 2 are the upper half.
      const upper = tf.slice(all, [0, 0], [3, 3]);
      const other = tf.concat([tf.slice(x, 0, [3, 4, 12, 1]), tf.ones([3, 4, 12, 1])], 1);
      expect(maxDifference(read(x, upper), read(other, upper))).toBe(0);
      expect(maxDifference(read(x, upper), tf.slice(read(x, all), 0, [3, 3, 16]))).toBeGreaterThan(1e-3);
    }
  });

  it('takes the class token as features where it is asked to', () => {
    const encoder = build({ ...smallOptionsOf('vit'), pooling: 'class-token', positions: 'learned' });
    const state = { parameters: encoder.parameters(1), statistics: {} };
    const x = tf.randomNormal([2, 28, 28, 1], 0, 1, 'float32', 5);
    const { features, stages } = encoder.apply(state, x, { training: true });
    expect(stages.map(({ shape }) => shape)).toEqual([
      [2, 7, 7, 16],
      [2, 7, 7, 16],
    ]);
    expect(maxDifference(features, tf.mean(stages.at(-1)!, [1, 2]))).toBeGreaterThan(0.01);
    // A class token of a normalised network has mean 0 and deviation 1.
    expect(maxDifference(tf.moments(features, 1).variance, tf.ones([2]))).toBeLessThan(1e-3);
    expect(Object.keys(state.parameters)).toContain('encoder/class');
    expect(state.parameters['encoder/positions']!.shape).toEqual([49, 16]);
  });

  it('refuses a width that its heads do not divide', () => {
    expect(() => build({ width: 90, heads: 4 })).toThrow(
      'encoder.options.width: must be a multiple of 4 times the heads (4). Found: 90.',
    );
    for (const [family, modality, width] of [
      ['ft-transformer', 'table', 'width'],
      ['patch-transformer', 'signal', 'width'],
      ['eeg-conformer', 'signal', 'filters'],
    ] as const)
      expect(() =>
        buildEncoder({ family, options: { [width]: 90, heads: 4 } }, modality, inputs[modality]![0]!),
      ).toThrow(`encoder.options.${width}: must be a multiple of the heads (4). Found: 90.`);
  });
});

describe('the stem of ConvNeXt', () => {
  it('leaves about 16 places a side, or 64 along time', () => {
    const shapes = (modality: 'image' | 'signal', inputShape: number[]) =>
      buildEncoder({ family: 'convnext', options: {} }, modality, inputShape).stageShapes;
    expect(shapes('image', [28, 28, 1])).toEqual([
      [14, 14, 32],
      [7, 7, 64],
      [4, 4, 128],
    ]);
    expect(shapes('image', [64, 64, 3])[0]).toEqual([16, 16, 32]);
    expect(shapes('signal', [128, 8])[0]).toEqual([64, 32]);
    expect(shapes('signal', [500, 1])[0]).toEqual([63, 32]);
  });
});

describe('the stem of the residual network', () => {
  const build = (side: number) => buildEncoder({ family: 'residual', options: {} }, 'image', [side, side, 3]);

  it('keeps small images at full resolution', () => {
    expect(build(28).stageShapes).toEqual([
      [28, 28, 16],
      [14, 14, 32],
      [7, 7, 64],
      [4, 4, 128],
    ]);
    expect(build(28).parameters(1)['encoder/stem/convolution/kernel']!.shape).toEqual([3, 3, 3, 16]);
  });

  it('reduces large images to a quarter first', () => {
    expect(build(96).stageShapes[0]).toEqual([24, 24, 16]);
    expect(build(96).parameters(1)['encoder/stem/convolution/kernel']!.shape).toEqual([7, 7, 3, 16]);
  });
});

describe('widths', () => {
  it('double from stage to stage and end with the features, never wider', () => {
    expect(stageWidths(16, 4, 128)).toEqual([16, 32, 64, 128]);
    expect(stageWidths(32, 3, 128)).toEqual([32, 64, 128]);
    expect(stageWidths(64, 4, 96)).toEqual([64, 96, 96, 96]);
    expect(stageWidths(8, 1, 32)).toEqual([32]);
  });
});

describe('the registry', () => {
  it('says which encoders there are for the kind of data', () => {
    expect(findEncoder('residual', 'signal').modalities).toEqual(['signal']);
    expect(() => findEncoder('plain', 'signal')).toThrow(
      'There is no encoder "plain" for data of kind signal.',
    );
  });

  it('refuses options out of range by their name', () => {
    expect(() => buildEncoder({ family: 'residual', options: { width: 2 } }, 'image', [28, 28, 1])).toThrow(
      'encoder.options.width: must be a whole number from 4 to 256. Found: 2.',
    );
  });
});
