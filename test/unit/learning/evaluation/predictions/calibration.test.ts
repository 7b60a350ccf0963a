import { describe, expect, it } from 'vitest';
import { TEMPERATURE_RANGE } from '../../../../../src/contract/results/temperature.ts';
import {
  fitTemperature,
  reliability,
  withTemperature,
} from '../../../../../src/learning/evaluation/predictions/calibration.ts';
import fixture from '../calibration-fixture.json' with { type: 'json' };

// The same formula as in calibration-fixture.py, whose numbers come from torchmetrics and PyTorch's L-BFGS.
function predictionsOf({ classes, scale, noise, rows }: (typeof fixture.cases)[number]) {
  const signal = (i: number, k: number) => Math.sin(1.3 * i + 2.1 * k * k + 0.4 * k);
  const probabilities = new Float64Array(rows * classes);
  const targets = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const noisy = Array.from(
      { length: classes },
      (_, k) => signal(i, k) + noise * Math.cos(2.7 * i * (k + 1)),
    );
    targets[i] = noisy.indexOf(Math.max(...noisy));
    const weights = Array.from({ length: classes }, (_, k) => Math.exp(scale * signal(i, k)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    weights.forEach((weight, k) => (probabilities[i * classes + k] = weight / sum));
  }
  return { probabilities, targets, classCount: classes };
}

describe.each(fixture.cases)('calibration, $name', (expected) => {
  const predictions = predictionsOf(expected);

  it('has the expected calibration error and the log loss of the independent libraries', () => {
    for (const [bins, error] of Object.entries(expected.before.ece))
      expect(reliability(predictions, Number(bins)).expectedCalibrationError).toBeCloseTo(error, 5);
    expect(reliability(predictions).logLoss).toBeCloseTo(expected.before.logLoss, 10);
  });

  it('finds their temperature, and their errors after it', () => {
    const temperature = fitTemperature(predictions);
    expect(temperature).toBeCloseTo(expected.temperature, 5);
    const { classCount, targets } = predictions;
    const probabilities = withTemperature(predictions.probabilities, classCount, temperature);
    for (const [bins, error] of Object.entries(expected.after.ece))
      expect(
        reliability({ probabilities, targets, classCount }, Number(bins)).expectedCalibrationError,
      ).toBeCloseTo(error, 5);
    expect(reliability({ probabilities, targets, classCount }).logLoss).toBeCloseTo(
      expected.after.logLoss,
      8,
    );
  });
});

/** `right` of `count` samples with two classes are right, all with this confidence in class 0. */
function certain(confidence: number, count: number, right: number) {
  const targets = Int32Array.from({ length: count }, (_, i) => (i < right ? 0 : 1));
  const probabilities = Float64Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? confidence : 1 - confidence,
  );
  return { probabilities, targets, classCount: 2 };
}

describe('reliability', () => {
  it('is perfect where confidence equals accuracy', () => {
    const { bins, expectedCalibrationError } = reliability(certain(0.75, 100, 75));
    expect(expectedCalibrationError).toBeCloseTo(0, 12);
    // 0.75 lies in (11/15, 12/15].
    expect(bins[11]).toMatchObject({ count: 100, accuracy: 0.75 });
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(100);
  });

  it('is the gap between confidence and accuracy where all are alike', () => {
    expect(reliability(certain(0.9, 50, 30)).expectedCalibrationError).toBeCloseTo(0.3, 12);
  });

  it('puts a confidence on a border below it, and 1 into the last bin', () => {
    expect(reliability(certain(0.6, 10, 5), 5).bins.map((bin) => bin.count)).toEqual([0, 0, 10, 0, 0]);
    expect(reliability(certain(1, 10, 10), 5).bins.at(-1)).toMatchObject({ count: 10, accuracy: 1 });
  });

  it('refuses no predictions and lists of unequal length', () => {
    expect(() => reliability({ probabilities: [], targets: [], classCount: 2 })).toThrow(/at least one/);
    expect(() => reliability({ probabilities: [0.5], targets: [0], classCount: 2 })).toThrow(
      /2 probabilities/,
    );
  });
});

describe('the temperature', () => {
  it('brings one confidence to its accuracy: logit of 0.9 over logit of 0.6', () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    expect(fitTemperature(certain(0.9, 50, 30))).toBeCloseTo(logit(0.9) / logit(0.6), 9);
  });

  it('is 1 where nothing is wrong, and leaves probabilities as they are', () => {
    expect(fitTemperature(certain(0.75, 100, 75))).toBeCloseTo(1, 9);
    expect([...withTemperature([0.7, 0.2, 0.1], 3, 1)]).toEqual([
      expect.closeTo(0.7, 12),
      expect.closeTo(0.2, 12),
      expect.closeTo(0.1, 12),
    ]);
  });

  it('stays within its range for models that are always right or worse than chance', () => {
    expect(fitTemperature(certain(0.9, 20, 20))).toBe(TEMPERATURE_RANGE[0]);
    expect(fitTemperature(certain(0.9, 20, 5))).toBe(TEMPERATURE_RANGE[1]);
  });

  it('stands a softmax that was rounded to 0 and 1', () => {
    const predictions = { probabilities: [1, 0, 1, 0, 0, 1], targets: [0, 1, 1], classCount: 2 };
    const temperature = fitTemperature(predictions);
    expect(temperature).toBe(TEMPERATURE_RANGE[1]);
    expect([...withTemperature(predictions.probabilities, 2, temperature)].every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(reliability(predictions).logLoss)).toBe(true);
  });
});
