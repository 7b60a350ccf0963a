import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { barlowTwins } from '../../../../src/learning/losses/barlow-twins.ts';
import { byolLoss, negativeCosine, simsiamLoss } from '../../../../src/learning/losses/cosine.ts';
import { dinoLoss, nextCentre } from '../../../../src/learning/losses/dino.ts';
import { vicreg } from '../../../../src/learning/losses/vicreg.ts';
import { whiten, whitenedDistance, whitenInParts } from '../../../../src/learning/losses/whitening.ts';
import {
  gradients,
  inverseCholesky,
  startTensorFlow,
  stopGradient,
  tf,
  type Scalar,
  type Tensor,
} from '../../../../src/tensor/index.ts';
import { maxDifference } from '../helpers.ts';

await startTensorFlow({ threads: 2 });

interface Case {
  inputs: number[][];
  loss: number;
  gradients: (number[] | null)[];
}
/** Made by joint-losses.py with LightlySSL's own losses, in double precision. */
const fixture = JSON.parse(readFileSync(new URL('./joint-losses.json', import.meta.url), 'utf8')) as {
  shape: [number, number];
  barlowTwins: Case & { redundancyWeight: number };
  vicreg: Case & { weights: [number, number, number] };
  vicregSmall: Case & { weights: [number, number, number] };
  negativeCosine: Case;
  simsiam: Case;
  whitening: Case;
  dino: Case & {
    shape: [number, number];
    teachers: number[][];
    centre: number[];
    temperatures: { student: number; teacher: number };
    nextCentre: number[];
  };
};

/** Value and gradients are those of the fixture, each gradient as measured by its largest number. */
function expectSame(
  { inputs, loss, gradients: expected }: Case,
  shape: [number, number],
  compute: (...inputs: Tensor[]) => Scalar,
): void {
  const given = Object.fromEntries(inputs.map((values, i) => [`${i}`, tf.tensor2d(values, shape)]));
  const { value, grads } = gradients((moving) => ({ loss: compute(...Object.values(moving)) }), given);
  expect(value.dataSync()[0]! / loss).toBeCloseTo(1, 5);
  expected.forEach((values, i) => {
    const found = Array.from(grads[`${i}`]!.dataSync());
    const largest = Math.max(...(values ?? [1]).map(Math.abs));
    found.forEach((slope, at) => expect(slope / largest).toBeCloseTo((values?.[at] ?? 0) / largest, 4));
  });
}

/** Row i, column k: sin(t_k + phase) + i / 64, t from 0 to 8π in 128 points. */
const waves = (phase: number) =>
  tf.tensor2d(
    Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: 128 }, (_, k) => Math.sin((8 * Math.PI * k) / 127 + phase) + i / 64),
    ),
  );
const halves = (x: Tensor) => tf.split(x, 2, 0) as [Tensor, Tensor];
const numberOf = (x: Tensor) => x.dataSync()[0]!;

describe('Barlow Twins', () => {
  const { barlowTwins: expected } = fixture;

  it('has the value and the gradients of LightlySSL', () => {
    expectSame(expected, fixture.shape, (a, b) => barlowTwins(a, b, expected.redundancyWeight).loss);
  });

  it('is 76.4044 on waves with unbiased deviations, as in the paper’s listing', () => {
    const { loss } = barlowTwins(...halves(waves(0)), 0.005, { epsilon: 0, unbiased: true });
    expect(numberOf(loss)).toBeCloseTo(76.4044, 2);
  });

  it('is 0 where views are equal and columns have nothing in common', () => {
    const columns = tf.tensor2d([1, 1, 1, -1, -1, 1, -1, -1], [4, 2]);
    const { loss, correlation, redundancy } = barlowTwins(columns, columns, 0.005);
    expect(numberOf(loss)).toBeCloseTo(0, 6);
    expect(numberOf(correlation)).toBeCloseTo(1, 4);
    expect(numberOf(redundancy)).toBeCloseTo(0, 6);
  });
});

describe('VICReg', () => {
  it.each(['vicreg', 'vicregSmall'] as const)(
    'has the value and the gradients of LightlySSL (%s)',
    (name) => {
      const { weights, ...expected } = fixture[name];
      const [invariance, variance, covariance] = weights;
      expectSame(expected, fixture.shape, (a, b) => vicreg(a, b, { invariance, variance, covariance }).loss);
    },
  );

  it('is 21.4443 on waves whose views are centred', () => {
    // The reference takes the mean out before it compares views, which are the same wave half a unit apart.
    const [first, second] = halves(waves(0)).map((x) => tf.sub(x, tf.mean(x, 0, true)));
    const { loss, invariance } = vicreg(first!, second!, { invariance: 25, variance: 25, covariance: 1 });
    expect(numberOf(loss)).toBeCloseTo(21.4443, 3);
    expect(numberOf(invariance)).toBeCloseTo(0, 6);
    const apart = vicreg(...halves(waves(0)), { invariance: 25, variance: 25, covariance: 1 });
    expect(numberOf(apart.loss)).toBeCloseTo(21.4443 + 25 * 0.25, 3);
  });

  it('has a finite slope where all vectors are alike', () => {
    const { value, grads } = gradients(
      ({ x }) => ({ loss: vicreg(x!, x!, { invariance: 25, variance: 25, covariance: 1 }).loss }),
      { x: tf.ones([8, 3]) },
    );
    // Deviations of √0.0001: 25 · (1 − 0.01).
    expect(numberOf(value)).toBeCloseTo(24.75, 4);
    expect(Array.from(grads.x!.dataSync()).every(Number.isFinite)).toBe(true);
  });
});

describe('the cosine losses', () => {
  it('have the values and the gradients of LightlySSL', () => {
    expectSame(fixture.negativeCosine, fixture.shape, negativeCosine);
    expectSame(fixture.simsiam, fixture.shape, (p0, p1, z0, z1) =>
      simsiamLoss({
        firstPrediction: p0,
        firstTarget: stopGradient(z0),
        secondPrediction: p1,
        secondTarget: stopGradient(z1),
      }),
    );
  });

  it('are −0.98665 (SimSiam) and 0.05342 (BYOL) on waves', () => {
    const views = {
      firstPrediction: waves(Math.PI / 6),
      firstTarget: waves(Math.PI / 4),
      secondPrediction: waves(Math.PI / 3),
      secondTarget: waves(Math.PI / 5),
    };
    expect(numberOf(simsiamLoss(views))).toBeCloseTo(-0.98665, 5);
    expect(numberOf(byolLoss(views))).toBeCloseTo(0.05342, 4);
  });
});

describe('whitening', () => {
  const whiteningLoss = (a: Tensor, b: Tensor, options: { rows: number; shrinkage?: number }) =>
    whitenedDistance(whitenInParts(a, options), whitenInParts(b, options));

  it('has the value and the gradients of LightlySSL', () => {
    expectSame(fixture.whitening, fixture.shape, (a, b) => whiteningLoss(a, b, { rows: 12 }));
  });

  it('gives mean 0 and the unit matrix as covariance', () => {
    const x = tf.tensor2d(fixture.whitening.inputs[0]!, fixture.shape);
    const white = whiten(x);
    const [rows, columns] = fixture.shape;
    expect(maxDifference(tf.mean(white, 0), tf.zeros([columns]))).toBeLessThan(1e-5);
    const covariance = tf.div(tf.matMul(white, white, true), rows - 1);
    expect(maxDifference(covariance, tf.eye(columns))).toBeLessThan(1e-4);
  });

  it('parts larger batches, each part whitened by itself', () => {
    const [a, b] = fixture.whitening.inputs.map((values) => tf.tensor2d(values, fixture.shape));
    const half = (x: Tensor, part: number) => tf.slice(x, [6 * part, 0], [6, 5]);
    const parts = [0, 1].map((part) => whiteningLoss(half(a!, part), half(b!, part), { rows: 6 }));
    const expected = (numberOf(parts[0]!) + numberOf(parts[1]!)) / 2;
    expect(numberOf(whiteningLoss(a!, b!, { rows: 6 }))).toBeCloseTo(expected, 4);
  });

  it('hands on numbers that are none, instead of stopping', () => {
    const x = tf.fill([12, 3], Number.NaN);
    expect(numberOf(whiteningLoss(x, x, { rows: 12 }))).toBeNaN();
  });

  it('holds where one number of the vectors is the same for all', () => {
    const x = tf.concat([tf.ones([12, 1]), tf.tensor2d(fixture.whitening.inputs[0]!, fixture.shape)], 1);
    expect(numberOf(whiteningLoss(x, x, { rows: 12, shrinkage: 1e-3 }))).toBeCloseTo(0, 5);
  });

  it('inverts Cholesky’s root, with a gradient that finite differences confirm', () => {
    const matrix = tf.tensor2d([4, 2, 0.6, 2, 3, 0.4, 0.6, 0.4, 1.5], [3, 3]);
    const w = inverseCholesky(matrix);
    expect(maxDifference(tf.matMul(tf.matMul(w, matrix), w, false, true), tf.eye(3))).toBeLessThan(1e-5);
    const weights = tf.tensor2d([1, -2, 3, 0.5, 2, -1, 4, 1, -3], [3, 3]);
    const value = (x: Tensor) => tf.sum(tf.mul(inverseCholesky(x), weights)) as Scalar;
    const { grads } = gradients(({ x }) => ({ loss: value(x!) }), { x: matrix });
    const slopes = grads.x!.arraySync() as number[][];
    for (let row = 0; row < 3; row++)
      for (let column = 0; column <= row; column++) {
        // The matrix stays symmetric, so both of its entries move.
        const nudge = tf.buffer([3, 3]);
        nudge.set(1e-2, row, column);
        nudge.set(1e-2, column, row);
        const ahead = numberOf(value(tf.add(matrix, nudge.toTensor())));
        const behind = numberOf(value(tf.sub(matrix, nudge.toTensor())));
        const both = row === column ? slopes[row]![row]! : slopes[row]![column]! + slopes[column]![row]!;
        expect((ahead - behind) / 2e-2).toBeCloseTo(both, 2);
      }
  });
});

describe('DINO', () => {
  const { dino } = fixture;
  const [samples, classes] = dino.shape;
  const teachers = dino.teachers.map((values) => tf.tensor2d(values, dino.shape));
  const centre = tf.tensor1d(dino.centre);

  it('has the value and the gradients of LightlySSL, with two large and two small views', () => {
    expectSame(
      dino,
      dino.shape,
      (...students) => dinoLoss(teachers, students, centre, dino.temperatures).loss,
    );
  });

  it('moves its centre as LightlySSL does', () => {
    expect(maxDifference(nextCentre(centre, teachers, 0.9), tf.tensor1d(dino.nextCentre))).toBeLessThan(1e-6);
  });

  it('gives the teacher no gradient', () => {
    const students = dino.inputs.map((values) => tf.tensor2d(values, dino.shape));
    const { grads } = gradients(
      ({ teacher }) => ({
        loss: dinoLoss([teacher!, teachers[1]!], students, centre, dino.temperatures).loss,
      }),
      { teacher: teachers[0]! },
    );
    expect(maxDifference(grads.teacher!, tf.zeros(dino.shape))).toBe(0);
  });

  it('is log K where all answers are alike, and knows how sure the teacher is', () => {
    const flat = [tf.zeros([samples, classes]), tf.zeros([samples, classes])];
    const even = dinoLoss(flat, flat, tf.zeros([classes]), { student: 0.1, teacher: 0.04 });
    expect(numberOf(even.loss)).toBeCloseTo(Math.log(classes), 5);
    expect(numberOf(even.teacherEntropy)).toBeCloseTo(Math.log(classes), 5);
    const sure = [tf.mul(tf.eye(classes), 5), tf.mul(tf.eye(classes), 5)];
    const decided = dinoLoss(sure, sure, tf.zeros([classes]), { student: 0.1, teacher: 0.04 });
    expect(numberOf(decided.loss)).toBeCloseTo(0, 5);
    expect(numberOf(decided.teacherEntropy)).toBeCloseTo(0, 5);
  });
});
