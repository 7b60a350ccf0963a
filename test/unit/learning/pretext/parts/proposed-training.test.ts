import { expect, it } from 'vitest';
import { learningModality } from '../../../../../src/learning/modalities/registry.ts';
import {
  oneViewSuits,
  stepsSuit,
  windowTraining,
} from '../../../../../src/learning/pretext/parts/proposed-training.ts';

const data = (modality: 'image' | 'signal' | 'table', sampleCount: number) => ({
  modality,
  sampleCount,
  inputShape: [8, 8, 1],
});

it('proposes batches that leave an epoch at least ten steps, or the small ones', () => {
  for (const count of [100, 1279, 1280, 2559, 2560, 1e6]) {
    const two = stepsSuit(data('image', count)).batchSize;
    expect(count / two >= 20 || two === 64).toBe(true);
    const one = oneViewSuits(count).batchSize;
    expect(count / one >= 10 || one === 64).toBe(true);
  }
  expect([2559, 2560].map((count) => stepsSuit(data('image', count)).batchSize)).toEqual([64, 128]);
  expect([1279, 1280].map((count) => oneViewSuits(count).batchSize)).toEqual([64, 128]);
});

it('trains on two views for as many epochs as suit the kind of data', () => {
  const epochs = (['image', 'signal', 'table'] as const).map((kind) => stepsSuit(data(kind, 100)).epochs);
  expect(epochs).toEqual([30, 20, 30]);
});

it('shows tasks of several windows as many windows in all as a contrast shows views', () => {
  const one = oneViewSuits(2000);
  const { epochs: contrast } = learningModality('signal').training.contrast;
  for (const windows of [2, 3, 6]) {
    const { epochs, batchSize } = windowTraining(data('signal', 2000), windows);
    expect(batchSize).toBe(one.batchSize / 2);
    expect(epochs * windows).toBe(2 * contrast);
  }
  // However many windows, four times through the data.
  expect(windowTraining(data('signal', 2000), 100).epochs).toBe(4);
});
