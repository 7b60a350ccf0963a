import { expect, it } from 'vitest';
import { rowEncoder, rowInputOf } from '../../../../src/learning/encoders/row-encoder.ts';
import { functionLayer, type Layer } from '../../../../src/learning/layers/layer.ts';
import { tf } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const adding = (value: number): Layer => functionLayer((x) => tf.add(x, value));

it('gives what the last layer gives, and what stages give on the way', () => {
  const encoder = rowEncoder(
    [2],
    [{ layer: adding(1) }, { layer: adding(10), stage: [2] }, { layer: adding(100), stage: [2] }],
  );
  const { features, stages } = encoder.apply({ parameters: {}, statistics: {} }, tf.tensor2d([[1, 2]]), {
    training: false,
  });
  expect(features.arraySync()).toEqual([[112, 113]]);
  expect(stages.map((stage) => stage.arraySync())).toEqual([[[12, 13]], [[112, 113]]]);
  expect([encoder.featureCount, encoder.stageShapes]).toEqual([2, [[2], [2]]]);
});

it('owns its features apart from its stages, so that one may be disposed of without the other', () => {
  const encoder = rowEncoder([2], [{ layer: adding(1), stage: [2] }]);
  const { features, stages } = encoder.apply({ parameters: {}, statistics: {} }, tf.tensor2d([[1, 2]]), {
    training: false,
  });
  for (const stage of stages) stage.dispose();
  expect(features.arraySync()).toEqual([[2, 3]]);
});

it('tells an input layer of the columns, or of as many numbers as a row has', () => {
  const told = { numbers: 'periodic', bins: 8, frequencies: 4, frequencyDeviation: 0.1 } as const;
  const { columns, ...rest } = rowInputOf(told, [3], {});
  expect(rest).toEqual({
    name: 'encoder/input',
    code: 'periodic',
    bins: 8,
    frequencies: 4,
    frequencyDeviation: 0.1,
  });
  expect(columns.map(({ kind }) => kind)).toEqual(['number', 'number', 'number']);
  const category = { name: 'a', kind: 'category' } as never;
  expect(rowInputOf(told, [1], { columns: [category] }).columns).toEqual([category]);
});
