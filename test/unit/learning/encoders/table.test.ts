import { describe, expect, it } from 'vitest';
import { statisticsOfColumns, storedColumnSchema } from '../../../../src/contract/data/columns.ts';
import { normalizeChannels } from '../../../../src/learning/channels.ts';
import { buildEncoder } from '../../../../src/learning/encoders/registry.ts';
import type { Encoder } from '../../../../src/learning/encoders/encoder.ts';
import { tf, type State } from '../../../../src/tensor/index.ts';
import { maxDifference, seed } from '../helpers.ts';
import fixture from './table-fixture.json' with { type: 'json' };

const columns = fixture.columns.map((column) => storedColumnSchema.parse(column));
const rows = tf.tensor2d(fixture.rows.map((row) => row.map((value) => value ?? NaN)));
const x = normalizeChannels(rows, statisticsOfColumns(columns));
const build = (family: string, options: object) =>
  buildEncoder({ family, options }, 'table', [4], { columns });

/** The weights of the formula that the fixture was made with. */
function weightsOf(encoder: Encoder): State {
  const all = { ...encoder.parameters(0), ...encoder.statistics() };
  return Object.fromEntries(
    Object.keys(all)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name, k) => {
        const { shape, size } = all[name]!;
        const wave = Array.from({ length: size }, (_, i) => Math.sin(0.7 * i + k + 1));
        const values = wave.map((value) => (name.endsWith('/variance') ? 1 + 0.5 * value ** 2 : 0.4 * value));
        return [name, tf.tensor(values, shape)];
      }),
  );
}

const cases = fixture.networks.flatMap(({ family, options, made }) =>
  made.map(({ numbers, features }) => ({ family, options, numbers, features })),
);

describe.each(cases)('$family with $numbers numbers', ({ family, options, numbers, features }) => {
  it('gives what PyTorch gives for the same weights, unknown cells and numbers beyond all quantiles among them', () => {
    const encoder = build(family, { ...options, numbers, bins: 4, frequencies: 3, frequencyDeviation: 1 });
    const state = weightsOf(encoder);
    const found = encoder.apply({ parameters: state, statistics: state }, x, { training: false });
    expect(maxDifference(found.features, tf.tensor2d(features))).toBeLessThan(2e-5);
    expect(found.stages.map(({ shape }) => shape.slice(1))).toEqual(encoder.stageShapes);
  });

  it('drops values in training by the seed of the step, and none otherwise', () => {
    const encoder = build(family, { ...options, numbers, dropout: 0.5 });
    const state = { parameters: encoder.parameters(1), statistics: encoder.statistics() };
    const features = (training: boolean, step: number) =>
      encoder.apply(state, x, { training, random: { seed: seed(step), pass: 'encoder' } }).features;
    expect(maxDifference(features(true, 1), features(true, 1))).toBe(0);
    expect(maxDifference(features(true, 1), features(true, 2))).toBeGreaterThan(0);
    expect(maxDifference(features(false, 1), features(false, 2))).toBe(0);
  });
});

describe('what an encoder of rows reads', () => {
  it('tells an unknown number and an unknown category from every known one', () => {
    const encoder = build('residual', {});
    const state = { parameters: encoder.parameters(1), statistics: encoder.statistics() };
    const features = (row: number[]) => {
      const own = normalizeChannels(tf.tensor2d([row]), statisticsOfColumns(columns));
      return encoder.apply(state, own, { training: false }).features;
    };
    for (const known of [0, 25, 100, 2000])
      expect(maxDifference(features([30, 0, NaN, 1]), features([30, 0, known, 1]))).toBeGreaterThan(1e-3);
    for (const known of [0, 1, 2])
      expect(maxDifference(features([30, 0, 5, NaN]), features([30, 0, 5, known]))).toBeGreaterThan(1e-3);
  });

  it('takes codes beyond the last category as the last, and never reads beyond its table', () => {
    const encoder = build('plain', {});
    const state = { parameters: encoder.parameters(1), statistics: encoder.statistics() };
    const features = (code: number) =>
      encoder.apply(state, tf.tensor2d([[0, 1, 0, code]]), { training: false }).features;
    expect(maxDifference(features(7), features(2))).toBe(0);
    expect(maxDifference(features(-1), features(0))).toBe(0);
  });
});
