import { expect, it } from 'vitest';
import { maxDifference } from '../../helpers.ts';
import { columnsOf } from '../../../../../src/learning/layers/row-columns.ts';
import { buildEncoder } from '../../../../../src/learning/encoders/registry.ts';
import { featuresOfViews } from '../../../../../src/learning/pretext/parts/view-features.ts';
import type { PretextStep } from '../../../../../src/learning/pretext/task.ts';
import { tf } from '../../../../../src/tensor/index.ts';

const columns = columnsOf([3]);
const views = [tf.randomNormal([6, 3], 0, 1, 'float32', 1), tf.randomNormal([6, 3], 0, 1, 'float32', 2)];

function encoding(family: 'plain' | 'residual') {
  const encoder = buildEncoder({ family, options: { width: 8, features: 8 } }, 'table', [3], { columns });
  const state = { parameters: encoder.parameters(1), statistics: encoder.statistics() };
  const rows: number[] = [];
  const encode: PretextStep['encode'] = (x) => {
    rows.push(x.shape[0]!);
    return encoder.apply(state, x, { training: true });
  };
  return { encoder, encode, rows };
}

it('are the same whether a network that measures nothing of a batch takes views one by one or all at once', () => {
  const { encoder, encode, rows } = encoding('plain');
  const apart = featuresOfViews(encoder, encode, views);
  expect(rows).toEqual([6, 6]);
  expect(maxDifference(apart, encode(tf.concat(views, 0)).features)).toBeLessThan(1e-6);
});

it('come of all views at once where batch norm measures them together', () => {
  const { encoder, encode, rows } = encoding('residual');
  expect(featuresOfViews(encoder, encode, views).shape).toEqual([12, 8]);
  expect(rows).toEqual([12]);
});
