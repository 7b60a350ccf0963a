import { expect, test } from 'vitest';
import { reliabilityPoints } from '../../../../../renderer/lib/results/calibration.ts';
import type { ResultRow } from '../../../../../src/contract/results/result.ts';

const row = (bins: { count: number; confidence: number; accuracy: number }[]): ResultRow => ({
  arm: 'pretrained',
  dataset: 'cells',
  labels: 4,
  labelsPerClass: 2,
  seed: 1,
  metric: 'accuracy',
  test: 0.5,
  validation: 0.5,
  train: 1,
  calibration: {
    before: { expectedCalibrationError: 0, logLoss: 0, bins },
    temperature: null,
    after: null,
  },
});
const empty = { count: 0, confidence: 0, accuracy: 0 };

test('the bins of all seeds are put together by their samples, and empty ones left out', () => {
  const rows = [
    row([empty, { count: 1, confidence: 0.6, accuracy: 1 }, empty]),
    row([empty, { count: 3, confidence: 0.5, accuracy: 0 }, { count: 4, confidence: 0.9, accuracy: 0.75 }]),
  ];
  expect(reliabilityPoints(rows, 'before')).toEqual([
    { confidence: expect.closeTo(0.525, 12), accuracy: 0.25, share: 0.5 },
    { confidence: 0.9, accuracy: 0.75, share: 0.5 },
  ]);
});

test('there are none after a temperature that was not fitted, and none without calibration', () => {
  expect(reliabilityPoints([row([empty])], 'after')).toEqual([]);
  const { calibration: _none, ...plain } = row([empty]);
  expect(reliabilityPoints([plain], 'before')).toEqual([]);
});
