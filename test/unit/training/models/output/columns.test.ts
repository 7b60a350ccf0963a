import { expect, it } from 'vitest';
import type { Model } from '../../../../../src/contract/model/model.ts';
import type { Prediction } from '../../../../../src/contract/model/prediction.ts';
import { cellsOf, columnsFor } from '../../../../../src/training/models/output/columns.ts';
import { modelNote } from '../../../../fixtures/models.ts';

const reference = { file: 'features.bin' } as unknown as Model['reference'];
const modelOf = (more: Partial<Model>) => modelNote('aaaaaaaaaaaa', more).model;
const row = (values: number[]): Prediction => ({
  source: 'a.png',
  sample: null,
  startSeconds: 1.5,
  values,
  percentile: 40,
  nearest: [],
});
/** What stands in each column, by the column's name. */
const table = (model: Model, values: number[], features: number[] = []) => {
  const names = columnsFor(model, features.length).map(({ name }) => name);
  const cells = cellsOf(model, row(values), features);
  expect(cells).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
};

it('gives classes the likeliest and the next, and every probability', () => {
  expect(table(modelOf({}), [0.25, 0.75], [7, 8])).toEqual({
    source: 'a.png',
    label: 'right',
    probability: 0.75,
    second_label: 'left',
    second_probability: 0.25,
    'probability: left': 0.25,
    'probability: right': 0.75,
    feature_1: 7,
    feature_2: 8,
  });
});

it('has no next class where there is one only', () => {
  const model = modelOf({ head: { kind: 'classes', classNames: ['all'] } });
  expect(table(model, [1])).toEqual({ source: 'a.png', label: 'all', probability: 1, 'probability: all': 1 });
});

it('gives numbers with the ends of their interval, named by its level', () => {
  const number = modelOf({ head: { kind: 'number' }, intervals: [{ level: 0.9, halfWidth: 2 }] });
  expect(table(number, [10])).toEqual({ source: 'a.png', number: 10, low_90: 8, high_90: 12 });
  const several = modelOf({
    head: { kind: 'numbers', names: ['age', 'weight'] },
    intervals: [{ level: 0.8, halfWidth: 1, target: 1 }],
  });
  expect(table(several, [30, 70])).toEqual({
    source: 'a.png',
    'number: age': 30,
    'number: weight': 70,
    'low_80: weight': 69,
    'high_80: weight': 71,
  });
});

it('lists the labels that are there, and how unlike the training data a sample is', () => {
  const model = modelOf({ head: { kind: 'labels', names: ['edema', 'mass', 'nodule'] }, reference });
  expect(table(model, [0.9, 0.2, 0.5])).toEqual({
    source: 'a.png',
    labels: 'edema; nodule',
    unlike_training_percentile: 40,
    'probability: edema': 0.9,
    'probability: mass': 0.2,
    'probability: nodule': 0.5,
  });
});

it('tells when a window began where the rate is known', () => {
  const { preparation } = modelOf({});
  const signal = (samplingRate: number | null) =>
    modelOf({ modality: 'signal', preparation: { ...preparation, samplingRate } });
  expect(table(signal(100), [1, 0])).toMatchObject({ start_seconds: 1.5 });
  expect(Object.keys(table(signal(null), [1, 0]))).not.toContain('start_seconds');
});
