import { describe, expect, it } from 'vitest';
import { buildEncoder, encoders, findEncoder } from '../../../../src/learning/encoders/registry.ts';
import { stageWidths } from '../../../../src/learning/encoders/stages.ts';
import { maxDifference } from '../helpers.ts';
import { tf } from '../../../../src/tensor/index.ts';

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
    const places = encoder.stageShapes
      .at(-1)!
      .slice(0, -1)
      .map((_, axis) => axis + 1);
    expect(maxDifference(features, tf.mean(stages.at(-1)!, places))).toBeLessThan(1e-4);
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
    expect(encoder.layers.length).toBeGreaterThan(2);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const { features, stages, statistics } = encoder.apply(state, x, { training: true });
    expect(tf.memory().numTensors - before).toBe(1 + stages.length + Object.keys(statistics).length);
    tf.dispose([features, stages, statistics] as never);
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
