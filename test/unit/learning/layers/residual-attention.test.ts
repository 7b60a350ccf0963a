import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createPass, initialState } from '../../../../src/learning/layers/layer.ts';
import { residualAttention } from '../../../../src/learning/layers/residual-attention.ts';
import { tf } from '../../../../src/tensor/index.ts';
import { maxDifference, seed } from '../helpers.ts';

interface Values {
  shape: number[];
  values: number[];
}
const fixture = JSON.parse(readFileSync(new URL('residual-attention.json', import.meta.url), 'utf8')) as {
  parameters: Record<string, Values>;
  input: Values;
  output: Values;
};
const tensorOf = ({ shape, values }: Values) => tf.tensor(values, shape);
const parameters = Object.fromEntries(
  Object.entries(fixture.parameters).map(([name, values]) => [name, tensorOf(values)]),
);
const options = { name: 'block', width: 4, heads: 2, hidden: 6, depth: 2 };

it('equals PyTorch’s layers with the same weights, each block adding the scores of the one before', () => {
  const layer = residualAttention({ ...options, dropout: 0 });
  expect(Object.fromEntries(layer.parameters.map(({ name, shape }) => [name, shape]))).toEqual(
    Object.fromEntries(Object.entries(fixture.parameters).map(([name, { shape }]) => [name, shape])),
  );
  const statistics = initialState(layer.statistics, 1);
  const pass = createPass({ parameters, statistics }, true);
  expect(maxDifference(layer.apply(tensorOf(fixture.input), pass), tensorOf(fixture.output))).toBeLessThan(
    2e-5,
  );
  // Mean and variance of both norms of both blocks.
  expect(Object.keys(pass.updates)).toHaveLength(8);
});

it('drops values in training alone, the same for the same seed', () => {
  const layer = residualAttention({ ...options, dropout: 0.5 });
  const statistics = initialState(layer.statistics, 1);
  const run = (training: boolean, number: number | null) =>
    layer.apply(
      tensorOf(fixture.input),
      createPass(
        { parameters, statistics },
        training,
        number === null ? null : { seed: seed(number), pass: 'a' },
      ),
    );
  expect(maxDifference(run(true, 1), run(true, 1))).toBe(0);
  expect(maxDifference(run(true, 1), run(true, 2))).toBeGreaterThan(0.1);
  expect(maxDifference(run(true, null), tensorOf(fixture.output))).toBeLessThan(2e-5);
  expect(maxDifference(run(false, 1), run(false, 2))).toBe(0);
});
