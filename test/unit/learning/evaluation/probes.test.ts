import { describe, expect, it } from 'vitest';
import { effectiveRank, embeddingDeviation } from '../../../../src/learning/evaluation/health/collapse.ts';
import { symmetricEigenvalues } from '../../../../src/learning/evaluation/health/eigenvalues.ts';
import {
  fitStandardizer,
  selectRows,
  standardize,
  type FeatureMatrix,
} from '../../../../src/learning/evaluation/probes/features.ts';
import { knnClasses, knnNumbers } from '../../../../src/learning/evaluation/probes/knn-probe.ts';
import { minimize } from '../../../../src/learning/evaluation/probes/lbfgs.ts';
import { fitClassProbe, fitNumberProbe } from '../../../../src/learning/evaluation/probes/linear-probe.ts';
import {
  applyLinearModel,
  fitLogisticRegression,
  largestClass,
  type LinearModel,
} from '../../../../src/learning/evaluation/probes/logistic-regression.ts';
import { fitRidge } from '../../../../src/learning/evaluation/probes/ridge.ts';
import { startTensorFlow, tf } from '../../../../src/tensor/index.ts';

await startTensorFlow({ threads: 2 });

// The same formula made the data for scikit-learn 1.9.1 and NumPy, which gave the expected numbers below
// (LogisticRegression and Ridge with tol 1e-10; KNeighborsClassifier with cosine distance and weights
// exp(similarity / 0.2); numpy.linalg.svd and eigvalsh).
const formula = (i: number, k: number) => Math.sin(1.7 * i + 0.9 * k * k) + 0.3 * Math.cos(0.31 * i * k);
function data(from: number, to: number): FeatureMatrix {
  const rows = to - from;
  const values = Float32Array.from({ length: rows * 5 }, (_, at) =>
    formula(from + Math.floor(at / 5), at % 5),
  );
  return { values, rows, columns: 5 };
}
const x = data(0, 60);
const at = (i: number, k: number) => x.values[i * 5 + k]!;
const three = Array.from({ length: 60 }, (_, i) => {
  const scores = [at(i, 0), at(i, 3) + 0.2, at(i, 4) + 0.1];
  return scores.indexOf(Math.max(...scores));
});
const two = Array.from({ length: 60 }, (_, i) => (at(i, 0) + 0.4 * Math.cos(i) > 0 ? 1 : 0));
const numbers = Array.from({ length: 60 }, (_, i) => 2 * at(i, 0) - at(i, 3) + 0.1 * Math.sin(i * 3.3) + 5);

/** Kernel of one class, and biases with mean 0 (a common shift of all changes nothing). */
const kernelOf = (model: LinearModel, id: number) =>
  Array.from({ length: 5 }, (_, k) => model.kernel[k * model.outputs + id]!);
const centeredBias = (model: LinearModel) => {
  const mean = model.bias.reduce((sum, value) => sum + value, 0) / model.outputs;
  return Array.from(model.bias, (value) => value - mean);
};
const expectClose = (found: ArrayLike<number>, expected: number[], tolerance: number) => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(tolerance));
};

describe('logistic regression', () => {
  it('finds the optimum of scikit-learn for three classes, C = 1', () => {
    const model = fitLogisticRegression(x, three, { classCount: 3, inverseStrength: 1 });
    expectClose(kernelOf(model, 0), [1.2885, 0.19616, -0.46002, -1.27582, -1.22461], 2e-3);
    expectClose(kernelOf(model, 1), [-0.57437, -0.00822, 0.63553, 1.76247, -0.35526], 2e-3);
    expectClose(kernelOf(model, 2), [-0.71413, -0.18793, -0.1755, -0.48665, 1.57987], 2e-3);
    expectClose(centeredBias(model), [0.20293, 0.21218, -0.41511], 2e-3);
  });

  it('and for C = 0.1, wherever it starts', () => {
    const start = { kernel: new Float64Array(15).fill(1), bias: Float64Array.of(1, -2, 3), outputs: 3 };
    const model = fitLogisticRegression(x, three, { classCount: 3, inverseStrength: 0.1, start });
    expectClose(kernelOf(model, 0), [0.50819, 0.01284, -0.24706, -0.53004, -0.5348], 2e-3);
    expectClose(centeredBias(model), [0.37147, 0.18953, -0.561], 2e-3);
  });

  it('for two classes, where the difference of both kernels is penalised', () => {
    const model = fitLogisticRegression(x, two, { classCount: 2, inverseStrength: 1 });
    const difference = kernelOf(model, 1).map((value, k) => value - kernelOf(model, 0)[k]!);
    expectClose(difference, [1.98747, 0.65458, -1.29901, -1.19259, -0.04577], 4e-3);
    expect(Math.abs(model.bias[1]! - model.bias[0]! - 0.31998)).toBeLessThan(4e-3);
  });

  it('with weights of samples', () => {
    const weights = three.map((id) => [1, 2, 0.5][id]!);
    const model = fitLogisticRegression(x, three, { classCount: 3, inverseStrength: 1, weights });
    expectClose(kernelOf(model, 0), [1.27948, 0.29115, -0.53567, -1.40357, -1.21663], 2e-3);
    expectClose(centeredBias(model), [0.1936, 0.73477, -0.92837], 2e-3);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const model = fitLogisticRegression(x, three, { classCount: 3, inverseStrength: 1 });
    largestClass(applyLinearModel(model, x), 3);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('ridge regression', () => {
  it('finds the solution of scikit-learn', () => {
    const model = fitRidge(x, numbers, 2);
    expectClose(model.kernel, [1.352634, 0.17429, -0.419874, -0.934192, -0.358785], 1e-4);
    expect(model.bias[0]).toBeCloseTo(5.192181, 4);
  });
});

describe('the minimiser', () => {
  it('finds the minimum of the Rosenbrock function', () => {
    const rosenbrock = (point: Float64Array) => {
      const [a, b] = point as unknown as [number, number];
      return {
        value: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
        gradient: Float64Array.of(-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)),
      };
    };
    const found = minimize(rosenbrock, Float64Array.of(-1.2, 1), { gradientTolerance: 1e-9 });
    expectClose(found, [1, 1], 1e-7);
  });
});

describe('the linear probe', () => {
  const held = data(60, 120);
  const heldTargets = Array.from({ length: 60 }, (_, i) => {
    const scores = [0, 3, 4].map((k, place) => held.values[i * 5 + k]! + [0, 0.2, 0.1][place]!);
    return scores.indexOf(Math.max(...scores));
  });

  it('keeps the strength that is best on validation data', () => {
    const train = { features: x, targets: three };
    const validation = { features: held, targets: heldTargets };
    const probe = fitClassProbe(train, validation, 3);
    for (const strength of [1000, 1, 0.01])
      expect(fitClassProbe(train, validation, 3, { strengths: [strength] }).validation).toBeLessThanOrEqual(
        probe.validation,
      );
    expect(probe.validation).toBeGreaterThan(0.8);
    expect(probe.predict(held)).toHaveLength(60);
  });

  it('does not depend on the scale of the features', () => {
    const scaled = (features: FeatureMatrix) => ({
      ...features,
      values: features.values.map((value, i) => value * 10 ** ((i % 5) - 2) + (i % 5)),
    });
    const options = { strengths: [1] };
    const plain = fitClassProbe(
      { features: x, targets: three },
      { features: held, targets: heldTargets },
      3,
      options,
    );
    const other = fitClassProbe(
      { features: scaled(x), targets: three },
      { features: scaled(held), targets: heldTargets },
      3,
      options,
    );
    expect(other.predict(scaled(held))).toEqual(plain.predict(held));
  });

  it('answers numbers by ridge regression', () => {
    const probe = fitNumberProbe({ features: x, targets: numbers }, { features: x, targets: numbers });
    expect(probe.validation).toBeGreaterThan(0.98);
  });
});

describe('standardised features', () => {
  it('have mean 0 and deviation 1, and a constant one stays finite', () => {
    const features = { values: Float32Array.of(1, 5, 3, 5, 5, 5), rows: 3, columns: 2 };
    const { values } = standardize(features, fitStandardizer(features));
    expectClose(values, [-Math.sqrt(1.5), 0, 0, 0, Math.sqrt(1.5), 0], 1e-6);
  });
});

describe('the kNN probe', () => {
  it('answers as scikit-learn does', () => {
    const answers = knnClasses({ features: x, classIds: three }, data(60, 75), 3, {
      neighbors: 7,
      temperature: 0.2,
    });
    expect(Array.from(answers)).toEqual([0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it('gives the same in batches of any size', () => {
    const bank = { features: x, classIds: three };
    const whole = knnClasses(bank, data(60, 120), 3);
    expect(knnClasses(bank, data(60, 120), 3, { batchSize: 7 })).toEqual(whole);
  });

  it('gives each sample its own label with one neighbour, also for numbers, at any temperature', () => {
    const options = { neighbors: 1, temperature: 1e-4 };
    expect(Array.from(knnClasses({ features: x, classIds: three }, x, 3, options))).toEqual(three);
    expectClose(knnNumbers({ features: x, targets: numbers }, x, options), numbers, 1e-6);
  });
});

describe('signs of collapse', () => {
  it('have the effective rank that NumPy gives', () => {
    expect(effectiveRank(x)).toBeCloseTo(3.754527055625991, 4);
  });

  it('have the deviation that NumPy gives', () => {
    expect(embeddingDeviation(x)).toBeCloseTo(0.44179534190171577, 5);
  });

  it('are plain when all features are equal, or all on one line', () => {
    const equal = selectRows(x, new Array<number>(20).fill(3));
    expect(embeddingDeviation(equal)).toBeLessThan(1e-6);
    expect(effectiveRank(equal)).toBeCloseTo(1, 4);
    expect(effectiveRank({ values: new Float32Array(10), rows: 2, columns: 5 })).toBe(0);
  });

  it('are those of a full rank where directions are orthogonal and alike', () => {
    const identity = Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0));
    expect(effectiveRank({ values: identity, rows: 8, columns: 8 })).toBeCloseTo(8, 9);
  });
});

describe('eigenvalues', () => {
  it('equal those of NumPy', () => {
    const gram = new Float64Array(25);
    for (let i = 0; i < 60; i++)
      for (let a = 0; a < 5; a++) for (let b = 0; b < 5; b++) gram[a * 5 + b]! += at(i, a) * at(i, b);
    const found = Array.from(symmetricEigenvalues(gram, 5)).sort((a, b) => a - b);
    expectClose(
      found,
      [2.645011845693177, 2.734994272774088, 4.132341419393318, 64.77559326860528, 92.87856783785648],
      1e-4,
    );
  });

  it('equal the closed form of the second-difference matrix, 2 − 2 cos(kπ/(n + 1))', () => {
    const n = 40;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
    }
    const found = Array.from(symmetricEigenvalues(matrix, n)).sort((a, b) => a - b);
    expectClose(
      found,
      Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))),
      1e-12,
    );
  });
});
